"""Check every file; change nothing."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.survey import Survey, observatories, survey
from obsy.engine.drills import EVERY, SHIPPED
from obsy.schemas.recipient import Recipient
from obsy.schemas.scenario import Scenario


@click.command()
@click.argument("paths", type=click.Path(path_type=Path), nargs=-1)
@click.option(
    "--format",
    "shape",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="For people, for machines, or as annotations of a GitHub run.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def validate(paths: tuple[Path, ...], shape: str, as_json: bool) -> None:
    """Check the plans at PATHS, folders or files, and the observatory they lie in: its site/ and library/.

    Without PATHS, or with some of site/ or library/ only, all of plans/ is checked. No hardware and no network is
    needed, and nothing is changed. Exits 1 if there is a complaint.
    """
    seen = [survey(root, *plans) for root, plans in observatories(*paths).items()]
    found = sorted({complaint for each in seen for complaint in (*each.complaints, *_strange(each))})
    SHAPES["json" if as_json else shape](found, seen)
    if found:
        raise SystemExit(1)


def _strange(seen: Survey) -> Iterator[Diagnostic]:
    """Complain of addresses that no service has, and of drills that would be others.

    Other verbs do not: Apprise takes half a second to load, and a drill that ships is copied beside the site's own.
    """
    drills = {EVERY, *(path.stem for path in SHIPPED.glob("*.yaml"))}
    for scenario in seen.declared.of(Scenario):
        if (name := scenario.document.name) in drills:
            whose = "all drills at once" if name == EVERY else "a drill that ships"
            found = f"{scenario.written.said('name')}, which is {whose}"
            words = (found, "a name of its own", f"write 'name: my-{name}'")
            yield scenario.complain("name-twice", words, "name")
    for entry in seen.declared.of(Recipient):
        from obsy.engine.telling.service import is_strange

        if is_strange(entry.document.address.get_secret_value()):
            expected = "one that Apprise understands, such as 'ntfys://topic'"
            words = ("'address' belongs to no service", expected, "look it up in Apprise's manual, and mend its secret")
            yield entry.complain("not-an-address", words, "address")


def _text(found: Sequence[Diagnostic], seen: Sequence[Survey]) -> None:
    for warning in (warning for each in seen for warning in each.warnings):
        click.echo(f"{warning}\n    This is a warning: it keeps no night from running.", err=True)
    for complaint in found:
        click.echo(complaint, err=True)
    if found:
        files = len({complaint.mark.file for complaint in found})
        click.echo(f"\n{_many(len(found), 'complaint')} in {_many(files, 'file')}.", err=True)
    else:
        click.echo(_well(seen))


def _json(found: Sequence[Diagnostic], _: Sequence[Survey]) -> None:
    import json

    click.echo(json.dumps([complaint.as_json() for complaint in found], indent=2, ensure_ascii=False))


def _github(found: Sequence[Diagnostic], seen: Sequence[Survey]) -> None:
    for warning in (warning for each in seen for warning in each.warnings):
        click.echo(annotation(warning, "warning"))
    for complaint in found:
        click.echo(annotation(complaint))


SHAPES: dict[str, Callable[[Sequence[Diagnostic], Sequence[Survey]], None]] = {
    "text": _text,
    "json": _json,
    "github": _github,
}


def annotation(complaint: Diagnostic, level: str = "error") -> str:
    """A complaint as GitHub's workflow command, which shows it beside the line."""
    mark = complaint.mark
    words = f"{complaint.found}\nexpected: {complaint.expected}\nmend: {complaint.mend}"
    place = f"file={_property(mark.file)},line={mark.line},col={mark.column},title={_property(complaint.code)}"
    return f"::{level} {place}::{_escaped(words)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _well(seen: Sequence[Survey]) -> str:
    """Return what was checked, counted."""
    kinds = Counter(entry.document.kind for each in seen for entry in each.declared.entries)
    plans, others = kinds.pop("plan", 0), _list([_many(count, kind) for kind, count in sorted(kinds.items())])
    files = sum(each.declared.files for each in seen)
    return f"All is well: {_many(plans, 'plan')}; {others}; {_many(files, 'file')}."


def _many(count: int, noun: str) -> str:
    if noun == "weather":
        noun = "weather input"
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{count} {noun if count == 1 else plural}"


def _list(words: Sequence[str]) -> str:
    return ", ".join(words) if words else "nothing else"
