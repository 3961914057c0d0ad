"""Folders of YAML in; out comes what is well, and every complaint at once."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from obsy.diagnostics import Diagnostic, Mark
from obsy.engine.declare.check import check, names
from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.declare.read import Reader, files
from obsy.engine.declare.refer import refer
from obsy.engine.declare.sense import sense
from obsy.errors import UnfitFiles
from obsy.schemas.model import Document

if TYPE_CHECKING:
    from obsy.engine.declare.observatory import Observatory

ROOMS = ("site", "library")


@dataclass(frozen=True, slots=True)
class Survey:
    """What is declared and well, and everything that is not, by place."""

    declared: Declared
    complaints: tuple[Diagnostic, ...]


def declare(root: Path, plans: Path | None = None) -> "Observatory":
    """What `root/site`, `root/library` and the plans declare; without plans, the observatory alone.

    Raises UnfitFiles with every complaint if there is one.
    """
    from obsy.engine.declare.join import join  # noqa: PLC0415 - who only wants complaints does not wait for it

    seen = survey(root, plans)
    if seen.complaints:
        raise UnfitFiles(seen.complaints)
    return join(seen.declared)


def complaints(root: Path, plans: Path | None = None) -> list[Diagnostic]:
    """Everything that is wrong with the files, by place; empty if all is well."""
    return list(survey(root, plans).complaints)


def rooms(folder: Path) -> tuple[Path, Path]:
    """The root of an observatory and its plans, given the plans' folder, one file in it, or the root itself."""
    if (folder / "site").is_dir():
        return folder, folder / "plans"
    plans = folder.parent if folder.is_file() else folder
    return plans.absolute().parent, folder


def survey(root: Path, plans: Path | None) -> Survey:
    """Everything that is checked: each document by itself, then all of them together."""
    root, plans = called(root), called(plans) if plans is not None else None
    folders = [root / room for room in ROOMS] + ([plans] if plans is not None else [])
    found = [path for folder in folders if folder.exists() for path in files(folder)]
    reader = Reader(root)
    written = tuple(reader.read(found))
    told = [*_empty(plans), *reader.complaints]
    silent = {complaint.mark for complaint in told}
    entries: list[Entry[Document]] = []
    for document in written:
        checked = check(document, silent)
        if isinstance(checked, Document):
            entries.append(Entry(checked, document))
        else:
            told += checked
    declared = Declared(root, tuple(entries), written, len(found))
    alone = list(_no_observatory(root))
    told += alone or [*names(written), *refer(declared), *sense(declared)]
    return Survey(declared, tuple(sorted(set(told))))


def called(path: Path) -> Path:
    """The path as one would type it: seen from the working folder, where it lies in it."""
    return Path(os.path.relpath(path)) if path.absolute().is_relative_to(Path.cwd()) else path


def _no_observatory(root: Path) -> Iterator[Diagnostic]:
    """Said once, instead of naming everything that is missing with it."""
    if not any((root / room).is_dir() for room in ROOMS):
        words = (
            "no observatory beside the plans",
            "folders 'site' and 'library'",
            "copy those of the example beside yours",
        )
        yield Diagnostic(Mark(str(root)), "no-observatory", *words)


def _empty(plans: Path | None) -> Iterator[Diagnostic]:
    if plans is None:
        return
    if not plans.exists():
        words = (f"no folder '{plans}'", "the folder that holds the plans", "name it: 'obsy validate plans'")
        yield Diagnostic(Mark(str(plans)), "no-such-folder", *words)
    elif plans.is_dir() and not files(plans):
        words = (f"no plan in '{plans}'", "at least one file that ends in .yaml", f"write {plans / 'm31.yaml'}")
        yield Diagnostic(Mark(str(plans)), "empty-folder", *words)
