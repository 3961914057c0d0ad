import astropy.units as u
import numpy as np
import pytest
from astropy.coordinates import AltAz, EarthLocation, SkyCoord, angular_separation, get_body
from astropy.time import Time

from obsy.engine.sky.body import Fixed, coordinates
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.horizontal import horizontal
from obsy.engine.sky.instants import instants
from obsy.engine.sky.solar_system import SolarSystemBody


def test_a_galaxy_stays_where_it_is(evening: Grid, calar_alto):
    ra, dec = coordinates(Fixed(10.684708, 41.268750), evening, calar_alto)
    assert np.allclose(ra, 10.684708, rtol=0, atol=1e-12)
    assert np.allclose(dec, 41.268750, rtol=0, atol=1e-12)


def test_barnards_star_moves_as_astropy_says(evening: Grid, calar_alto):
    # Motion from Gaia DR3
    star = SkyCoord(
        269.45208 * u.deg,
        4.69336 * u.deg,
        pm_ra_cosdec=-801.6 * u.mas / u.yr,
        pm_dec=10362.4 * u.mas / u.yr,
        distance=1.83 * u.pc,
        obstime=Time("J2000"),
    )
    theirs = star.apply_space_motion(new_obstime=instants(evening)[0])
    ra, dec = coordinates(Fixed(269.45208, 4.69336, -801.6, 10362.4), evening, calar_alto)
    apart = angular_separation(np.radians(ra[0]), np.radians(dec[0]), theirs.ra.rad, theirs.dec.rad)
    assert np.degrees(apart) * 3600 < 0.01


@pytest.mark.parametrize("name", ["moon", "mercury", "venus", "mars", "jupiter", "saturn", "uranus", "neptune"])
def test_a_planet_is_seen_where_astropy_sees_it(name, calar_alto, evening: Grid):
    grid = Grid(evening.start, 7200.0, 13)
    times = instants(grid)
    location = EarthLocation.from_geodetic(calar_alto.longitude_deg, calar_alto.latitude_deg, calar_alto.elevation_m)
    theirs = get_body(name, times, location, ephemeris="builtin").transform_to(AltAz(obstime=times, location=location))
    ours = horizontal(*coordinates(SolarSystemBody(name), grid, calar_alto), grid, calar_alto)
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
    ours = horizontal(*coordinates(SolarSystemBody("moon"), evening, calar_alto), evening, calar_alto)
    assert np.abs(ours.altitude_deg - theirs.alt.deg).max() * 3600 < 0.05
