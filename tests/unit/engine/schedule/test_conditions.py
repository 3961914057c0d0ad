"""No plan makes the Sun harmless: the darkness it asks for counts only if safety asks for no more."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.schedule.conditions import ObservingConditions, free, refusal
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.horizon import Skyline
from obsy.engine.sky.location import Location
from obsy.engine.sky.track import Track
from obsy.schemas.policy import SunHeightLimit
from obsy.schemas.when import Altitude, Sun, When

GRID = Grid(datetime(2026, 11, 21, 12, tzinfo=UTC), 60.0, 181)
SUN = np.linspace(-90.0, 90.0, GRID.count)
HIGH = np.full(GRID.count, 60.0)
NONE = np.zeros(GRID.count)
TRACK = Track(GRID, NONE, NONE, HIGH, NONE, NONE, SUN, NONE, NONE, NONE)
CONDITIONS = ObservingConditions(GRID, Location(38.2, -2.3), Skyline.through([(0.0, 0.0)]), {}, {})
REACH = Altitude.model_validate("above 0 deg")


def asking(below: float) -> When:
    """What a plan asks of the Sun, unchecked, as nobody but a fault of ours would hand it down."""
    return When.model_construct(
        altitude=None, airmass=None, moon=None, dates=None, meridian=None, sun=Sun.model_construct(below=below)
    )


@given(st.floats(-90.0, 90.0))
def test_nothing_is_ever_free_while_the_sun_is_too_high_for_a_roof(below: float) -> None:
    allowed = free(asking(below), TRACK, CONDITIONS, REACH)
    assert not allowed[SUN > -6.0].any()
    assert allowed[SUN <= min(below, -6.0)].all()


@pytest.mark.parametrize(("limit", "first"), [(-12.0, -12.0), (-1.0, -5.0)])
def test_the_stricter_of_plan_and_policy_counts(limit: float, first: float) -> None:
    policy = SunHeightLimit.model_construct(below=limit)
    conditions = ObservingConditions(GRID, CONDITIONS.place, CONDITIONS.skyline, {}, {}, policy)
    assert SUN[free(asking(-5.0), TRACK, conditions, REACH)].max() == first


def test_a_plan_for_daylight_is_told_that_it_is_never_dark() -> None:
    day = Track(GRID, NONE, NONE, HIGH, NONE, NONE, np.full(GRID.count, -3.0), NONE, NONE, NONE)
    assert refusal(asking(60.0), day, CONDITIONS, REACH).words == "the Sun is not below -6 deg"
