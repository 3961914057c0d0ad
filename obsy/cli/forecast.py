"""When each goal will be done, under weather that is drawn."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import click

from obsy.cli.locate import as_night, at_site, nights

if TYPE_CHECKING:
    from obsy.engine.declare.observatory import Observatory
    from obsy.engine.forecast.question import ForecastQuestion, GoalForecast
    from obsy.engine.frames.data_root import DataRoot

MOST_NIGHTS, MOST_DRAWS, RECORD = 366, 2000, 365
_WIDE = 30


@click.command()
@click.argument("plans", type=click.Path(path_type=Path), default="plans")
@at_site
@click.option("--nights", "count", type=click.IntRange(1, MOST_NIGHTS), default=30, show_default=True, help="How many.")
@click.option("--draws", type=click.IntRange(10, MOST_DRAWS), default=200, show_default=True, help="Of the weather.")
@click.option("--seed", type=click.IntRange(0, 2**32), default=1, show_default=True, help="Another is other weather.")
@click.option(
    "--with", "new", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A plan to add: whom it delays."
)
@click.option("--night", metavar="DATE", help="The first night, by its evening's date; tonight if left out.")
@click.option("--simulate", is_flag=True, help="Of the simulated observatory, with what its nights have done.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")
def forecast(plans: Path, new: Path | None, as_json: bool, **how: Any) -> None:
    """Say by which night each goal is done, in 10, 50 and 90 of 100 draws of the weather, and what a plan delays.

    Clear nights are drawn by the share that the site declares ('clear: 40 %'), or that its nights on record had, or an
    assumption that is told. Each clear night is filled as the scheduler would. The same seed gives the same forecast.
    Nothing is changed.
    """
    from obsy.engine.declare.folders import rooms
    from obsy.engine.declare.survey import declare
    from obsy.engine.forecast.forecast import forecasts
    from obsy.errors import UserError

    root, paths = rooms(plans)
    observatory = declare(root, *paths, *([new.absolute()] if new else []), site=how["site"])
    added = [] if new is None else [each.name for each in declare(root, new.absolute(), site=how["site"]).plans]
    if not observatory.plans:
        raise UserError(f"there is no plan at {observatory.site.name} to forecast: 'obsy up --plan' writes one")
    if new is not None and not added:
        raise UserError(f"{new} holds no plan: '--with' takes a file with one or more of 'kind: plan'")
    asked, known = _question(observatory, root, added, how)
    with_all, without = forecasts(observatory, known, asked)
    told = with_all, (without if added else [])
    click.echo(json.dumps(_shape(*told, asked), indent=2, default=str) if as_json else "\n".join(_page(*told, asked)))


def _question(
    observatory: "Observatory", root: Path, added: list[str], how: dict[str, Any]
) -> tuple["ForecastQuestion", Any]:
    """Return what is asked, and what is done so far."""
    from obsy.cli.apply import which_night
    from obsy.engine.forecast.climate import climate
    from obsy.engine.forecast.question import ForecastQuestion, nights_from
    from obsy.engine.frames.data_root import DataRoot
    from obsy.engine.runtime.planner import standing
    from obsy.engine.schedule.candidates import DoneSoFar

    day = which_night(how["night"], observatory, how["simulate"], dry_run=True)
    stands = standing(observatory, root, day, how["simulate"])
    first = day + timedelta(days=1) if stands.finished else day
    as_night(min(date.max, first + timedelta(days=how["count"])).isoformat())  # the sky is known to LAST, and no longer
    record = _record(observatory, DataRoot.of(root, observatory.site, how["simulate"]))
    weather = climate(observatory.site.clear_percent, record)
    days = nights_from(first, how["count"])
    asked = ForecastQuestion(days, stands.begin, how["draws"], how["seed"], weather, tuple(added))
    return asked, DoneSoFar(stands.known.progress, stands.known.trains)


def _record(observatory: "Observatory", data_root: "DataRoot") -> dict[date, float]:
    """Return how much of the dark of each of the last nights a roof could be open."""
    from obsy.engine.fold import fold
    from obsy.engine.forecast.clear_share import share_open
    from obsy.engine.journal import read
    from obsy.engine.schedule.conditions import observing_night

    past = nights(data_root)[-RECORD:]
    found = {day: share_open(fold(read(data_root.journal(day))), observing_night(observatory, day)) for day in past}
    return {day: each for day, each in found.items() if each is not None}


def _page(
    told: "Sequence[GoalForecast]", without: "Sequence[GoalForecast]", asked: "ForecastQuestion"
) -> Iterator[str]:
    first, last, of = asked.days[0], asked.days[-1], asked.climate
    yield f"{len(asked.days)} nights, {first} to {last}, in {asked.draws} draws of the weather (seed {asked.seed})."
    yield from wrap(f"Clear: {of.clear:.0%} of the dark, {of.source}.", 80)
    if of.by_month:
        months = dict.fromkeys((day.year, day.month) for day in asked.days)
        named = (f"{date(*each, 1):%B} {of.by_month[each[1] - 1]:.0%}" for each in months)
        yield from wrap(f"By month: {', '.join(named)}.", 80)
    yield f"Nights are like those before them: correlation {of.persistence:g}, an assumption."
    yield ""
    yield f"{'done by the night of':{_WIDE}} {'frames':>6}  {'10 %':10}  {'50 %':10}  {'90 %':10}  done"
    for each in told:
        if not each.is_visits or each.never:
            yield from _row(each)
    yield f"-: not within these nights. Done: in how many draws it is, by {last}."
    if visits := dict.fromkeys(each.plan for each in told if each.is_visits and not each.never):
        yield from wrap(f"Visited again and again, and so never done: {', '.join(visits)}.", 80)
    if asked.without:
        yield ""
        yield from _delays(told, without, asked)


def _row(each: "GoalForecast") -> Iterator[str]:
    name = f"{each.plan} {each.goal}"
    name = name if len(name) <= _WIDE else name[: _WIDE - 1] + "…"
    if each.never:
        yield f"{name:{_WIDE}} never within these nights; in the first of them:"
        yield from wrap(each.never, 78, initial_indent="  ", subsequent_indent="  ")
    elif each.frames == 0:
        yield f"{name:{_WIDE}} done already"
    else:
        frames = "" if each.frames is None else each.frames
        dates = "  ".join(f"{day or '-'!s:10}" for day in each.done)
        yield f"{name:{_WIDE}} {frames:>6}  {dates}  {each.chance:4.0%}"
        if each.event is not None:
            yield f"  the next that can be had whole: {each.event:%Y-%m-%d %H:%M} UTC"


def _delays(
    told: "Sequence[GoalForecast]", without: "Sequence[GoalForecast]", asked: "ForecastQuestion"
) -> Iterator[str]:
    """Yield what the new plans change for others."""
    names, changed = ", ".join(asked.without), [*_changed(told, without)]
    yield f"What {names} changes for others (50 %):" if changed else f"{names} delays nobody within these nights."
    for before, after in changed:
        old, new = before.done[1], after.done[1]
        yield f"  {after.plan} {after.goal}:"
        if old is not None and new is not None and old != new:
            side, nights = "later" if new > old else "sooner", abs(new - old).days
            yield f"    {nights} night{'s' * (nights > 1)} {side}, {new} instead of {old}"
        else:
            yield f"    done in {after.chance:.0%} of the draws instead of {before.chance:.0%}"


def _changed(
    told: "Sequence[GoalForecast]", without: "Sequence[GoalForecast]"
) -> "Iterator[tuple[GoalForecast, GoalForecast]]":
    now = {(each.plan, each.goal): each for each in told}
    for before in without:
        after = now[before.plan, before.goal]
        if (before.done[1], before.chance) != (after.done[1], after.chance):
            yield before, after


def _shape(
    told: "Sequence[GoalForecast]", without: "Sequence[GoalForecast]", asked: "ForecastQuestion"
) -> dict[str, Any]:
    return {
        "first": asked.days[0],
        "nights": len(asked.days),
        "draws": asked.draws,
        "seed": asked.seed,
        "climate": asdict(asked.climate),
        "goals": [_goal(each) for each in told],
        "with": list(asked.without),
        "delays": [{"without": _goal(old), "with": _goal(new)} for old, new in _changed(told, without)],
    }


def _goal(each: "GoalForecast") -> dict[str, Any]:
    done = dict(zip(("10", "50", "90"), each.done, strict=True))
    return {**asdict(each), "done": done, "event": each.event.isoformat() if each.event else None}
