"""Make a night's decisions again from its journal."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from obsy.engine.replay.audit import Audit


@click.command()
@click.argument("journal", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")
def replay(journal: Path, as_json: bool) -> None:
    """Judge again whatever the night of JOURNAL judged, by the same functions, and compare.

    Exits 1 if anything comes out otherwise than it was written.
    """
    from obsy.engine.replay.audit import audit

    found = audit(journal)
    click.echo(json.dumps(as_facts(found), indent=2, ensure_ascii=False) if as_json else page(journal, found))
    if found.differences:
        raise SystemExit(1)


def as_facts(found: "Audit") -> dict[str, Any]:
    """Return what was found, for machines."""
    from obsy.engine.journal import stamp

    gaps = [
        {"enclosure": name, "begin": stamp(gap.start), "end": stamp(gap.end)}
        for name, roof in found.roofs.items()
        for gap in roof.gaps
    ]
    differences = [each._asdict() for each in found.differences]
    return {"compared": found.compared, "differences": differences, "gaps": gaps}


def page(journal: Path, found: "Audit") -> str:
    """Return what was found, for people."""
    lines = [f"{journal}:{each.line}: {each.time} {each.enclosure}" for each in found.differences]
    for place, each in enumerate(found.differences):
        lines[place] += f"\n    journal: {each.journal}\n    replay:  {each.replay}"
    for name, roof in found.roofs.items():
        lines += [f"{name}: nothing is known from {gap.start:%H:%M:%S} to {gap.end:%H:%M:%S} UTC" for gap in roof.gaps]
    seen = sum(len(stretch.seen) for roof in found.roofs.values() for stretch in roof.stretches)
    parts = ", ".join(f"{count} of '{event}'" for event, count in found.compared.items())
    wrong = len(found.differences)
    verdict = f"{wrong} of them come out otherwise." if wrong else "All of it comes out the same, to the last bit."
    return "\n".join([*lines, f"{seen} readings were judged again, and compared: {parts}.", verdict])
