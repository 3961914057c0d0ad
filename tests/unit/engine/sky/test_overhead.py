"""At which hour angles a declination is free."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from obsy.engine.sky.horizon import Skyline
from obsy.engine.sky.overhead import TURN, Overhead, narrowed
from obsy.schemas.constraints.altitude import Altitude
from obsy.schemas.constraints.hour_angle import HourAngle
from obsy.schemas.when import When
from tests.support.effort import examples

HILLS = Skyline.through([(0.0, 5.0), (100.0, 30.0), (180.0, 10.0), (260.0, 25.0)], [(0.0, 70.0), (90.0, 90.0)])
LIMITS = [HILLS, Altitude.model_construct(above=12.0, below=85.0)]


@settings(deadline=None, max_examples=examples(20))
@given(st.floats(-1.5, 1.5), st.floats(-1.57, 1.57), st.lists(st.floats(0, TURN), min_size=5, max_size=5))
def test_within_its_spans_it_is_free_and_outside_it_is_not(latitude: float, dec: float, hours: list[float]) -> None:
    over = Overhead(LIMITS, latitude)
    begins, ends = (each[0, 0] for each in over.spans(np.array([[dec, dec + 1e-4]])))
    margins = over.margin(np.array(dec), np.array(hours))
    for hour, margin in zip(hours, margins.tolist(), strict=True):
        held = any(a <= hour + turn <= b for a, b in zip(begins, ends, strict=True) for turn in (0.0, TURN, -TURN))
        near = np.abs(margin) < 0.3  # degrees: it may be in a gap of less than two minutes
        assert near or held == (margin >= 0)


def test_what_is_always_free_has_no_ends_and_what_is_never_has_no_span() -> None:
    over = Overhead([Altitude.model_construct(above=20.0)], np.radians(60.0))
    begins, ends = over.spans(np.radians([[85.0, 85.001], [-80.0, -80.001]]))
    assert (begins[0] == -np.inf).all()
    assert (ends[0] == np.inf).all()
    assert np.isnan(begins[1]).all()


def test_a_span_of_hour_angles_goes_through_the_meridian() -> None:
    begins, ends = Overhead([HourAngle.model_construct(above=-2.0, below=3.0)], 0.5).spans(np.array([[0.3, 0.3]]))
    assert begins[0, 0, 0] * 24 / TURN % 24 == pytest.approx(22.0, abs=1e-3)
    assert (ends - begins)[0, 0, 0] * 24 / TURN == pytest.approx(5.0, abs=1e-3)


def test_without_limits_all_is_free() -> None:
    assert Overhead([], 0.5).spans(np.array([[0.3, 0.3]]))[0][0, 0, 0] == -np.inf


def test_an_air_mass_is_the_same_limit_as_its_altitude() -> None:
    thin = When.model_validate({"airmass": "below 2"}).airmass
    assert thin is not None
    begins, ends = Overhead([thin], 0.6).spans(np.array([[0.3, 0.3]]))
    edges = Overhead([thin], 0.6).margin(np.array(0.3), np.array([begins[0, 0, 0], ends[0, 0, 0]]))
    assert edges == pytest.approx([0.0, 0.0], abs=1e-5)


def test_it_is_narrowed_from_the_side_where_limits_are_kept() -> None:
    found = narrowed(lambda at: at <= np.array([0.3, 0.7]), np.zeros(2), np.ones(2))
    assert found == pytest.approx([0.3, 0.7], abs=1 / 4000)
    assert (found <= [0.3, 0.7]).all()
