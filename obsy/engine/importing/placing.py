"""Files become plans of an observatory: checked with all that is declared, and only then placed."""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from obsy.diagnostics import Diagnostic, Mark
from obsy.engine.declare.survey import survey
from obsy.engine.disk import write_whole
from obsy.engine.importing.formats import format_of
from obsy.engine.importing.given import GivenFile
from obsy.engine.importing.home import Home
from obsy.engine.importing.wish import Leftover, Wish
from obsy.engine.importing.writing import named, plan_of
from obsy.errors import UserError

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
            write_whole(each.path, each.text.encode())
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
    first = named(wish)
    name = next(each for each in (first, *(f"{first[:55]}-{n}" for n in range(2, 10_000))) if each not in taken)
    taken.add(name)
    origin = f"From {source.path.name} ({called}), line {wish.line}, by 'obsy import'."
    text, told = plan_of(wish, name, home, origin)
    return NewPlan(name, home.folder / f"{name}.yaml", source, wish.line, text, told)


def _check(candidates: Iterable[NewPlan], home: Home) -> None:
    """Note what is wrong with each candidate among all that is declared; what was wrong before is not its own."""
    left = list(candidates)
    for _ in range(MOST_CHECKS):
        with tempfile.TemporaryDirectory() as folder:
            by_file = {str(Path(folder) / f"{each.name}.yaml"): each for each in left}
            for path, each in by_file.items():
                Path(path).write_text(each.text, "utf-8")
            seen = survey(home.root, Path(folder)) if left else None
        for complaint in seen.complaints if seen else ():
            if (about := by_file.get(str(Path(complaint.mark.file).absolute()))) is not None:
                about.complaints.append(complaint._replace(mark=_mark(about)))
        well = [each for each in left if not each.complaints]
        if len(well) == len(left):
            return
        left = well


def _mark(candidate: NewPlan) -> Mark:
    return Mark(str(candidate.origin.path), candidate.line)
