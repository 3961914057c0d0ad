"""What the fast filling takes of a clear night, held against the scheduler's own first answer."""

import cProfile
import pstats
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bench.forecast import compared, crowded
from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.target import FixedTarget
from obsy.engine.forecast.climate import Climate
from obsy.engine.forecast.forecast import forecasts
from obsy.engine.forecast.question import ForecastQuestion
from obsy.engine.runtime.planner import prepare
from obsy.engine.schedule.candidates import DoneSoFar
from obsy.schemas.mount import MeridianFlip

FIRST, MOONLESS = date(2026, 11, 26), date(2026, 12, 8)


def test_a_night_that_is_not_full_holds_what_the_scheduler_places_in_it() -> None:
    placed, taken, both = compared(crowded(6, seed=3), FIRST)
    assert placed > 1.0
    assert (taken, both) == (pytest.approx(placed, rel=0.05), pytest.approx(placed, rel=0.05))


@pytest.mark.slow(minutes=0.5)
@pytest.mark.parametrize("seed", range(5))
def test_a_night_that_many_want_goes_to_those_whom_the_scheduler_gives_it_to(seed: int) -> None:
    placed, taken, both = compared(crowded(60, seed), FIRST + timedelta(days=70 * seed))
    assert taken == pytest.approx(placed, rel=0.05)
    assert both > 0.85 * placed


def crossing(flip_s: float, past_s: float = 600.0, exposure_s: float = 120.0, ra_deg: float = 65.0) -> Observatory:
    """With one plan that wants all of the night, and crosses the meridian in the midst of it."""
    alone = crowded(1)
    want = alone.plans[0].want[0].model_copy(update={"total": 99 * 3600.0, "filter": ("L",), "exposure": exposure_s})
    plan = alone.plans[0].model_copy(update={"want": (want,)})
    meridian = MeridianFlip.model_construct(past=past_s, flip=flip_s)
    instruments = tuple(
        replace(each, mount=each.mount.model_copy(update={"meridian": meridian})) for each in alone.instruments
    )
    return replace(alone, plans=(plan,), targets={plan.name: FixedTarget(ra_deg, 45.0)}, instruments=instruments)


def test_a_flip_costs_what_it_costs_the_scheduler() -> None:
    hours = {}
    for flip_s in (0.0, 3600.0):
        placed, hours[flip_s], both = compared(crossing(flip_s), MOONLESS)
        assert both == pytest.approx(placed, abs=0.1)
        assert hours[flip_s] == pytest.approx(placed, abs=0.1)
    assert hours[0.0] - hours[3600.0] == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("ra_deg", [65.1, 65.2])
@pytest.mark.parametrize("past_s", [0.0, 600.0])
def test_a_mount_tracks_as_far_past_the_meridian_as_the_scheduler_lets_it(ra_deg: float, past_s: float) -> None:
    placed, taken, _ = compared(crossing(180.0, past_s, 2.0, ra_deg), MOONLESS)
    assert taken * 3600 == pytest.approx(placed * 3600, abs=1.0)


def test_a_night_that_is_clear_in_part_has_that_part_of_the_frames() -> None:
    """A quarter of the nights is clear, a quarter clouded, and the rest clear for any part."""
    observatory = crossing(180.0)
    weather = Climate(0.5, "", persistence=0.0, partly=0.5)
    begin = prepare(observatory, MOONLESS).night.start
    ((one,), _) = forecasts(observatory, DoneSoFar(), ForecastQuestion((MOONLESS,), begin, 400, 1, weather))
    none, half, whole = one.taken
    assert none == 0
    assert half == pytest.approx(whole / 2, rel=0.25)


def test_a_draw_is_not_looked_at_while_it_waits_for_what_is_due_later() -> None:
    """A visit that a cloud delayed is due as late in the next night: a look at each instant until then is hundreds."""
    never_up, visited = crowded(2, seed=3).plans
    want = visited.want[0].model_copy(update={"total": None, "count": 3, "every": 1.0, "filter": ("L",)})
    plans = (never_up, visited.model_copy(update={"want": (want,)}))
    targets = {never_up.name: FixedTarget(65.0, -80.0), visited.name: FixedTarget(65.0, 45.0)}
    observatory = replace(crowded(2, seed=3), plans=plans, targets=targets)
    begin = prepare(observatory, FIRST).night.start
    days = (FIRST, FIRST + timedelta(days=1))
    asked = ForecastQuestion(days, begin, 40, 1, Climate(0.5, "", persistence=0.0, partly=0.5))
    profile = cProfile.Profile()
    profile.runcall(forecasts, observatory, DoneSoFar(), asked)
    called = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    assert 0 < sum(row[0] for (_, _, name), row in called.items() if name == "_step") < 60
