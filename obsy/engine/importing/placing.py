"""Files become plans of an observatory: checked with all that is declared, and only then placed."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from obsy.diagnostics import Diagnostic, Mark
from obsy.engine.declare.survey import survey
from obsy.engine.disk import write_whole
from obsy.engine.importing.formats import format_of
from obsy.engine.importing.given import GivenFile
from obsy.engine.importing.home import Home
from obsy.engine.importing.shared import differences
from obsy.engine.importing.wish import Leftover, Wish
from obsy.engine.importing.writing import named, plan_of
from obsy.errors import UserError
from obsy.schemas.plan import Plan

MOST_CHECKS = 5


@dataclass(slots=True)
class NewPlan:
    """A plan that may be placed."""

    name: str
    path: Path
    """Where it goes."""
    origin: GivenFile
    line: int
    text: str
    told: list[str]
    complaints: list[Diagnostic] = field(default_factory=list)
    """Why it was not placed."""
    there: bool = False
    """Whether it was there before, as it would be written."""
    beside: list[tuple[Path, str]] = field(default_factory=list)
    """What is written with it: where it goes, and its text."""
    comes_from: str = ""
    """Of a plan of obsy, its file."""


@dataclass(slots=True)
class Brought:
    """What became of one file."""

    source: GivenFile
    called: str
    """Its format."""
    candidates: list[NewPlan] = field(default_factory=list)
    left: list[Leftover] = field(default_factory=list)


def bring(sources: Sequence[GivenFile], home: Home, asked: str | None, dry_run: bool) -> list[Brought]:
    """Read the files, and place what is well.

    asked: the format; None to recognise it.
    """
    taken: set[str] = set()
    found = [_read(source, home, asked, taken) for source in sources]
    candidates = [each for one in found for each in one.candidates]
    for each in candidates:
        if each.path.exists() and each.path.read_text("utf-8", errors="replace") == each.text:
            each.there = True
        elif each.name in home.plans or each.path.exists():
            where = home.plans.get(each.name) or each.path
            words = (f"a plan '{each.name}' stands at {where}", "a name of its own")
            mend = "rename the one there, or the target in the file; nothing is overwritten"
            each.complaints.append(Diagnostic(_mark(each), "name-twice", *words, mend))
    _check([each for each in candidates if not each.there and not each.complaints], home)
    for each in candidates if not dry_run else ():
        if not each.there and not each.complaints:
            for path, text in (*each.beside, (each.path, each.text)):
                write_whole(path, text.encode())
    return found


def _read(source: GivenFile, home: Home, asked: str | None, taken: set[str]) -> Brought:
    """Raise nothing: a file that cannot be read is told of beside the others."""
    brought = Brought(source, "not read")
    try:
        form = format_of(source, asked)
        brought.called = form.called
        for each in form.read(source):
            if isinstance(each, Leftover):
                brought.left.append(each)
            else:
                brought.candidates.append(_candidate(each, source, home, (form.called, taken)))
    except UserError as error:
        brought.left.append(Leftover(0, str(error)))
    brought.left.sort(key=lambda each: each.line)
    return brought


def _candidate(wish: Wish, source: GivenFile, home: Home, known: tuple[str, set[str]]) -> NewPlan:
    """known: what the format is called, and the names that this import has given already."""
    called, taken = known
    first = wish.name if wish.written else named(wish)
    name = next(each for each in (first, *(f"{first[:55]}-{n}" for n in range(2, 10_000))) if each not in taken)
    taken.add(name)
    if wish.written:
        new = NewPlan(first, home.folder / f"{name}.yaml", source, wish.line, wish.written, [])
        new.comes_from = wish.comes_from
        new.beside = [(_room(kind, named_so, home), text) for kind, named_so, text in _needed(wish, new, home)]
        return new
    origin = f"From {source.path.name} ({called}), line {wish.line}, by 'obsy import'."
    text, told = plan_of(wish, name, home, origin)
    return NewPlan(name, home.folder / f"{name}.yaml", source, wish.line, text, told)


def _needed(wish: Wish, new: NewPlan, home: Home) -> Iterator[tuple[str, str, str]]:
    """Yield the documents that come with a plan and are not here yet."""
    for kind, name, text in wish.beside:
        if name not in home.names.get(kind, ()):
            yield kind, name, text
            new.told.append(f"it brings its {kind} '{name}'")
        elif text.strip() != home.names[kind][name].strip():
            new.told.append(f"its {kind} '{name}' is not the one here, which is kept")


def _room(kind: str, name: str, home: Home) -> Path:
    return home.library / f"{kind}s" / f"{name}.yaml"


def _check(candidates: Iterable[NewPlan], home: Home) -> None:
    """Note what is wrong with each candidate among all that is declared; what was wrong before is not its own."""
    left = list(candidates)
    for _ in range(MOST_CHECKS if left else 0):
        with tempfile.TemporaryDirectory() as folder:
            by_file = {str(Path(folder) / f"{each.name}.yaml"): each for each in left}
            texts = {f"{path.parent.name}-{path.name}": text for each in left for path, text in each.beside}
            for path, text in {**{f: each.text for f, each in by_file.items()}, **texts}.items():
                (Path(folder) / path).write_text(text, "utf-8")
            seen = survey(home.root, Path(folder))
        for complaint in seen.complaints:
            if (about := by_file.get(str(Path(complaint.mark.file).absolute()))) is not None:
                about.complaints.append(complaint._replace(mark=_mark(about, complaint.mark.line)))
        well = [each for each in left if not each.complaints]
        if len(well) == len(left):
            break
        left = well
    declared = {each.document.name: each.document for each in seen.declared.of(Plan)} if left else {}
    for each in (each for each in left if each.comes_from):
        of_it = [plan for name, plan in declared.items() if name == each.name or name.startswith(f"{each.name}-")]
        each.told += differences(of_it[0], each.comes_from, home) if of_it else ()


def _mark(candidate: NewPlan, line: int = 1) -> Mark:
    """Return where a plan stands in the file that it comes from; line: of the plan itself, if it is taken as it is."""
    return Mark(str(candidate.origin.path), candidate.line + (line - 1 if candidate.comes_from else 0))
