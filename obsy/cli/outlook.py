"""A forecast in text, 80 columns wide."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from textwrap import wrap
from typing import Any

from obsy.engine.forecast.question import CHANCES, Change, ForecastQuestion, GoalForecast

DIGITS = 4
"""Of shares, as a machine gets them."""
_WIDE = 30


def page(
    told: Sequence[GoalForecast], changed: Sequence[Change], asked: ForecastQuestion, loose: Sequence[str] = ()
) -> Iterator[str]:
    """Yield the lines of a forecast; loose: plans that say what a forecast does not keep."""
    first, last, of = asked.days[0], asked.days[-1], asked.climate
    yield f"{len(asked.days)} nights, {first} to {last}, in {asked.draws} draws of the weather (seed {asked.seed})."
    yield from wrap(f"Clear: {asked.clear:.0%} of the dark, {of.source}.", 80)
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
    if loose:
        yield from wrap(f"Too early may be, since 'choose' is not kept here: {', '.join(loose)}.", 80)
    if asked.without:
        yield ""
        yield from _delays(changed, asked)


def shape(each: GoalForecast) -> dict[str, Any]:
    """Return what is forecast of a goal for a machine: its dates by the share of the draws."""
    done = dict(zip((f"{100 * part:.0f}" for part in CHANCES), each.done, strict=True))
    return {**asdict(each), "done": done, "event": each.event.isoformat() if each.event else None}


def _row(each: GoalForecast) -> Iterator[str]:
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
        if each.is_untold:
            yield "  no date: its first frames are to tell how many it takes"
        if each.event is not None:
            yield f"  the next that can be had whole: {each.event:%Y-%m-%d %H:%M} UTC"


def _delays(changed: Sequence[Change], asked: ForecastQuestion) -> Iterator[str]:
    """Yield what the new plans change for others."""
    names = ", ".join(asked.without)
    yield f"What {names} changes for others (50 %):" if changed else f"{names} delays nobody within these nights."
    for before, after in changed:
        old, new = before.done[1], after.done[1]
        yield f"  {after.plan} {after.goal}:"
        if old is not None and new is not None and old != new:
            side, nights = "later" if new > old else "sooner", abs(new - old).days
            yield f"    {nights} night{'s' * (nights > 1)} {side}, {new} instead of {old}"
        else:
            yield f"    done in {after.chance:.0%} of the draws instead of {before.chance:.0%}"
