"""Directions over the site."""

from datetime import UTC, datetime, timedelta
from math import radians, sin

import pytest
from astropy.coordinates import TETE, get_body
from astropy.time import Time
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.devices.simulated.ephemeris import airmass, moon, of_date, of_j2000, overhead, standing, sun
from obsy.engine.separation import separation_deg
from obsy.schemas.site import Location
from tests.support.turning import any_date

PLACE = Location(38.16, -2.33)


@given(st.floats(1, 89), st.floats(0, 359), st.floats(1.7e9, 1.9e9))
def test_there_and_back(altitude, azimuth, at_s):
    stands = standing(*overhead(altitude, azimuth, PLACE, at_s), PLACE, at_s)
    assert separation_deg((stands.azimuth_deg, stands.altitude_deg), (azimuth, altitude)) < 1e-6


@given(st.floats(5, 90))
def test_airmass_agrees_with_another_formula(altitude):
    """Source: Kasten & Young 1989, Applied Optics 28, 4735."""
    other = 1 / (sin(radians(altitude)) + 0.50572 * (altitude + 6.07995) ** -1.6364)
    assert airmass(altitude) == pytest.approx(other, rel=0.004)


@pytest.mark.slow
@pytest.mark.parametrize("days", range(0, 30, 5))
@pytest.mark.parametrize(("body", "light", "within"), [("sun", sun, 0.02), ("moon", moon, 0.4)])
def test_it_stands_where_astropy_says(days, body, light, within):
    when = datetime(2026, 11, 21, tzinfo=UTC) + timedelta(days=days)
    with any_date():
        truth = get_body(body, Time(when)).transform_to(TETE(obstime=Time(when)))
    found = light(when.timestamp())
    assert separation_deg((found.ra_deg, found.dec_deg), (truth.ra.deg, truth.dec.deg)) < within


@given(st.floats(0, 359), st.floats(-89, 89), st.floats(1.7e9, 1.9e9))
def test_a_place_of_date_comes_back_to_j2000(ra, dec, at_s):
    assert separation_deg(of_j2000(*of_date(ra, dec, at_s), at_s), (ra, dec)) < 1e-6
