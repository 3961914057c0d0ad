from datetime import UTC, date, datetime, timedelta

import pytest

from obsy.engine.report.curves import Curves, curves
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.flyover import flyovers
from obsy.engine.sky.grid import Window
from obsy.engine.sky.horizon import Skyline
from obsy.engine.sky.twilight import night
from obsy.schemas.constraints.altitude import Altitude
from obsy.schemas.constraints.sun import Sun
from obsy.schemas.site import Location
from obsy.schemas.target import Satellite
from tests.support.satellites import OVER, TLE

GREENWICH = Location(51.4779, 0.0, 47.0)


@pytest.fixture(scope="module")
def sky() -> Curves:
    """M31 and Polaris from Greenwich on a winter night, over a wall of 10 degrees in the north."""
    tonight = night(date(2026, 11, 21), GREENWICH)
    wall = Skyline.through([(0.0, 10.0), (90.0, 0.0), (270.0, 0.0)])
    bodies = {"m31": Fixed(10.6847, 41.2688), "polaris": Fixed(37.9546, 89.2641)}
    return curves(bodies, tonight, GREENWICH, wall, 15.0)


def test_every_plan_has_a_curve(sky: Curves) -> None:
    assert [curve.name for curve in sky.plans] == ["m31", "polaris"]


def test_curves_reach_from_before_sunset_to_after_sunrise(sky: Curves) -> None:
    assert sky.sun is not None
    assert sky.sun.altitude_deg[0] > 0 < sky.sun.altitude_deg[-1]
    assert min(sky.sun.altitude_deg) < -50


def test_polaris_stands_at_the_latitude(sky: Curves) -> None:
    polaris = sky.plans[1]
    assert polaris.altitude_deg == pytest.approx([51.48] * len(polaris.times), abs=0.8)


def test_m31_culminates_where_geometry_puts_it(sky: Curves) -> None:
    # 90 deg - latitude + declination, within what precession moves it until 2026.
    assert max(sky.plans[0].altitude_deg) == pytest.approx(90 - 51.478 + 41.269, abs=0.25)


def test_the_skyline_is_taken_in_each_direction(sky: Curves) -> None:
    assert sky.plans[1].skyline_deg == pytest.approx([10.0] * len(sky.plans[1].times), abs=0.2)


def test_the_moon_is_nearly_full(sky: Curves) -> None:
    assert sky.moon_illuminated_percent == pytest.approx(90, abs=4)  # full on 2026-11-24, 14:53 UTC (USNO)


def test_samples_are_five_minutes_apart(sky: Curves) -> None:
    times = sky.plans[0].times
    assert times[1] - times[0] == timedelta(minutes=5)
    assert times[0].tzinfo is UTC
    assert times[0] < datetime(2026, 11, 21, 16, tzinfo=UTC)


def test_what_flies_over_is_drawn_as_high_as_it_is_taken() -> None:
    tonight = night(date(2026, 11, 21), OVER)
    satellite = Satellite(tle=TLE)
    (drawn,) = curves({"p51": satellite}, tonight, OVER, Skyline.through([(0.0, 0.0)])).plans
    span = Window(tonight.start, tonight.end)
    limits = [Altitude.model_construct(above=25.0), Sun.model_construct(below=-10.0)]
    taken = flyovers(satellite, limits, span, OVER).lit
    assert taken
    for each in taken:
        assert drawn.at(each.highest) == pytest.approx(each.altitude_deg, abs=0.1)
        assert max(drawn.altitude_deg) >= each.altitude_deg - 1
    assert len(drawn.times) < 1000  # below the horizon every five minutes do
