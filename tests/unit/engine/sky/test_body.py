import numpy as np
import pytest
from astropy.coordinates import AltAz, EarthLocation, angular_separation, get_body

from obsy.engine.sky.body import Fixed, coordinates, sun
from obsy.engine.sky.earth import horizontal, instants
from obsy.engine.sky.grid import Grid
from obsy.schemas.target import Planet


def test_a_galaxy_stays_where_it_is(evening: Grid, calar_alto):
    ra, dec = coordinates(Fixed(10.684708, 41.268750), evening, calar_alto)
    assert np.allclose(ra, 10.684708, rtol=0, atol=1e-12)
    assert np.allclose(dec, 41.268750, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ["moon", "mercury", "venus", "mars", "jupiter", "saturn", "uranus", "neptune"])
def test_a_planet_is_seen_where_astropy_sees_it(name, calar_alto, evening: Grid):
    grid = Grid(evening.start, 7200.0, 13)
    times = instants(grid)
    location = EarthLocation.from_geodetic(calar_alto.longitude_deg, calar_alto.latitude_deg, calar_alto.elevation_m)
    theirs = get_body(name, times, location, ephemeris="builtin").transform_to(AltAz(obstime=times, location=location))
    ours = horizontal(*coordinates(Planet(body=name), grid, calar_alto), grid, calar_alto)
    apart = angular_separation(
        np.radians(ours.azimuth_deg), np.radians(ours.altitude_deg), theirs.az.rad, theirs.alt.rad
    )
    assert np.degrees(apart).max() * 3600 < 1


def test_between_the_knots_the_moon_is_where_astropy_sees_it(calar_alto, evening: Grid):
    times = instants(evening)
    location = EarthLocation.from_geodetic(calar_alto.longitude_deg, calar_alto.latitude_deg, calar_alto.elevation_m)
    theirs = get_body("moon", times, location, ephemeris="builtin").transform_to(
        AltAz(obstime=times, location=location)
    )
    ours = horizontal(*coordinates(Planet(body="moon"), evening, calar_alto), evening, calar_alto)
    assert np.abs(ours.altitude_deg - theirs.alt.deg).max() * 3600 < 0.05


def test_the_sun_stands_as_high_as_astropy_says(calar_alto, evening: Grid):
    grid = Grid(evening.start, 3600.0, 25)
    times = instants(grid)
    location = EarthLocation.from_geodetic(calar_alto.longitude_deg, calar_alto.latitude_deg, calar_alto.elevation_m)
    theirs = get_body("sun", times, location).transform_to(AltAz(obstime=times, location=location))
    assert np.abs(sun(grid, calar_alto).altitude_deg - theirs.alt.deg).max() * 3600 < 1
