"""Bring in what was written for other programs, or by other observatories."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from obsy.engine.declare.folders import called, rooms
from obsy.engine.declare.survey import survey
from obsy.engine.importing.formats import FORMATS
from obsy.engine.importing.given import given
from obsy.engine.importing.home import home_of
from obsy.engine.importing.placing import ImportedFile, NewPlan, place_plans


@click.command(name="import")
@click.argument("files", metavar="FILE…", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(list(FORMATS)), help="What it is, if it is not recognised.")
@click.option("--to", type=click.Path(path_type=Path), default=Path("plans"), help="The folder of the new plans.")
@click.option(
    "--like", metavar="PLAN", help="Take what a file does not say (goals, conditions, pipeline) from this plan."
)
@click.option("--filter", "filters", metavar="THEIRS=OURS", multiple=True, help="What a filter is called here.")
@click.option("--dry-run", is_flag=True, help="Show the plans; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")
def import_(files: tuple[Path, ...], to: Path, as_json: bool, dry_run: bool, **options: Any) -> None:
    """Bring the targets of FILE… into plans: lists and sequences of other programs, tables, orbits, plans of friends.

    A chart of the AAVSO becomes comparison stars, in library/.

    The format is recognised by what stands in the file. Every plan is checked before it is placed, none is
    overwritten, and what could not be carried over is told. Exits 1 if something was not placed.
    """
    renamed = dict(_pair(each) for each in options["filters"])
    root, _ = rooms(to)
    folders = [folder for folder in dict.fromkeys((root / "plans", to)) if folder.exists()]
    home = home_of(survey(root, *folders), called(to, root), options["like"], renamed)
    found = place_plans([given(path) for path in files], home, options["form"], dry_run)
    if as_json:
        click.echo(json.dumps([_shape(each) for each in found], indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(line for each in found for line in _told(each, dry_run)))
        click.echo(_sum(found, dry_run))
    if any(not one.candidates or _refused(one) for one in found):
        raise SystemExit(1)


def _pair(said: str) -> tuple[str, str]:
    theirs, sign, ours = said.partition("=")
    if not sign:
        raise click.BadParameter(f"'{said}' names one filter; write 'Lum=L'", param_hint="--filter")
    return theirs, ours


def _told(of: ImportedFile, dry_run: bool) -> Iterator[str]:
    yield f"{of.source.path}: {of.called}"
    for left in of.left:
        place = f"line {left.line}: " if left.line else ""
        yield f"    {place}{left.found}" + (f": {left.mend}" if left.mend else "")
    for each in of.candidates:
        yield from _one(each, dry_run)


def _one(candidate: NewPlan, dry_run: bool) -> Iterator[str]:
    for complaint in candidate.complaints:
        yield str(complaint._replace(found=f"'{candidate.name}' is not placed: {complaint.found}"))
    if not candidate.complaints:
        yield f"{candidate.path}{' is there already' if candidate.there else ''}"
    yield from (f"    {each}" for each in candidate.told)
    if dry_run and not candidate.complaints:
        yield from (f"    | {line}" for line in candidate.text.splitlines())


def _refused(of: ImportedFile) -> int:
    """Return how many targets of a file became no plan, and can if somebody mends something."""
    left = sum(bool(each.mend) or not each.line for each in of.left)
    return left + sum(bool(each.complaints) for each in of.candidates)


def _sum(found: list[ImportedFile], dry_run: bool) -> str:
    every = [each for one in found for each in one.candidates]
    placed = sum(not each.complaints and not each.there for each in every)
    refused = sum(_refused(one) for one in found)
    verb = "would be placed" if dry_run else "placed"
    tail = f", {refused} not" if refused else ""
    cue = "" if dry_run or not placed else " Read them, then 'obsy validate'."
    noun = "plan" if all(each.kind == "plan" for each in every) else "file"
    return f"\n{placed} {noun if placed == 1 else f'{noun}s'} {verb}{tail}.{cue}"


def _shape(of: ImportedFile) -> dict[str, Any]:
    return {
        "file": str(of.source.path),
        "format": of.called,
        "left": [{"line": each.line, "found": each.found, "mend": each.mend} for each in of.left],
        "plans": [
            {
                "name": each.name,
                "path": str(each.path),
                "line": each.line,
                "placed": not each.complaints and not each.there,
                "told": each.told,
                "complaints": [complaint.as_json() for complaint in each.complaints],
                "text": each.text,
            }
            for each in of.candidates
        ],
    }
