"""What counts only together is forecast whole, or not at all."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bench.forecast import EVERY, FIRST, bound, compared, history, torn
from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.target import FixedTarget
from obsy.engine.forecast.backtest import backtest
from obsy.engine.forecast.climate import Climate
from obsy.engine.forecast.forecast import forecasts
from obsy.engine.forecast.question import ForecastQuestion, GoalForecast, nights_from
from obsy.engine.forecast.weather import clear_spells
from obsy.engine.progress import Progress
from obsy.engine.runtime.planner import prepare
from obsy.engine.schedule.candidates import DoneSoFar
from obsy.engine.schedule.goal_line import lines
from obsy.schemas.together import Together

MOONLESS, SHOWERY = date(2026, 12, 8), Climate(0.5, "", persistence=0.0, partly=0.5)
"""A night; and a climate in which half of the nights are clear for a part alone."""


def one_draw(
    of: Observatory, seed: int, days: tuple[date, ...] = (FIRST,), weather: Climate = SHOWERY
) -> list[GoalForecast]:
    asked = ForecastQuestion(days, prepare(of, days[0]).night.start, 1, seed, weather)
    return forecasts(of, DoneSoFar(), asked)[0]


@pytest.mark.long
def test_no_draw_of_a_night_tears_what_counts_together() -> None:
    """Some of these nights are cut by clouds in the midst of it."""
    crowd, taken = bound(12, seed=1), 0
    for seed in range(12):
        found = one_draw(crowd, seed)
        assert not torn(crowd, found)
        taken += sum(each.taken[0] for each in found if each.plan in {plan.name for plan in crowd.plans if plan.bond})
    assert taken


@pytest.mark.slow
def test_of_what_counts_together_as_much_is_taken_as_the_scheduler_takes() -> None:
    nights = [compared(bound(40, seed), FIRST + seed * EVERY, whole=True) for seed in range(3)]
    placed, taken, both = map(sum, zip(*nights, strict=True))
    assert taken == pytest.approx(placed, rel=0.05)
    assert both > 0.65 * placed


def rivals(together: Together | None) -> Observatory:
    """Plans of 3 and 6 h that are high all night, of 11 h; and one that is wanted more, and high for 7 h of it."""
    three = bound(3, seed=1)
    asked = ((3, 1, 70.0, together), (6, 1, 70.0, together), (22, 9, 10.0, None))
    plans, targets = [], {}
    for plan, (hours, priority, dec_deg, of) in zip(three.plans, asked, strict=True):
        goal = plan.want[0].model_copy(update={"filter": ("L",), "exposure": 300.0, "count": 12 * hours, "total": None})
        plans.append(plan.model_copy(update={"want": (goal,), "priority": priority, "together": of}))
        targets[plan.name] = FixedTarget(65.0, dec_deg)
    return replace(three, plans=tuple(plans), targets=targets)


@pytest.mark.long
def test_what_counts_together_is_done_when_the_scheduler_has_it_whole() -> None:
    """Torn, the pair would be done two nights and one sooner, in what the rival leaves of the first nights."""
    days, sure = nights_from(MOONLESS, 5), Climate(1.0, "")
    pair, alone = rivals(Together(within="one night", of="pair")), rivals(None)
    whole, apart = ({each.plan: each.done[1] for each in one_draw(of, 1, days, sure)} for of in (pair, alone))
    asked = ForecastQuestion(days, prepare(pair, days[0]).night.start, 1, 1, sure)
    came = backtest(pair, history(pair, days, clear_spells(sure, days, 1, 1)), asked)
    assert whole == {each.forecast.plan: each.done for each in came}
    one, other, _ = (each.name for each in pair.plans)
    assert (apart[one], apart[other]) == (days[1], days[2])
    assert (whole[one], whole[other]) == (days[3], days[3])


def test_what_was_begun_tonight_is_completed_though_one_of_it_is_due_tomorrow() -> None:
    crowd = bound(6, seed=1)
    plan = next(each for each in crowd.plans if each.bond and len(each.want[0].filter) == 3)  # noqa: PLR2004
    goal = plan.want[0].model_copy(update={"count": 5, "every": 1.0})
    other = next(each for each in crowd.plans if not each.bond)  # a month of visits alone is not drawn: none is done
    plans = (plan.model_copy(update={"want": (goal,)}), other)
    alone = replace(crowd, plans=plans, targets={each.name: FixedTarget(65.0, 70.0) for each in plans})
    first, *others = (each.key for each in lines(alone.plans[0]))
    begun = prepare(alone, FIRST).conditions.grid.start + timedelta(minutes=30)
    had = Progress(5, 5, accepted_at=tuple(begun + timedelta(minutes=5 * number) for number in range(5)))
    asked = ForecastQuestion((FIRST,), begun + timedelta(minutes=30), 1, 1, Climate(1.0, ""))
    told, _ = forecasts(alone, DoneSoFar({(plan.name, first): had}), asked)
    taken = {each.goal: each.taken[0] for each in told if each.plan == plan.name}
    assert taken == {first: 0, **dict.fromkeys(others, 5)}
