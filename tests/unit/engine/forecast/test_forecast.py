"""When goals are done: what must hold of every forecast, whatever the weather."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bench.forecast import crowded
from obsy.cli.outlook import page
from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.survey import declare
from obsy.engine.forecast.climate import Climate
from obsy.engine.forecast.forecast import forecasts
from obsy.engine.forecast.question import ForecastQuestion, GoalForecast, nights_from
from obsy.engine.progress import Progress
from obsy.engine.schedule.candidates import DoneSoFar
from obsy.engine.schedule.conditions import observing_night
from obsy.engine.signal import Signal
from obsy.schemas.proof import Proof

FIRST, BEGIN = date(2026, 11, 26), datetime(2026, 11, 26, 12, tzinfo=UTC)
EIGHT = crowded(8, seed=2)


def told(
    of: Observatory = EIGHT, clear: float = 0.5, done: DoneSoFar | None = None, **change: object
) -> list[GoalForecast]:
    asked = ForecastQuestion(nights_from(FIRST, 3), BEGIN, 20, 1, Climate(clear, ""))
    return forecasts(of, done or DoneSoFar(), replace(asked, **change))[0]  # type: ignore[arg-type]


@pytest.mark.long
def test_the_same_seed_gives_the_same_forecast_and_dates_are_in_order() -> None:
    once = told()
    assert once == told()
    assert once != told(seed=2)
    for each in once:
        nights = [day or date.max for day in each.done]
        assert nights == sorted(nights)
        assert (each.done[1] is not None) == (each.chance >= 0.5)


def test_no_clear_night_finishes_nothing_and_none_but_clear_ones_leave_no_doubt() -> None:
    assert {each.chance for each in told(clear=0.0)} == {0.0}
    sure = told(clear=1.0)
    assert {each.chance for each in sure} <= {0.0, 1.0}
    assert any(each.chance for each in sure)
    assert all(len(set(each.done)) == 1 for each in sure)


def test_what_is_done_counts() -> None:
    first = told(clear=1.0)
    wanted = {(each.plan, each.goal): each.frames or 0 for each in first}
    all_of_it = DoneSoFar(dict.fromkeys(wanted, Progress(accepted=999, done_s=1e9)))
    assert {(each.frames, each.chance) for each in told(done=all_of_it)} == {(0, 1.0)}
    key = next(key for key, count in wanted.items() if count > 10)
    exposed_s = next(plan for plan in EIGHT.plans if plan.name == key[0]).want[0].exposure * (wanted[key] - 1)
    (nearly,) = (
        each for each in told(done=DoneSoFar({key: Progress(done_s=exposed_s)})) if (each.plan, each.goal) == key
    )
    assert nearly.frames == 1


def test_without_a_plan_all_is_as_if_it_were_not_declared_and_one_that_wants_all_of_the_time_delays_others() -> None:
    want = EIGHT.plans[0].want[0].model_copy(update={"total": 99 * 3600.0})
    greedy = EIGHT.plans[0].model_copy(update={"urgency": "immediate", "want": (want,)})
    asked = ForecastQuestion(nights_from(FIRST, 3), BEGIN, 20, 1, Climate(0.7, ""), without=("plan-0",))
    with_it, without = forecasts(replace(EIGHT, plans=(greedy, *EIGHT.plans[1:])), DoneSoFar(), asked)
    assert without == told(replace(EIGHT, plans=EIGHT.plans[1:]), clear=0.7)
    later = {(each.plan, each.goal): each.chance for each in with_it}
    assert sum(later[each.plan, each.goal] for each in without) < sum(each.chance for each in without) - 0.5


def test_a_plan_that_is_never_up_says_why() -> None:
    position = EIGHT.targets["plan-0"]._replace(dec_deg=-80.0)
    south = replace(EIGHT, targets={**EIGHT.targets, "plan-0": position})
    never = {each.plan: each.never for each in told(south)}
    assert never["plan-0"] == "it stays behind the measured horizon while it is dark"
    assert "" in never.values()


def visited_each(days: float) -> list[GoalForecast]:
    """With a plan that is wanted at once, and takes most of a night every so many days."""
    goal = EIGHT.plans[0].want[0].model_copy(update={"total": None, "count": 500, "every": days})
    first = EIGHT.plans[0].model_copy(update={"want": (goal,), "urgency": "immediate"})
    return told(replace(EIGHT, plans=(first, *EIGHT.plans[1:])), clear=1.0)


def test_what_is_visited_again_and_again_is_never_done_and_takes_its_time_when_it_is_due() -> None:
    often, once = visited_each(1.0), visited_each(30.0)
    assert {each.chance for each in often if each.is_visits} == {0.0}
    assert sum(each.chance for each in often) < sum(each.chance for each in once) - 0.5


def test_the_next_event_is_told_and_had_only_where_its_night_is_clear(root: Path) -> None:
    """XO-6 b: half of its transit and the baseline before the middle that its ephemeris gives.

    Ephemeris: Ridden-Harper et al. 2020, AJ 160, 249. The light from there comes up to 10 minutes earlier or later than
    at the barycentre, and TDB is 69 s ahead of UTC.
    """
    alone = declare(root, root / "plans" / "xo-6-b.yaml")
    middle = 2456652.7157 + 3.7649893 * 1256
    expected = datetime(2026, 12, 7, tzinfo=UTC) + timedelta(days=middle - 2461381.5, hours=-2.9 / 2, minutes=-20)
    days, begin = nights_from(date(2026, 12, 5), 3), datetime(2026, 12, 5, 12, tzinfo=UTC)
    for clear in (0.0, 1.0):
        asked = ForecastQuestion(days, begin, 10, 1, Climate(clear, ""))
        ((one,), _) = forecasts(alone, DoneSoFar(), asked)
        assert one.event is not None
        assert abs(one.event - expected) < timedelta(minutes=10)
        assert (one.frames, one.chance) == (None, clear)
        assert one.done == ((date(2026, 12, 6),) * 3 if clear else (None,) * 3)


@pytest.mark.parametrize(("latitude", "day"), [(None, date(2026, 12, 8)), (62.0, date(2027, 6, 20))])
def test_an_event_that_has_been_covered_is_done_and_one_that_was_begun_is_not(
    root: Path, latitude: float | None, day: date
) -> None:
    """XO-6 b's transit of 2026-12-06 with its baselines, 23:07 to 02:41 UTC: all of it in hand, or its first hour.

    In June no night is dark 62 deg north, which changes nothing of what was covered before.
    """
    here = declare(root, root / "plans" / "xo-6-b.yaml")
    site = here.site.model_copy(update={"latitude": latitude or here.site.latitude})
    alone = replace(here, site=site)
    assert bool(observing_night(alone, day).dark) == (latitude is None)
    first, begin = datetime(2026, 12, 6, 22, 50, tzinfo=UTC), datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    asked = ForecastQuestion(nights_from(day, 1), begin, 5, 1, Climate(0.0, ""))
    (goal,) = forecasts(alone, DoneSoFar(), asked)[0]
    for hours, frames, chance in ((4, 0, 1.0), (1, None, 0.0)):
        taken = tuple(first + timedelta(seconds=122 * each) for each in range(hours * 3600 // 122))
        known = DoneSoFar({(goal.plan, goal.goal): Progress(accepted=len(taken), accepted_at=taken)})
        (one,) = forecasts(alone, known, asked)[0]
        assert (one.frames, one.chance) == (frames, chance)


def test_late_in_the_first_night_a_plan_that_is_never_up_says_why_as_of_dusk() -> None:
    position = EIGHT.targets["plan-0"]._replace(dec_deg=-80.0)
    south = replace(EIGHT, targets={**EIGHT.targets, "plan-0": position})
    late = BEGIN + timedelta(hours=15)
    (why,) = {each.never for each in told(south, begin=late) if each.plan == "plan-0"}
    assert why == told(south)[0].never
    assert why and "what is left" not in why


def test_a_goal_in_signal_to_noise_has_no_date_before_a_frame_tells_how_many_it_takes() -> None:
    goal = EIGHT.plans[0].want[0].model_copy(update={"total": None, "count": None, "until": Proof(snr=20)})
    of = replace(EIGHT, plans=(EIGHT.plans[0].model_copy(update={"want": (goal,)}),))
    (unknown,) = told(of, clear=1.0)
    assert (unknown.is_untold, unknown.frames, unknown.chance, unknown.done) == (True, None, 0.0, (None,) * 3)
    known = DoneSoFar({(unknown.plan, unknown.goal): Progress(accepted=10, signal=Signal(390.0, 10, summed=60.0))})
    (shown,) = told(of, clear=1.0, done=known)
    assert (shown.is_untold, shown.frames, shown.chance) == (False, 1, 1.0)
    asked = ForecastQuestion(nights_from(FIRST, 3), BEGIN, 20, 1, Climate(1.0, ""))
    assert "  no date: its first frames are to tell how many it takes" in page([unknown], [], asked)
