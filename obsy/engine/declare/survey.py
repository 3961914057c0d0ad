"""Folders of YAML in; out comes what is well, and every complaint at once."""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from obsy.diagnostics import Diagnostic, Mark, did_you_mean
from obsy.engine.declare.check import check, names
from obsy.engine.declare.declared import Declared, Entry, rooted
from obsy.engine.declare.folders import ROOMS, called, declaring, files
from obsy.engine.declare.own_names import with_own_names
from obsy.engine.declare.read import Reader
from obsy.engine.declare.refer import refer
from obsy.engine.declare.sense import sense, warnings
from obsy.engine.declare.spread import spread
from obsy.engine.declare.text import Texts, text_of
from obsy.engine.declare.written import Written
from obsy.errors import UnfitFiles
from obsy.schemas.kinds import KINDS
from obsy.schemas.model import Document

if TYPE_CHECKING:
    from obsy.engine.declare.observatory import Observatory

PLAN = "plan"


class Survey(NamedTuple):
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


def survey(root: Path, *plans: Path, texts: Texts = text_of, drafts: Collection[Path] = ()) -> Survey:
    """Check everything: each document by itself, then all of them together.

    texts: how a path is read. drafts: plans that are on no disk yet, and have a text all the same.
    """
    drafts = tuple(called(path, root) for path in drafts)
    root, plans = called(root, root), tuple(called(path, root) for path in plans)
    found = list(dict.fromkeys((*declaring(root, *plans), *map(str, drafts))))
    reader = Reader(root, texts)
    written = tuple(reader.read([Path(path) for path in found]))
    alone = list(_no_observatory(root))
    empty = (complaint for path in plans if path not in drafts for complaint in _empty(path))
    told = [*reader.complaints, *(() if alone else empty)]
    silent = {complaint.mark for complaint in told} | reader.silent
    entries: list[Entry[Document]] = []
    spread_out: list[Written] = []
    guessed = set[Mark]()
    for document in written:
        checked = check(document, silent)
        well = (checked, document) if isinstance(checked, Document) else None
        if isinstance(checked, list):
            from obsy.engine.declare.forgiven import UNITS, forgiven  # noqa: PLC0415 - only what is amiss needs it

            told += checked
            guessed |= {each.mark for each in checked if each.code in UNITS}
            well = None
            if document.kind == PLAN:  # what is wrong hides no fault within it, nor of sense beside it
                told += _deeper(document, checked, silent)
                well = forgiven(document)
        mine = list(spread(rooted(well[0], root), well[1])) if well is not None else []
        entries += mine
        spread_out += [each.written for each in mine] or [document]
    strange = [Path(each.at().file) for each in written if each.kind not in KINDS]
    whole = not any(path.is_relative_to(root / room) for path in (*reader.unread, *strange) for room in ROOMS)
    all_plans = whole and not reader.unread and any(path.parent == root and path.is_dir() for path in plans)
    declared = Declared(root, with_own_names(entries), tuple(spread_out), len(found), whole, all_plans=all_plans)
    sensed = (*refer(declared), *sense(declared))
    told += alone or [*names(spread_out), *(each for each in sensed if each.mark not in guessed | reader.silent)]
    warned = (each for each in warnings(declared) if each.mark not in guessed)
    return Survey(declared, once(told), tuple(sorted(warned)))


def _deeper(written: Written, told: Collection[Diagnostic], silent: Collection[Mark]) -> Iterator[Diagnostic]:
    """Complain of what a misspelt key, or a value of another shape, holds: nobody looked at that."""
    from obsy.engine.declare.forgiven import readings  # noqa: PLC0415 - only what is amiss needs it

    known = {each.mark for each in told}
    for reading in readings(written):
        found = check(reading, known | {*silent})
        new = [each for each in found if each.mark not in known] if isinstance(found, list) else []
        known |= {each.mark for each in new}
        yield from new


def once(told: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return each complaint once, by place: of a file that many include, with the way to the first of them."""
    found: dict[Diagnostic, Diagnostic] = {}
    for each in sorted(set(told), key=lambda each: (not each.mark.via, each)):
        found.setdefault(each._replace(mark=each.mark._replace(via=())), each)
    return tuple(sorted(found.values()))


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
