"""Work out the night, and run it."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from obsy.engine.declare.observatory import Observatory
    from obsy.engine.wire.planner import Planner


@click.command()
@click.argument("plans", type=click.Path(path_type=Path), default="plans")
@click.option("--dry-run", is_flag=True, help="Print what would be done; change nothing.")
@click.option("--simulate", is_flag=True, help="Play the night on the simulated observatory, in minutes.")
@click.option("--night", metavar="DATE", help="The evening's date, such as 2026-11-21; tonight if left out.")
@click.option("--scenario", default="clear", show_default=True, help="Weather and faults of a simulated night, by name.")
@click.option("--runner", type=click.Choice(["ekos"]), default="ekos", show_default=True, help="What moves the real devices.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for a machine; progress goes to standard error.")
def apply(plans: Path, dry_run: bool, simulate: bool, night: str | None, scenario: str, runner: str, as_json: bool) -> None:
    """Work out the night from PLANS and what is already done, and run it.

    A night that was interrupted is taken up where it stopped; one that is finished is left alone.
    """
    from obsy.engine.declare import declare  # noqa: PLC0415  heavy parts load only on the verbs that need them

    root = plans.resolve().parent
    observatory = declare(root, plans)
    day = _day(night, observatory, simulate)
    if dry_run:
        _show(observatory, root, day, simulate, as_json)
    else:
        _run(observatory, root, day, (simulate, scenario, runner), as_json)


def _day(night: str | None, observatory: "Observatory", simulate: bool) -> date:
    """The night that was asked for; without one, the one that is going on or the next to come."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415

    if night is not None:
        try:
            return date.fromisoformat(night)
        except ValueError:
            raise click.BadParameter(f"'{night}' is no date; write it as 2026-11-21", param_hint="--night") from None
    local = datetime.now(ZoneInfo(observatory.site.timezone))
    # In the small hours a real night is still the one of the evening before; a rehearsal looks ahead.
    morning = 8
    return local.date() if simulate or local.hour >= morning else local.date() - timedelta(days=1)


def _show(observatory: "Observatory", root: Path, day: date, simulate: bool, as_json: bool) -> None:
    from obsy.cli.intent import page  # noqa: PLC0415
    from obsy.engine.intent import as_json as shape  # noqa: PLC0415
    from obsy.engine.wire.preview import preview  # noqa: PLC0415

    wanted = preview(observatory, root, day, simulate)
    click.echo(json.dumps(shape(wanted), indent=2, ensure_ascii=False) if as_json else page(wanted, observatory.site.timezone))


def _run(observatory: "Observatory", root: Path, day: date, how: tuple[bool, str, str], as_json: bool) -> None:
    from rich.console import Console  # noqa: PLC0415

    from obsy.cli.progress import showing  # noqa: PLC0415
    from obsy.cli.report import conclude  # noqa: PLC0415
    from obsy.engine.wire.apply import Asked, rehearse  # noqa: PLC0415

    simulate, scenario, runner = how
    if not simulate:
        raise click.UsageError(f"the runner '{runner}' is not wired yet; add --simulate")
    with showing(Console(stderr=True), {}) as picture:
        played = rehearse(observatory, Asked(root, day, scenario), picture.tell)
    if not played:
        click.echo(f"The night of {day} is finished; there is nothing to do, and nothing was changed.", err=True)
    conclude(observatory, root, day, simulate, as_json)
