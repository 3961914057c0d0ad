"""Where a place in the catalogue stands for a mount of today, against astropy."""

import math
from datetime import UTC, datetime

import astropy.units as u
import pytest
from astropy.coordinates import TETE, AltAz, EarthLocation, SkyCoord
from astropy.time import Time

from obsy.engine.devices.directions import (
    altitude_azimuth,
    hour_angle_declination,
    hour_angle_deg,
    of_date,
    off_deg,
    off_park_deg,
)
from obsy.schemas.mount import ParkPosition
from obsy.schemas.site import Location
from tests.support.turning import any_date

WHEN = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
PLACE = EarthLocation(lat=45 * u.deg, lon=-88 * u.deg, height=100 * u.m)
PLACES = [(70.0, 50.0), (200.0, -20.0), (359.9, 0.0)]


@pytest.mark.once
@pytest.mark.parametrize(("ra_deg", "dec_deg"), PLACES)
def test_places_of_date_agree_with_astropy_but_for_aberration(ra_deg, dec_deg):
    ours = SkyCoord(*of_date(ra_deg, dec_deg, WHEN), unit="deg", frame=TETE(obstime=Time(WHEN), location=PLACE))
    with any_date():
        theirs = SkyCoord(ra_deg, dec_deg, unit="deg").transform_to(ours.frame)
    assert ours.separation(theirs).arcsec < 21  # the constant of aberration is 20.5 arcsec


@pytest.mark.parametrize(("ra_deg", "dec_deg"), PLACES)
def test_the_horizon_agrees_with_astropy(ra_deg, dec_deg):
    altitude, azimuth = altitude_azimuth(*of_date(ra_deg, dec_deg, WHEN), Location(45.0, -88.0), WHEN)
    frame = AltAz(obstime=Time(WHEN), location=PLACE)
    with any_date():
        theirs = SkyCoord(ra_deg, dec_deg, unit="deg").transform_to(frame)
    assert SkyCoord(azimuth, altitude, unit="deg", frame=frame).separation(theirs).deg < 0.02


@pytest.mark.parametrize(("ra_deg", "dec_deg"), PLACES)
def test_from_the_horizon_the_way_leads_back_to_the_equator(ra_deg: float, dec_deg: float) -> None:
    here = Location(45.0, -88.0)
    altitude, azimuth = altitude_azimuth(ra_deg, dec_deg, here, WHEN)
    hour_angle, declination = hour_angle_declination(altitude, azimuth, here.latitude_deg)
    assert declination == pytest.approx(dec_deg, abs=1e-9)
    sidereal = float(Time(WHEN).sidereal_time("apparent", EarthLocation(lat=45 * u.deg, lon=-88 * u.deg)).deg)
    assert (sidereal - ra_deg - hour_angle + 180.0) % 360.0 == pytest.approx(180.0, abs=0.005)


@pytest.mark.parametrize(("ra_deg", "dec_deg"), PLACES)
@pytest.mark.parametrize("east_deg", [-0.4, 0.3])
def test_what_lies_near_a_target_is_as_far_off_as_astropy_says(ra_deg: float, dec_deg: float, east_deg: float) -> None:
    place = ((ra_deg + east_deg) % 360.0, dec_deg + 0.2)
    theirs = SkyCoord(*place, unit="deg").separation(SkyCoord(ra_deg, dec_deg, unit="deg")).deg
    assert off_deg(place, (ra_deg, dec_deg)) == pytest.approx(theirs, rel=0.01)


@pytest.mark.parametrize("no_number", [math.nan, math.inf])
def test_a_place_that_is_no_number_is_neither_near_nor_far(no_number: float) -> None:
    assert math.isnan(off_deg((no_number, 50.0), (70.0, 50.0)))


def test_how_far_a_mount_is_from_where_it_parks_counts_across_the_north_and_less_when_it_is_high():
    north = ParkPosition.model_construct(azimuth=1.0, altitude=60.0)
    assert off_park_deg(60.0, 359.0, north) == pytest.approx(1.0)
    assert off_park_deg(57.0, 359.0, north) == pytest.approx(3.0)


@pytest.mark.parametrize(("ra_deg", "dec_deg"), PLACES)
def test_the_hour_angle_is_that_of_the_direction(ra_deg: float, dec_deg: float) -> None:
    site = Location(45.0, -88.0)
    altitude, azimuth = altitude_azimuth(ra_deg, dec_deg, site, WHEN)
    theirs, _ = hour_angle_declination(altitude, azimuth, 45.0)
    assert hour_angle_deg(ra_deg, site, WHEN) == pytest.approx(theirs, abs=1e-9)
