"""What `obsy drill --real` asks and prints."""

import json
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from obsy.cli.drill_list import say_drills
from obsy.diagnostics import there_are
from obsy.errors import UserError

if TYPE_CHECKING:
    from obsy.engine.drills.real.drill import RealDrill

WIDTH = 14


def drill_real(names: tuple[str, ...], site: str | None, yes: str | None, *, only_list: bool, as_json: bool) -> None:
    """Drill a real roof by day. Raise UserError if it may not be; exit with 1 if it did not close in time."""
    from obsy.engine.drills.real.drill import MISHAPS

    if only_list:
        say_drills({name: each.about for name, each in MISHAPS.items()}, WIDTH, as_json=as_json)
        return
    which = tuple(MISHAPS) if names in ((), ("all",)) else names
    if unknown := [name for name in which if name not in MISHAPS]:
        raise UserError(f"no such drill of a real roof: {', '.join(unknown)}; {there_are(MISHAPS)}")
    played = []
    for each in _agreed(site, yes, len(which)).play(which):
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


def _agreed(site: str | None, yes: str | None, times: int) -> "RealDrill":
    """Return the drill of the roof whose name is typed; it is asked for only where a roof may be drilled."""
    from obsy.engine.declare.equipment import equipment_to_keep
    from obsy.engine.declare.folders import rooms
    from obsy.engine.drills.real.by_day import only_roof
    from obsy.engine.drills.real.drill import RealDrill

    root, _ = rooms(Path("plans"))
    known, refusals = equipment_to_keep(root, site), list[UserError]()
    roofs = [each.name for each in known.enclosures]
    drills = {name: RealDrill(root, only_roof(known, name), partial(click.echo, err=True)) for name in roofs}
    for each in drills.values():
        try:
            each.check()
        except UserError as refusal:
            refusals.append(refusal)
    if yes is None and len(refusals) == len(drills):
        raise refusals[0]
    said = yes or _typed(roofs, "once" if times == 1 else f"{times} times")
    only_roof(known, said)
    return drills[said]


def _typed(roofs: list[str], times: str) -> str:
    try:
        words = f"The real roof opens and closes {times}. Stand by it, with nobody and nothing in its way."
        return str(click.prompt(f"{words}\nThe name of the roof ({', '.join(roofs)})", err=True))
    except click.Abort:
        if sys.stdin.isatty():
            raise
        raise UserError(f"nobody is there to type the name of the roof: add '--yes {roofs[0]}'") from None


def _said(seconds: float | None) -> str:
    return "never" if seconds is None else f"{seconds:.1f} s"
