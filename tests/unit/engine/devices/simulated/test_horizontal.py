"""Directions over the site."""

from math import radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.devices.simulated.horizontal import SimulatedLocation, airmass, overhead, separation_deg, standing

PLACE = SimulatedLocation(38.16, -2.33)


@given(st.floats(1, 89), st.floats(0, 359), st.floats(1.7e9, 1.9e9))
def test_there_and_back(altitude, azimuth, at_s):
    stands = standing(*overhead(altitude, azimuth, PLACE, at_s), PLACE, at_s)
    assert separation_deg((stands.azimuth_deg, stands.altitude_deg), (azimuth, altitude)) < 1e-6


@given(st.floats(5, 90))
def test_airmass_agrees_with_another_formula(altitude):
    """Source: Kasten & Young 1989, Applied Optics 28, 4735."""
    other = 1 / (sin(radians(altitude)) + 0.50572 * (altitude + 6.07995) ** -1.6364)
    assert airmass(altitude) == pytest.approx(other, rel=0.004)
