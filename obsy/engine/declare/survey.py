"""Folders of YAML in; out comes what is well, and every complaint at once."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from obsy.diagnostics import Diagnostic, Mark, did_you_mean
from obsy.engine.declare.check import check, forgiven, names
from obsy.engine.declare.declared import Declared, Entry, rooted
from obsy.engine.declare.own_names import with_own_names
from obsy.engine.declare.read import Reader, files
from obsy.engine.declare.refer import refer
from obsy.engine.declare.sense import sense, warnings
from obsy.engine.declare.spread import spread
from obsy.engine.declare.written import Written
from obsy.errors import UnfitFiles, UserError
from obsy.schemas.kinds import KINDS
from obsy.schemas.model import Document

if TYPE_CHECKING:
    from obsy.engine.declare.observatory import Observatory

ROOMS = ("site", "library")
PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Survey:
    """What is declared and well, and everything that is not, by place."""

    declared: Declared
    complaints: tuple[Diagnostic, ...]
    warnings: tuple[Diagnostic, ...] = ()
    """What keeps no night from running, and wants a hand all the same."""


def declare(root: Path, *plans: Path, site: str | None = None) -> "Observatory":
    """Return what `root/site`, `root/library` and the plans declare; without plans, the observatory alone.

    site: which one is meant, where several are declared.
    Raise UnfitFiles with every complaint if there is one, UserError if the site is none of them or not said.
    """
    from obsy.engine.declare.join import join  # noqa: PLC0415 - who only wants complaints does not wait for it

    seen = survey(root, *plans)
    if seen.complaints:
        raise UnfitFiles(seen.complaints)
    return join(seen.declared, site)


def complaints(root: Path, *plans: Path) -> list[Diagnostic]:
    """Return everything that is wrong with the files, by place; empty if all is well."""
    return list(survey(root, *plans).complaints)


def rooms(*given: Path) -> tuple[Path, tuple[Path, ...]]:
    """Return the root of one observatory and the paths of its plans; see `observatories`.

    Raise UserError if the paths lie in several observatories.
    """
    found = observatories(*given)
    if len(found) > 1:
        roots = " and ".join(str(root) for root in found)
        raise UserError(f"these paths lie in several observatories, {roots}: name paths of one of them")
    return next(iter(found.items()))


def observatories(*given: Path) -> dict[Path, tuple[Path, ...]]:
    """Return the root of every observatory that the paths lie in, and the plans that are meant of each.

    given: folders and files, or roots. Without one, the observatory is the one that the working folder lies in; without
    a path to plans, its plans are all those in `plans/`. A path that is not there is also sought in the observatory
    above, and plans that lie in none are meant for the one of the working folder.
    """
    here = _above(Path.cwd())
    found: dict[Path, list[Path]] = {}
    for path in given or (Path("plans"),):
        there = here / path if here is not None and not path.exists() and (here / path).exists() else path
        folder = Path(os.path.abspath(there.parent if there.is_file() else there))
        elsewhere = here if here is not None and not here.is_relative_to(folder) else folder.parent
        root = folder if (folder / ROOMS[0]).is_dir() else _above(folder) or elsewhere
        plans = found.setdefault(root, [])
        if (there.is_file() or folder != root) and not any(folder.is_relative_to(root / room) for room in ROOMS):
            plans.append(there)
    return {root: tuple(plans) or (root / "plans",) for root, plans in found.items()}


def survey(root: Path, *plans: Path) -> Survey:
    """Check everything: each document by itself, then all of them together."""
    root, plans = called(root, root), tuple(called(path, root) for path in plans)
    places = [place for place in (*(root / room for room in ROOMS), *plans) if place.exists()]
    found = dict.fromkeys(os.path.normpath(path) for place in places for path in files(place))
    reader = Reader(root)
    written = tuple(reader.read([Path(path) for path in found]))
    alone = list(_no_observatory(root))
    empty = (complaint for path in plans for complaint in _empty(path))
    told = [*reader.complaints, *(() if alone else empty)]
    silent = {complaint.mark for complaint in told} | reader.silent
    entries: list[Entry[Document]] = []
    spread_out: list[Written] = []
    for document in written:
        checked = check(document, silent)
        if isinstance(checked, Document):
            entries += (mine := list(spread(rooted(checked, root), document)))
            spread_out += [each.written for each in mine]
        else:
            spread_out.append(document)
            told += checked
            if document.kind == PLAN and (plan := forgiven(document)) is not None:
                entries.append(Entry(plan, document))  # a key that has no meaning hides no fault of sense
    strange = [Path(each.at().file) for each in written if each.kind not in KINDS]
    whole = not any(path.is_relative_to(root / room) for path in (*reader.unread, *strange) for room in ROOMS)
    declared = Declared(root, with_own_names(entries), tuple(spread_out), len(found), whole)
    told += alone or [*names(spread_out), *refer(declared), *sense(declared)]
    return Survey(declared, once(told), tuple(sorted(warnings(declared))))


def once(told: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return each complaint once, by place: of a file that many include, with the way to the first of them."""
    found: dict[Diagnostic, Diagnostic] = {}
    for each in sorted(set(told), key=lambda each: (not each.mark.via, each)):
        found.setdefault(each._replace(mark=each.mark._replace(via=())), each)
    return tuple(sorted(found.values()))


def called(path: Path, root: Path) -> Path:
    """Return the path as one would type it: seen from the working folder, if that lies in the observatory too."""
    here, there, top = Path.cwd(), path.absolute(), root.absolute()
    near = there.is_relative_to(here) or (here.is_relative_to(top) and there.is_relative_to(top))
    return Path(os.path.relpath(path)) if near else path


def _above(folder: Path) -> Path | None:
    """Return the nearest folder, this one or one above it, whose `site/` declares something; None if there is none."""
    sites = ((each, each / ROOMS[0]) for each in (folder, *folder.parents))
    return next((each for each, site in sites if site.is_dir() and files(site)), None)


def _no_observatory(root: Path) -> Iterator[Diagnostic]:
    """Said once, instead of naming everything that is missing with it."""
    if not any((root / room).is_dir() for room in ROOMS):
        words = (
            "no observatory beside the plans",
            "folders 'site' and 'library'",
            "copy those of the example beside yours",
        )
        yield Diagnostic(Mark(str(root)), "no-observatory", *words)


def _empty(plans: Path) -> Iterator[Diagnostic]:
    if not plans.exists():
        beside = plans.parent.iterdir() if plans.parent.is_dir() else ()
        folders = [each.name for each in beside if each.is_dir() and each.name not in ROOMS and files(each)]
        mend = did_you_mean(plans.name, folders, "name it, or make it and write the first plan in it")
        words = (f"no folder '{plans}'", "the folder that holds the plans", mend)
        yield Diagnostic(Mark(str(plans)), "no-such-folder", *words)
    elif plans.is_dir() and not files(plans):
        words = (f"no plan in '{plans}'", "at least one file that ends in .yaml", f"write {plans / 'm31.yaml'}")
        yield Diagnostic(Mark(str(plans)), "empty-folder", *words)
