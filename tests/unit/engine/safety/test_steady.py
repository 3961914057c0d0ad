"""Steady time goes on as it did, however the clock is set."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.safety.steady import SteadyTime
from tests.support.fakes import SetClock

AT = datetime(2026, 11, 21, 20, tzinfo=UTC)
STEPS = st.lists(st.tuples(st.floats(0.0, 3600.0), st.floats(-7200.0, 7200.0)), max_size=8)


@given(STEPS)
def test_it_goes_on_as_it_did_however_the_clock_is_set(steps: list[tuple[float, float]]) -> None:
    clock = SetClock(AT)
    steady, passed = SteadyTime(clock), 0.0
    for passes_s, set_s in steps:
        clock.pass_by(passes_s)
        clock.set_by(set_s)
        passed += passes_s
        assert abs((steady.now() - AT).total_seconds() - passed) < 0.02
        taken = clock.now() - timedelta(seconds=30)
        assert abs((steady.now() - steady.since(taken)).total_seconds() - 30.0) < 0.02


@pytest.mark.parametrize(("set_s", "told"), [(5.0, ""), (-5.0, ""), (5.1, "set by +5 s"), (-1200.0, "set by -1200 s")])
def test_a_clock_that_is_set_by_more_than_five_seconds_is_told_of_once(set_s: float, told: str) -> None:
    clock = SetClock(AT)
    clock.pass_by(50.0)
    steady = SteadyTime(clock)
    clock.pass_by(100.0)
    assert steady.step() == ""
    clock.set_by(set_s)
    assert told in (said := steady.step())
    assert bool(said) is bool(told)
    assert steady.step() == ""


def test_each_time_it_is_told_how_far_the_clock_was_set_then() -> None:
    clock = SetClock(AT)
    steady = SteadyTime(clock)
    told = []
    for set_s in (60.0, -20.0):
        clock.set_by(set_s)
        told.append(steady.step().partition(":")[0])
    assert told == [f"the computer's clock was set by {by}" for by in ("+60 s", "-20 s")]


@pytest.mark.parametrize("set_s", [0.02, 0.5, -0.5])
def test_a_clock_that_was_set_by_a_little_is_put_right_and_not_taken_for_rounding(set_s: float) -> None:
    clock = SetClock(AT)
    steady = SteadyTime(clock)
    clock.set_by(set_s)
    assert abs((steady.now() - AT).total_seconds()) < 0.001


def test_small_steps_that_add_up_are_told_of() -> None:
    clock = SetClock(AT)
    steady = SteadyTime(clock)
    found = []
    for _ in range(4):
        clock.set_by(2.0)
        found.append(bool(steady.step()))
    assert found == [False, False, True, False]
