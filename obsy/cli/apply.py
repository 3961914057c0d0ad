"""Work out the night, and run it."""

import json
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from obsy.cli.busy import busy
from obsy.cli.chart import DrawnFile, check, draw
from obsy.cli.library_words import library_words_to
from obsy.cli.locate import at_site
from obsy.moments import solar

if TYPE_CHECKING:
    from obsy.engine.declare.observatory import Observatory
    from obsy.engine.intent import Intent
    from obsy.engine.runtime.attach import Attach
    from obsy.engine.runtime.setup import ApplyOptions
    from obsy.engine.telling.line import Line

MORNING_H, NOON_H = 7, 12
"""In solar time: until then a night may still be tidying up, and then the next one begins."""


@click.command()
@click.argument("plans", type=click.Path(path_type=Path), default="plans")
@at_site
@click.option("--dry-run", is_flag=True, help="Print what would be done; change nothing.")
@click.option("--simulate", is_flag=True, help="Play the night on the simulated observatory, in minutes.")
@click.option("--night", metavar="DATE", help="The evening's date, such as 2026-11-21; tonight if left out.")
@click.option("--scenario", metavar="NAME", help="Weather and faults of a simulated night; 'clear' if left out.")
@click.option(
    "--runner",
    type=click.Choice(["ekos", "indi", "alpaca"]),
    help="What moves the devices: KStars, or obsy itself ('indi' and 'alpaca' do the same: each device by the way that "
    "it declares); 'ekos' if left out.",
)
@click.option("--attach", is_flag=True, help="Let the KStars take the frames that you run, with your own profile.")
@click.option(
    "--list-is-empty",
    is_flag=True,
    help="With --attach: your word that EKOS's scheduler has no job of yours, which no KStars before 3.7.1 can tell.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print the result for a machine; progress goes to standard error."
)
@click.option("--chart", type=DrawnFile(), help="With --dry-run: draw the night, to FILE.svg, or in plain text to '-'.")
@click.option("--tell", is_flag=True, help="Send the messages of a simulated night too.")
def apply(  # noqa: PLR0913, PLR0917  one argument an option
    plans: Path,
    site: str | None,
    dry_run: bool,
    simulate: bool,
    night: str | None,
    scenario: str | None,
    runner: str | None,
    attach: bool,
    list_is_empty: bool,
    as_json: bool,
    chart: str | None,
    tell: bool,
) -> None:
    """Work out the night from PLANS and what is already done, and run it.

    A night that was interrupted is taken up where it stopped; one that is finished is left alone, unless there is new
    work for what is left of it. Without --simulate, real devices move: those on the site's 'servers', or of drivers
    that obsy begins.
    """
    from obsy.engine.declare.folders import rooms
    from obsy.engine.declare.survey import declare
    from obsy.engine.runtime.beginnable import check_beginnable
    from obsy.engine.runtime.guard.rehearsal import rehearsal_first
    from obsy.engine.runtime.guard.start import Start, roofs_first
    from obsy.engine.telling.line import telling

    check(chart, as_json, "" if dry_run else "--chart draws a night that is not run: add --dry-run")
    _check_words(simulate, scenario, runner, tell)
    attached = _attached(attach, list_is_empty, "a rehearsal" if simulate else runner)
    root, paths = rooms(plans)
    moves, sends = runner or "ekos", not dry_run and (tell or not simulate)
    if not dry_run and not simulate:
        check_beginnable(root, paths, site, moves, attached)
    with (
        telling(root, site, "simulated" if simulate else "real") if sends else nullcontext() as line,
        nullcontext(Start()) if dry_run else (rehearsal_first if simulate else roofs_first)(root, site) as start,
    ):
        from obsy.cli.notices import tell_forgotten, tell_reserved, tell_uncertain

        with busy("reading the files"):
            observatory = declare(root, *paths, site=site)
        played = scenario or "clear" if simulate else None
        if played is not None:
            observatory.scenario(played)  # said now, not when the night has begun
        day = which_night(night, observatory, simulate, dry_run)
        notices = [*tell_reserved(observatory), *tell_uncertain(observatory, day), *tell_forgotten(observatory)]
        if dry_run:
            from obsy.cli.notices import tell_alerts, tell_saturating
            from obsy.engine.frames.data_root import DataRoot

            kept = DataRoot.of(root, observatory.site, simulate)
            observatory, alerts = tell_alerts(observatory, kept, day)
            notices += [*alerts, *tell_saturating(observatory, kept)]
            _draw(observatory, _show(observatory, (root, day, simulate, moves), notices, as_json), chart)
        else:
            from obsy.engine.runtime.setup import ApplyOptions

            asked = ApplyOptions(root, day, played, moves, start=start, attach=attached)
            _run(observatory, asked, as_json, line)


def _check_words(simulate: bool, scenario: str | None, runner: str | None, tell: bool) -> None:
    if scenario is not None and not simulate:
        raise click.UsageError("--scenario plays on the simulated observatory: add --simulate")
    if runner is not None and simulate:
        raise click.UsageError(f"--simulate moves no real device, and --runner {runner} does: choose one of the two")
    if tell and not simulate:
        raise click.UsageError("a real night tells people anyway: --tell is for --simulate")


def _attached(attach: bool, list_is_empty: bool, how: str | None) -> "Attach | None":
    from obsy.engine.runtime.attach import Attach

    if attach and how not in {None, "ekos"}:
        raise click.UsageError(f"--attach is for a night of '--runner ekos', and this is {how}: leave one of them out")
    if list_is_empty and not attach:
        raise click.UsageError("--list-is-empty is said of the KStars that you run: add --attach")
    return Attach(list_is_empty) if attach else None


def which_night(night: str | None, observatory: "Observatory", simulate: bool, dry_run: bool) -> date:
    """Return the night that was asked for; without one, a rehearsal's is today's, a real one the one `going_on`.

    A dry run has nothing to tidy up: for it, the night goes on only while it is dark.
    """
    from obsy.cli.locate import as_night

    if night is not None:
        return as_night(night)
    now = datetime.now(UTC)
    if simulate:
        return solar(now, observatory.site.longitude).date()
    return going_on(observatory, now, 0 if dry_run else MORNING_H)


def going_on(observatory: "Observatory", now: datetime, morning_h: int = MORNING_H) -> date:
    """Return the evening of the night that goes on at `now`, as long as it is dark and until the morning; else today.

    now: aware.
    """
    from obsy.engine.schedule.conditions import observing_night

    local = solar(now, observatory.site.longitude)
    yesterday = local.date() - timedelta(days=1)
    if local.hour < morning_h or (local.hour < NOON_H and observing_night(observatory, yesterday).is_dark(now)):
        return yesterday
    return local.date()


def _show(
    observatory: "Observatory", which: tuple[Path, date, bool, str], notices: list[dict[str, Any]], as_json: bool
) -> "Intent":
    from obsy.cli.intent import page
    from obsy.cli.notices import tell_trailing
    from obsy.engine.intent import as_json as shape
    from obsy.engine.runtime.planner import preview

    root, day, simulate, moves = which
    with busy(f"planning {len(observatory.plans):,} plans"):
        wanted = preview(observatory, root, day, simulate, moves)
    if not simulate and day < going_on(observatory, datetime.now(UTC)):
        words = f"the night of {day} is over, so nothing fits in it; add --simulate to plan it"
        click.echo(f"notice: {words}", err=True)
        notices = [*notices, {"words": words}]
    if not simulate:
        notices = [*notices, *tell_trailing(observatory, wanted.blocks)]
    told = {**shape(wanted), "notices": notices}
    click.echo(json.dumps(told, indent=2, ensure_ascii=False) if as_json else page(wanted, observatory.site.timezone))
    return wanted


def _draw(observatory: "Observatory", wanted: "Intent", chart: str | None) -> None:
    if chart is None:
        return
    from obsy.engine.report.curves import curves_of
    from obsy.engine.report.tonight import svg, text

    planned = wanted, curves_of(observatory, wanted.night), observatory.site.timezone
    draw(chart, lambda: svg(*planned), lambda: text(*planned))


def _run(
    observatory: "Observatory",
    asked: "ApplyOptions",
    as_json: bool,
    line: "Line | None",
) -> None:
    from rich.console import Console

    from obsy.cli.notify import messages
    from obsy.cli.report import conclude
    from obsy.cli.screen import showing
    from obsy.engine.events.telling import NightSummed
    from obsy.engine.report.terminal import terminal
    from obsy.engine.runtime.apply import apply as carry_out

    words = library_words_to(asked.root / ".obsy" / f"libraries-{observatory.site.name}.log")
    shown = showing(Console(stderr=True), observatory.plans, observatory.site.timezone)
    with words if asked.scenario is None else nullcontext(), shown as picture:
        played = carry_out(observatory, asked, picture.tell)
    if not played:
        click.echo(f"The night of {asked.day} is finished; there is nothing to do, and nothing was changed.", err=True)
    story = conclude(observatory, asked.root, asked.day, asked.scenario is not None, as_json)
    if played and line is None and (unsent := messages(observatory, asked.root, asked.day)):
        click.echo(f"Not sent: {unsent} messages. 'obsy notify' shows them, and --tell sends them.", err=True)
    if played and line is not None:
        line.say(NightSummed(headline=story.headline, text=terminal(story)))
