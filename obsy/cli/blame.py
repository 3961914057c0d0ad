"""Which line of which file asked for a frame or a master."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from obsy.engine.runtime.blame import Blame

SHORT = 12


@click.command()
@click.argument("frame", type=click.Path(path_type=Path))
@click.option("--plans", type=click.Path(path_type=Path), default="plans", show_default=True, help="Their folder.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")
def blame(frame: Path, plans: Path, as_json: bool) -> None:
    """Name the commit, the file and the line that asked for FRAME: a light, a calibration frame, or a product of them.

    Told too are the masters that calibrated it, with how far each is from it, and why the next best was not taken.
    """
    from obsy.engine.declare.folders import rooms
    from obsy.engine.runtime.blame import blame as find

    found = find(frame, *rooms(plans))
    click.echo(json.dumps(_shape(frame, found), indent=2, ensure_ascii=False) if as_json else _page(frame, found))


def _shape(frame: Path, found: "Blame") -> dict[str, object]:
    place = found.mark.as_json() if found.mark else {"file": None, "line": None, "column": None}
    said = {
        "commit": found.commit,
        "dirty": found.dirty,
        "text": found.text,
        "written": found.written,
        "kind": found.kind,
        "masters": [{"kind": kind, "file": name, "why": why} for kind, name, why in found.masters],
    }
    return {"frame": str(frame), **place, **said, "asked": asdict(found.asked)}


def _page(frame: Path, found: "Blame") -> str:
    told = [f"{part} {value}" for part, value in asdict(found.asked).items() if value and part != "commit"]
    lines = [str(frame), _where(found), f"    {found.text.strip()}"] if found.mark else [str(frame), _where(found)]
    if wrote := found.written:
        by = f"{wrote['author']} wrote it on {wrote['date']}"
        lines.append(f"    {by}: {wrote['summary']} ({wrote['commit'][:SHORT]})")
    if found.dirty:
        lines.append(
            "    Some files had changes then that were not committed; if this was one, the line said something else."
        )
    if found.masters:
        lines.append("Calibrated by these masters, each so far from it in temperature and time:")
    return "\n".join([*lines, *(f"    {kind}: {name} {why}" for kind, name, why in found.masters), ", ".join(told)])


def _where(found: "Blame") -> str:
    if found.commit is None:
        return "No commit: the files were not under git when it was asked for."
    if found.mark is None and found.asked.plan is None:
        return f"The calibration of '{found.asked.train}' is not in commit {found.commit[:SHORT]} of this observatory."
    if found.mark is None:
        return f"The plan '{found.asked.plan}' is not in commit {found.commit[:SHORT]} of this observatory."
    chain = "".join(f", included from {each}" for each in found.mark.via)
    return f"{found.mark}{chain} at commit {found.commit[:SHORT]}"
