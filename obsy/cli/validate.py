"""Check every file; change nothing."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.survey import Survey, rooms, survey


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default="plans")
@click.option(
    "--format",
    "shape",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="For people, for machines, or as annotations of a GitHub run.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def validate(folder: Path, shape: str, as_json: bool) -> None:
    """Check the plans in FOLDER and the observatory beside it: site/ and library/.

    No hardware and no network is needed, and nothing is changed. Exits 1 if there is a complaint.
    """
    seen = survey(*rooms(folder))
    SHAPES["json" if as_json else shape](seen)
    if seen.complaints:
        raise SystemExit(1)


def _text(seen: Survey) -> None:
    for complaint in seen.complaints:
        click.echo(complaint, err=True)
    if seen.complaints:
        files = len({complaint.mark.file for complaint in seen.complaints})
        click.echo(f"\n{_many(len(seen.complaints), 'complaint')} in {_many(files, 'file')}.", err=True)
    else:
        click.echo(_well(seen))


def _json(seen: Survey) -> None:
    import json

    click.echo(json.dumps([complaint.as_json() for complaint in seen.complaints], indent=2, ensure_ascii=False))


def _github(seen: Survey) -> None:
    for complaint in seen.complaints:
        click.echo(annotation(complaint))


SHAPES: dict[str, Callable[[Survey], None]] = {"text": _text, "json": _json, "github": _github}


def annotation(complaint: Diagnostic) -> str:
    """A complaint as GitHub's workflow command, which shows it beside the line."""
    mark = complaint.mark
    words = f"{complaint.found}\nexpected: {complaint.expected}\nmend: {complaint.mend}"
    place = f"file={_property(mark.file)},line={mark.line},col={mark.column},title={_property(complaint.code)}"
    return f"::error {place}::{_escaped(words)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _well(seen: Survey) -> str:
    """What was checked, counted."""
    kinds = Counter(entry.document.kind for entry in seen.declared.entries)
    plans, others = kinds.pop("plan", 0), _list([_many(count, kind) for kind, count in sorted(kinds.items())])
    return f"All is well: {_many(plans, 'plan')}; {others}; {_many(seen.declared.files, 'file')}."


def _many(count: int, noun: str) -> str:
    if noun == "weather":
        noun = "weather input"
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{count} {noun if count == 1 else plural}"


def _list(words: Sequence[str]) -> str:
    return ", ".join(words) if words else "nothing else"
