import astropy.units as u
import numpy as np
import pytest
from astropy.coordinates import AltAz, EarthLocation, HADec, SkyCoord, angular_separation

from obsy.engine.sky.grid import Grid
from obsy.engine.sky.horizontal import horizontal
from obsy.engine.sky.instants import instants
from obsy.engine.sky.location import Location


@pytest.fixture(params=[-31.27, 0.0, 37.22, 78.2])
def place(request) -> Location:
    return Location(request.param, -2.5463, 2168.0)


@pytest.fixture
def stars() -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(20261121)
    ra, z = chance.uniform(0, 360, (12, 1)), chance.uniform(-1, 1, (12, 1))
    return ra, np.degrees(np.arcsin(z))


def location(place: Location) -> EarthLocation:
    return EarthLocation.from_geodetic(place.longitude_deg, place.latitude_deg, place.elevation_m)


def test_altitude_and_azimuth_are_astropys_within_an_arcsecond(stars, evening: Grid, place):
    ours = horizontal(*stars, evening, place)
    theirs = SkyCoord(*stars, unit="deg").transform_to(AltAz(obstime=instants(evening), location=location(place)))
    apart = angular_separation(
        np.radians(ours.azimuth_deg), np.radians(ours.altitude_deg), theirs.az.rad, theirs.alt.rad
    )
    assert ours.altitude_deg.shape == (12, evening.count)
    assert np.degrees(apart).max() * 3600 < 0.001


def test_the_hour_angle_is_astropys_within_an_arcsecond(stars, evening: Grid, place):
    ours = horizontal(*stars, evening, place).hour_angle_h
    frame = HADec(obstime=instants(evening), location=location(place))
    theirs = SkyCoord(*stars, unit="deg").transform_to(frame).ha.wrap_at(180 * u.deg).hourangle
    apart_h = (ours - theirs + 12) % 24 - 12
    assert np.abs(apart_h).max() * 15 * 3600 < 1


def test_a_single_place_gives_one_row(evening: Grid, calar_alto):
    assert horizontal(10.68, 41.27, evening, calar_alto).altitude_deg.shape == (evening.count,)
