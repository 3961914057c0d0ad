"""What `obsy drill --real` asks and prints."""

import json
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click

from obsy.errors import UserError

WIDTH = 14


def drill_real(names: tuple[str, ...], site: str | None, yes: str | None, *, only_list: bool, as_json: bool) -> None:
    """Drill a real roof by day. Raise UserError if it may not be; exit with 1 if it did not close in time."""
    from obsy.engine.declare.equipment import equipment_to_keep
    from obsy.engine.declare.survey import rooms
    from obsy.engine.drills.real.by_day import only_roof
    from obsy.engine.drills.real.drill import MISHAPS, RealDrill

    if only_list:
        click.echo("\n".join(f"{name:<{WIDTH}}  {each.about}" for name, each in MISHAPS.items()))
        return
    which = tuple(MISHAPS) if names in ((), ("all",)) else names
    if unknown := [name for name in which if name not in MISHAPS]:
        raise UserError(f"no such drill of a real roof: {', '.join(unknown)}; there are {', '.join(MISHAPS)}")
    root, _ = rooms(Path("plans"))
    known = equipment_to_keep(root, site)
    said = yes or click.prompt(
        f"The real roof opens and closes {len(which)} times. Stand by it, with nobody and nothing in its way.\n"
        f"The name of the roof ({', '.join(each.name for each in known.enclosures)})",
        err=True,
    )
    drill = RealDrill(root, only_roof(known, said), partial(click.echo, err=True))
    played = []
    for each in drill.play(which):
        played.append(each)
    if as_json:
        click.echo(json.dumps([asdict(each) for each in played], indent=2))
    else:
        click.echo(f"{'drill':<{WIDTH}}  closing starts  at most   closed  ")
        for each in played:
            times = f"{_said(each.starts_s):>14}  {_said(each.within_s):>7}  {_said(each.closed_s):>7}"
            click.echo(f"{each.name:<{WIDTH}}  {times}  {each.fault or 'passed'}")
    if len(played) < len(which) or any(each.fault for each in played):
        raise SystemExit(1)


def _said(seconds: float | None) -> str:
    return "never" if seconds is None else f"{seconds:.1f} s"
