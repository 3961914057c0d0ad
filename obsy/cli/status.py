"""What is done of each plan, and how the night stands: answered at once, while a night runs or before any."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from obsy.engine.declare.observatory import Observatory
    from obsy.engine.report.status import GoalStatus, Status
    from obsy.engine.runtime.data_root import DataRoot

_BAR = 24


@click.command()
@click.argument("plans", type=click.Path(path_type=Path), default="plans")
@click.option("--simulated/--real", default=None, help="Which nights; those that were written last if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")
def status(plans: Path, simulated: bool | None, as_json: bool) -> None:
    """Show what is done of PLANS, and where the newest night stands; change nothing."""
    from obsy.cli.locate import realm_of
    from obsy.engine.declare.survey import declare, rooms

    root, paths = rooms(plans)
    observatory = declare(root, *paths)
    data_root = realm_of(root, observatory.site, simulated)
    found = _standing(observatory, data_root)
    if as_json:
        click.echo(json.dumps({"realm": data_root.folder.name, **found.as_json()}, indent=2, ensure_ascii=False))
    else:
        click.echo(page(found, data_root.folder.name))


def _standing(observatory: "Observatory", data_root: "DataRoot") -> "Status":
    """What the newest journal and the store say; a store that is not there is not made."""
    from obsy.cli.locate import nights
    from obsy.engine.journal import read
    from obsy.engine.report.status import status_of

    done = {}
    if data_root.store.exists():
        from obsy.engine.store.done import done as counted
        from obsy.engine.store.open import open_store

        open_store(data_root.store)
        done = counted()
    newest = nights(data_root)[-1:]
    entries = [entry for night in newest for entry in read(data_root.journal(night))]
    return status_of(observatory.plans, done, entries, observatory.night.initial)


def page(found: "Status", data_root: str) -> str:
    """The standing for people."""
    if found.night is None:
        head = f"No {data_root} night has run here yet."
    else:
        word = {True: "safe", False: "not safe", None: "nobody has looked yet"}[found.verdict.safe]
        head = f"The {data_root} night of {found.night}: {found.state}; {word}: {found.verdict.reason}"
    lines = [head]
    for plan in found.plans:
        lines += ["", plan.plan, *(f"  {_line(goal)}" for goal in plan.goals)]
    return "\n".join(lines)


def _line(goal: "GoalStatus") -> str:
    from obsy.engine.report.words import duration

    rejected = f", {goal.rejected} rejected" if goal.rejected else ""
    if goal.wanted_s is None:
        return f"{goal.goal:<16} {'':{_BAR}} {goal.accepted} accepted{rejected}"
    full = min(_BAR, int(_BAR * goal.done_s / goal.wanted_s))
    bar = "█" * full + "░" * (_BAR - full)
    return f"{goal.goal:<16} {bar} {duration(goal.done_s)} of {duration(goal.wanted_s)}{rejected}"
