"""Files become plans of an observatory: checked with all that is declared, and only then placed."""

import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from pydantic import ValidationError

from obsy.diagnostics import Diagnostic, Mark
from obsy.engine.declare.compose import compose
from obsy.engine.declare.include import Inclusions
from obsy.engine.declare.names import known, meant
from obsy.engine.declare.own_names import own_names
from obsy.engine.declare.spelling import key
from obsy.engine.declare.survey import survey
from obsy.engine.declare.written import Origin
from obsy.engine.disk import write_whole
from obsy.engine.exchange.plan_file import as_written
from obsy.engine.importing.format import Format
from obsy.engine.importing.formats import reader_of
from obsy.engine.importing.friend import differences
from obsy.engine.importing.given import GivenFile
from obsy.engine.importing.home import Home
from obsy.engine.importing.trees import Part
from obsy.engine.importing.wish import Leftover, Wish
from obsy.engine.importing.writing import doubt, named, plan_of
from obsy.errors import UserError
from obsy.schemas.catalogue import Catalogue
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
    needed: tuple[tuple[str, str, str], ...] = ()
    """What comes with a plan of obsy: kind, name and text."""
    comes_from: str = ""
    """Of a plan of obsy, its file."""
    kind: str = "plan"
    """Which document it is."""
    complaints: list[Diagnostic] = field(default_factory=list)
    """Why it was not placed."""
    there: bool = False
    """Whether it was there before, as it would be written."""
    beside: dict[Path, str] = field(default_factory=dict)
    """What is written with it."""


@dataclass(slots=True)
class ImportedFile:
    """What became of one file."""

    source: GivenFile
    called: str
    """Its format."""
    candidates: list[NewPlan] = field(default_factory=list)
    left: list[Leftover] = field(default_factory=list)


def place_plans(sources: Sequence[GivenFile], home: Home, asked: str | None, dry_run: bool) -> list[ImportedFile]:
    """Read the files, and place what is well.

    asked: the format; None to recognise it.
    """
    taken: set[str] = set()
    found = [_read(source, home, asked, taken) for source in sources]
    candidates = [each for one in found for each in one.candidates]
    for each in candidates:
        if each.path.is_file() and each.path.read_bytes() == each.text.encode():
            each.there = True
        elif (ours := home.there(each.kind, each.name)) or os.path.lexists(each.path):
            where = ours.at() if ours else each.path
            words = (f"a {each.kind} '{each.name}' stands at {where}", "a name of its own")
            what = "give it another 'name'" if each.comes_from else "rename the target"
            mend = f"{what} in the file, or rename the one there; nothing is overwritten"
            each.complaints.append(Diagnostic(_mark(each), "name-twice", *words, mend))
    _share([each for each in candidates if each.comes_from], home)
    _check([each for each in candidates if not each.there and not each.complaints], home)
    for each in candidates if not dry_run else ():
        if not each.there and not each.complaints:
            for path, text in (*each.beside.items(), (each.path, each.text)):
                write_whole(path, text.encode())
    return found


def _read(source: GivenFile, home: Home, asked: str | None, taken: set[str]) -> ImportedFile:
    """Raise nothing: a file that cannot be read is told of beside the others."""
    of = ImportedFile(source, "not read")
    try:
        if source.refused:
            raise UserError(source.refused)
        reader = reader_of(source, asked)
        of.called = reader.called
        for each in all_told(reader, source):
            if isinstance(each, Leftover):
                of.left.append(each)
            else:
                of.candidates.append(_candidate(each, of, home, taken))
        if not of.candidates and not any(each.mend for each in of.left):
            of.left.append(Leftover(0, f"no target is found: looked for {reader.seeks}"))
    except UserError as error:
        of.left.append(Leftover(0, str(error)))
    of.left.sort(key=lambda each: each.line)
    return of


def all_told(reader: Format, source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield what a reader finds, each wish with what nobody asked for in its parts, and last that of all others."""
    found = list(reader.read(source))
    own = {id(part.value) for each in found for part in each.parts}

    def rest(parts: Iterable[Part]) -> Iterator[str]:
        for names, said in dict.fromkeys(each for part in parts for each in part.unasked(own)):
            if not re.fullmatch(reader.nothing, f"{names[-1]} {said}"):
                why = reader.because.get(names[0])
                yield " ".join(filter(None, (*names, said))) + (f": {why}" if why else "")

    for each in found:
        if isinstance(each, Wish):
            yield doubt(each) or replace(each, lost=(*each.lost, *rest(each.parts)))
        else:
            yield each
    if said := ", ".join(rest(tree for tree in source.trees if id(tree.value) not in own)):
        yield Leftover(1, f"not carried over: {said}")


def _candidate(wish: Wish, of: ImportedFile, home: Home, taken: set[str]) -> NewPlan:
    """taken: the names that this import has given already."""
    first = wish.name if wish.written else named(wish)
    name = next(each for each in (first, *(f"{first[:55]}-{n}" for n in range(2, 10_000))) if each not in taken)
    taken.add(name)
    path, source = home.folder / f"{name}.yaml", of.source
    if wish.kind != "plan":
        path = home.declared.root / "library" / f"{wish.kind}s" / f"{name}.yaml"
        return NewPlan(first, path, source, wish.line, wish.written, list(wish.lost), kind=wish.kind)
    if wish.written:
        return NewPlan(first, path, source, wish.line, wish.written, [], wish.needed, wish.comes_from)
    origin = f"From {source.path.name} ({of.called}), line {wish.line}, by 'obsy import'."
    return NewPlan(name, path, source, wish.line, *plan_of(wish, name, home, origin))


def _share(candidates: Sequence[NewPlan], home: Home) -> None:
    """Find a place for each document that comes with a plan and is not here; the first of a name counts."""
    given: dict[tuple[str, str], tuple[Path, str]] = {}
    for each in candidates:
        for kind, name, text in each.needed:
            here = as_written(ours) if (ours := home.there(kind, name)) else None
            if here is None:
                folder = home.declared.root / "library" / f"{kind}s"
                paths = (folder / f"{name}{tail}.yaml" for tail in ("", *(f"-{n}" for n in range(2, 1000))))
                path, here = given.setdefault((kind, name), (next(path for path in paths if not path.exists()), text))
                each.beside[path] = here
                each.told.append(f"it brings its {kind} '{name}'")
                each.complaints += _other_meanings(each, text, home) if kind == "catalogue" else ()
            if text.strip() != here.strip():
                each.told.append(f"its {kind} '{name}' is not the one here, which is kept")


def _other_meanings(candidate: NewPlan, text: str, home: Home) -> Iterator[Diagnostic]:
    """Yield the names that would mean another place here than they do, in every plan that there is."""
    with suppress(ValidationError):  # it is told of when all is checked
        nodes = compose(text, Origin(candidate.name))
        value = Inclusions(home.declared.root, [], set()).built(nodes[0], ())[1] if isinstance(nodes, list) else None
        for name, entry in Catalogue.model_validate(value).targets.items():
            ours = own_names(home.declared).get(key(name))
            if ours.target != entry.target if ours else known(name) not in (None, meant(entry.target)):
                words = (f"'{name}' is another place there", "what the name means here")
                yield Diagnostic(_mark(candidate), "name-twice", *words, "ask for it by its coordinates")


def _check(candidates: Sequence[NewPlan], home: Home) -> None:
    """Note what is wrong with each candidate among all that is declared; what was wrong before is not its own."""
    left = candidates
    for turn in range(MOST_CHECKS if left else 0):
        with tempfile.TemporaryDirectory() as folder:
            of = _lay_out(left, Path(folder))
            seen = survey(home.declared.root, Path(folder))
        for complaint in seen.complaints:
            for about in of.get(str(Path(complaint.mark.file).absolute()), ()):
                about.complaints.append(complaint._replace(mark=_mark(about, complaint.mark.line)))
        for each in (each for each in left if each.comes_from and not turn):
            plans = (entry.document for entry in seen.declared.of(Plan))
            of_it = (plan for plan in plans if plan.name == each.name or plan.name.startswith(f"{each.name}-"))
            each.told += [told for plan in islice(of_it, 1) for told in differences(plan, each.comes_from, home)]
        if all(not each.complaints for each in left):
            return
        left = [each for each in left if not each.complaints]


def _lay_out(candidates: Sequence[NewPlan], folder: Path) -> dict[str, list[NewPlan]]:
    """Write the plans and what comes with them into a folder; return whose each file is."""
    of: dict[str, list[NewPlan]] = {}
    for number, each in enumerate(candidates):
        for path, text in ((Path(f"{number}.yaml"), each.text), *each.beside.items()):
            file = folder / f"{path.parent.name}-{path.name}"
            file.write_text(text, "utf-8")
            of.setdefault(str(file), []).append(each)
    return of


def _mark(candidate: NewPlan, line: int = 1) -> Mark:
    """Return where a plan stands in the file that it comes from; line: of the plan itself, if it is taken as it is."""
    return Mark(str(candidate.origin.path), candidate.line + (line - 1 if candidate.comes_from else 0))
