"""A month of 200 targets in 200 draws of the weather, and how one night of it compares with the scheduler's own."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import numpy as np

from bench._answer import Figures, answer
from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.survey import declare
from obsy.engine.declare.target import FixedTarget
from obsy.engine.forecast.backtest import backtest
from obsy.engine.forecast.climate import Climate
from obsy.engine.forecast.forecast import forecasts
from obsy.engine.forecast.question import ForecastQuestion, GoalForecast, nights_from
from obsy.engine.forecast.weather import ClearSpells, clear_spells
from obsy.engine.night.tally import Tally
from obsy.engine.progress import NOTHING
from obsy.engine.runtime.planner import prepare
from obsy.engine.schedule.candidates import DoneSoFar
from obsy.engine.schedule.filling import FillingRule, NightFilling
from obsy.engine.schedule.fit import Timeline
from obsy.schemas.plan import Plan
from obsy.schemas.target import Position
from obsy.schemas.together import Together

ROOT = Path(__file__).resolve().parents[1]
FIRST, NIGHTS, TARGETS, DRAWS = date(2026, 11, 26), 30, 200, 200
PASTS, PLANS, AHEAD = 20, 10, 10
"""Stretches of nights that are held against a forecast made before them, what is wanted in each, and their nights."""
COMPARED, WISHES, EVERY = 100, 40, timedelta(days=3)
"""Nights that are held against the scheduler, what is wanted in each, and how far they lie apart."""


def crowded(count: int = TARGETS, seed: int = 1) -> Observatory:
    """Return the example's observatory with so many plans of one or three filters, anywhere north of -10 deg."""
    dice, alone = Random(seed), declare(ROOT)
    plans = tuple(_plan(dice, number) for number in range(count))
    targets = {each.name: FixedTarget(*aim(each)) for each in plans}
    return replace(alone, plans=plans, targets=targets)


def _plan(dice: Random, number: int) -> Plan:
    said = {
        "kind": "plan",
        "name": f"plan-{number}",
        "target": {"ra": f"{dice.uniform(0, 360):.3f} deg", "dec": f"{dice.uniform(-10, 80):.3f} deg"},
        "priority": dice.randint(1, 9),
        "want": [
            {
                "filter": dice.choice((["L"], ["Ha"], ["R", "G", "B"])),
                "exposure": f"{dice.choice((60, 120, 300))} s",
                "total": f"{dice.randint(1, 6)} h",
            }
        ],
        "when": {"altitude": "above 30 deg", "moon": f"farther than {dice.randint(20, 60)} deg"},
        "pipeline": "deep-sky",
    }
    return Plan.model_validate(said)


def bound(count: int, seed: int = 1) -> Observatory:
    """Return the same of less time each; half of the plans count only together, in groups or all three filters."""
    dice, crowd = Random(seed + 1000), crowded(count, seed)
    return replace(crowd, plans=tuple(_bound(dice, each, max(1, count // 6)) for each in crowd.plans))


def _bound(dice: Random, plan: Plan, groups: int) -> Plan:
    goal, hours = plan.want[0], dice.uniform(0.2, 2.0)
    frames = max(1, int(hours * 3600 / goal.exposure / len(goal.filter)))
    of = None if len(goal.filter) > 1 else f"group-{dice.randint(1, groups)}"
    together = Together(within="one night", of=of) if of is None or dice.random() < 0.5 else None
    want = (goal.model_copy(update={"total": None, "count": frames}),)
    return plan.model_copy(update={"want": want, "together": together})


def torn(observatory: Observatory, told: Sequence[GoalForecast]) -> set[str]:
    """Return of what counts only together, and was forecast in one draw of one night, what has some and not all."""
    of, some, lacking = {each.name: each.bond for each in observatory.plans}, set(), set()
    for each in told:
        if (name := of[each.plan]) is not None:
            some |= {name} if each.taken[0] else set()
            lacking |= {name} if each.taken[0] < (each.frames or 0) else set()
    return some & lacking


def aim(plan: Plan) -> tuple[float, float]:
    """Return where a plan of these points, degrees."""
    assert isinstance(plan.target, Position)  # noqa: S101
    return plan.target.ra, plan.target.dec


def compared(observatory: Observatory, day: date, *, whole: bool = False) -> tuple[float, float, float]:
    """Return the hours that the scheduler places in a night, those of the forecast, and those that both do.

    whole: with all of its rules and tries, not by the first alone.
    """
    planner = prepare(observatory, day)
    begin, grid = planner.night.start, planner.conditions.grid
    if whole:
        blocks = planner.schedule(Tally(), begin).blocks
    else:
        able = [each for each in planner.asked(Tally(), begin) if each.refused is None]
        timelines = [Timeline(grid, planner.costs, grid.start)]
        blocks = NightFilling(able, timelines, FillingRule(observatory.value)).filled()
    placed: Counter[tuple[str, str]] = Counter()
    for block in blocks:
        line = block.request.line
        placed[line.plan, line.key] += block.count
    told, _ = forecasts(observatory, DoneSoFar(), ForecastQuestion((day,), begin, 1, 1, Climate(1.0, "")))
    hours = {(each.plan, each.goal): each.exposure_s / 3600 for each in told}
    taken = {(each.plan, each.goal): each.taken[0] for each in told}
    both = sum(min(count, taken[key]) * hours[key] for key, count in placed.items())
    return (
        sum(count * hours[key] for key, count in placed.items()),
        sum(count * hours[key] for key, count in taken.items()),
        both,
    )


def history(observatory: Observatory, days: Sequence[date], sky: ClearSpells) -> Callable[[date], DoneSoFar]:
    """Return what is done before each night where the scheduler fills what is clear of each, and all is accepted.

    sky: one draw of the weather.
    """
    tally, before = Tally(), {}
    for number, day in enumerate(days):
        before[day] = DoneSoFar(dict(tally.progress), dict(tally.trains))
        planner = prepare(observatory, day)
        grid = planner.conditions.grid
        dark_s = (grid.end - grid.start).total_seconds()
        first_s, last_s = (float(each[0]) for each in sky.of(number, (0.0, dark_s)))
        if first_s >= last_s:
            continue
        begin = grid.start + timedelta(seconds=max(0.0, first_s))
        end = grid.start + timedelta(seconds=min(dark_s, last_s))
        for block in planner.schedule(tally, begin).blocks:
            each_s = (block.end - block.start) / block.count
            count = min(block.count, max(0, (end - block.start) // each_s))
            line, train = block.request.line, block.request.train
            mine = tally.progress.get((line.plan, line.key), NOTHING)
            tally.progress[line.plan, line.key] = replace(
                mine,
                frames=mine.frames + count,
                accepted=mine.accepted + count,
                done_s=mine.done_s + count * line.goal.exposure,
            )
            tally.trains[line.plan] = train
    last = DoneSoFar(dict(tally.progress), dict(tally.trains))
    return lambda day: before.get(day, last)


def covered(plans: int, nights: int, seed: int) -> tuple[int, int, float]:
    """Return of how many goals the frames lie within 10 and 90 %, of how many in all, and what came over the 50 %.

    The weather that came is one more draw of the climate, with nights that are clear in part.
    """
    observatory, days, weather = crowded(plans, seed), nights_from(FIRST + seed * EVERY, nights), Climate(0.5, "")
    begin = prepare(observatory, days[0]).night.start
    asked = ForecastQuestion(days, begin, DRAWS, 1, weather)
    found = backtest(observatory, history(observatory, days, clear_spells(weather, days, 1, 1000 + seed)), asked)
    told = [each for each in found if each.taken or any(each.forecast.taken)]
    hours = [np.array([each.taken, each.forecast.taken[1]]) * each.forecast.exposure_s / 3600 for each in told]
    over = np.sum(hours, axis=0)
    return sum(each.is_within for each in told), len(told), float(over[0] / max(over[1], 1e-9))


def figures() -> Figures:
    """Return seconds of one core, and how the hours compare."""
    observatory = crowded()
    begin = time.process_time()
    begin_at = prepare(observatory, FIRST).night.start
    asked = ForecastQuestion(nights_from(FIRST, NIGHTS), begin_at, DRAWS, 1, Climate(0.5, ""))
    told, _ = forecasts(observatory, DoneSoFar(), asked)
    seconds = time.process_time() - begin
    found: dict[str, float | int | str] = {
        "cpu_s": seconds,
        "goals": len(told),
        "done_half_of_the_time": sum(each.done[1] is not None for each in told),
    }
    for name, of, whole in (
        ("first_rule", crowded, False),
        ("scheduler", crowded, True),
        ("scheduler_with_wholes", bound, True),
    ):
        nights = ((of(WISHES, number), FIRST + number * EVERY) for number in range(COMPARED))
        placed, taken, both = np.array([compared(*each, whole=whole) for each in nights]).T
        found |= {f"hours_over_{name}": float(taken.sum() / placed.sum())}
        found |= {f"same_goals_as_{name}": float(both.sum() / placed.sum())}
        for part in (0, 10, 50, 90, 100):
            found[f"hours_over_{name}_{part}"] = float(np.percentile(taken / placed, part))
    within, goals, hours = np.array([covered(PLANS, AHEAD, seed) for seed in range(PASTS)]).T
    found |= {"pasts": PASTS, "goals_within_10_to_90": float(within.sum() / goals.sum())}
    found |= {"median_hours_over_half": float(np.median(hours))}
    return found


if __name__ == "__main__":
    answer(f"{NIGHTS} nights, {TARGETS} targets, {DRAWS} draws", figures())
