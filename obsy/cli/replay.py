"""Make a night's decisions again from its journal."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from obsy.engine.replay.audit import Audit


HOURS = ("safe_s", "would_be_safe_s", "open_s", "open_and_safe_s")


@click.command()
@click.argument("journal", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--with", "other", type=click.Path(exists=True, path_type=Path), help="Another policy: a file or folder.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")
def replay(journal: Path, other: Path | None, as_json: bool) -> None:
    """Judge again whatever the night of JOURNAL judged, by the same functions, and compare.

    Exits 1 if anything comes out otherwise than it was written, or is missing. With another policy, or other overrides,
    also show when it would have been safe or unsafe otherwise.
    """
    from obsy.engine.replay.audit import audit

    found = audit(journal)
    compared = _compared(journal, found, other) if other is not None else {}
    if as_json:
        click.echo(json.dumps({**as_facts(found), **compared}, indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join([page(journal, found), *(line for roof in compared.values() for line in table(roof))]))
    if found.differences or not found.is_whole:
        raise SystemExit(1)


def _compared(journal: Path, found: "Audit", other: Path) -> dict[str, Any]:
    """Return what other rules would have decided, for machines."""
    from obsy.engine.fold import fold
    from obsy.engine.journal import read, stamp
    from obsy.engine.replay.compare import compare
    from obsy.engine.replay.rules import other_rules

    rules, record = other_rules(other), fold(read(journal))
    told = []
    for name, roof in found.roofs.items():
        it = compare(roof, rules)
        was_s, still_s = it.open_s(record.under(name).roof)
        otherwise = [{**asdict(each), "start": stamp(each.start), "end": stamp(each.end)} for each in it.otherwise]
        seconds = (it.safe_s, it.would_be_safe_s, was_s, still_s)
        told.append({"enclosure": name, "otherwise": otherwise, **dict(zip(HOURS, seconds, strict=True))})
    return {"with": told}


def table(roofs: list[dict[str, Any]]) -> list[str]:
    """Return when it would have been otherwise, for people."""
    lines = []
    for roof in roofs:
        name = f"{roof['enclosure']}: " if roof["enclosure"] else ""
        for each in roof["otherwise"]:
            was, would_be = ("unsafe", "safe") if each["safe"] else ("safe", "unsafe")
            lines.append(f"{each['start'][:19]}Z to {each['end'][11:19]}Z  {name}was {was}, would be {would_be}")
            lines.append(f"    was:      {each['was']}\n    would be: {each['would_be']}")
        safe, would_be, was_open, still = (f"{roof[key] / 3600:.2f} h" for key in HOURS)
        lines.append(f"{name}safe for {safe}; it would be {would_be}")
        lines.append(f"{name}the roof was open for {was_open}, and it would be safe for {still} of that")
    return lines


def as_facts(found: "Audit") -> dict[str, Any]:
    """Return what was found, for machines."""
    from obsy.engine.journal import stamp

    gaps = [
        {"enclosure": name, "begin": stamp(gap.start), "end": stamp(gap.end)}
        for name, roof in found.roofs.items()
        for gap in roof.gaps
    ]
    differences = [each._asdict() for each in found.differences]
    uncompared = sum(roof.uncompared for roof in found.roofs.values())
    missing = {"gaps": gaps, "uncompared": uncompared, "is_cut": found.is_cut}
    return {"compared": found.compared, "differences": differences, **missing}


def page(journal: Path, found: "Audit") -> str:
    """Return what was found, for people."""
    lines = [f"{journal}:{each.line}: {each.time} {each.enclosure}" for each in found.differences]
    for place, each in enumerate(found.differences):
        lines[place] += f"\n    journal: {each.journal}\n    replay:  {each.replay}"
    for name, roof in found.roofs.items():
        lines += [f"{name}: nothing is known from {gap.start:%H:%M:%S} to {gap.end:%H:%M:%S} UTC" for gap in roof.gaps]
        if roof.uncompared:
            lines.append(f"{name}: of {roof.uncompared} verdicts no note says what they rested on")
    lines += ["the journal ends before its night does: it goes on, was cut off, or lines are missing"] * found.is_cut
    seen = sum(len(stretch.seen) for roof in found.roofs.values() for stretch in roof.stretches)
    parts = ", ".join(f"{count} of '{event}'" for event, count in found.compared.items())
    wrong = len(found.differences)
    same = "All of it comes out the same, to the last bit." if found.is_whole else "What is there comes out the same."
    verdict = f"{wrong} of them come out otherwise." if wrong else same
    return "\n".join([*lines, f"{seen} readings were judged again, and compared: {parts}.", verdict])
