from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from importlib import resources

import erfa
import numpy as np
import pytest
from astropy.coordinates import AltAz, EarthLocation, angular_separation, get_body, solar_system_ephemeris
from skyfield.api import Star, load, load_file

from obsy.engine.declare.names import known
from obsy.engine.schedule.conditions import body
from obsy.engine.sky.body import Fixed, coordinates, sun
from obsy.engine.sky.earth import horizontal
from obsy.engine.sky.grid import Grid
from obsy.schemas.target import Planet
from tests.support.turning import instants

DE421 = str(resources.files("skyfield_data") / "data" / "de421.bsp")


def test_a_galaxy_stays_where_it_is(evening: Grid, calar_alto):
    ra, dec = coordinates(Fixed(10.684708, 41.268750), evening, calar_alto)
    assert np.allclose(ra, 10.684708, rtol=0, atol=1e-12)
    assert np.allclose(dec, 41.268750, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ["moon", "mercury", "venus", "mars", "jupiter", "saturn", "uranus", "neptune"])
def test_a_planet_is_seen_where_astropy_sees_it(name, calar_alto, evening: Grid):
    grid = Grid(evening.start, 7200.0, 13)
    times = instants(grid)
    location = EarthLocation.from_geodetic(calar_alto.longitude_deg, calar_alto.latitude_deg, calar_alto.elevation_m)
    with solar_system_ephemeris.set(DE421):
        theirs = get_body(name, times, location).transform_to(AltAz(obstime=times, location=location))
    ours = horizontal(*coordinates(Planet(body=name), grid, calar_alto), grid, calar_alto)
    apart = angular_separation(
        np.radians(ours.azimuth_deg), np.radians(ours.altitude_deg), theirs.az.rad, theirs.alt.rad
    )
    assert np.degrees(apart).max() * 3600 < 0.5


@pytest.mark.long
def test_between_the_knots_the_moon_is_where_astropy_sees_it(calar_alto, evening: Grid):
    times = instants(evening)
    location = EarthLocation.from_geodetic(calar_alto.longitude_deg, calar_alto.latitude_deg, calar_alto.elevation_m)
    with solar_system_ephemeris.set(DE421):
        theirs = get_body("moon", times, location).transform_to(AltAz(obstime=times, location=location))
    ours = horizontal(*coordinates(Planet(body="moon"), evening, calar_alto), evening, calar_alto)
    assert np.abs(ours.altitude_deg - theirs.alt.deg).max() * 3600 < 0.2


@pytest.mark.parametrize("name", ["moon", "mercury"])
def test_between_its_knots_a_body_is_where_it_is_on_a_knot(name, calar_alto, evening: Grid):
    first, step = 7, 15  # minutes: between two knots of the evening's
    on_knots = Grid(evening.at(first), 60.0 * step, 50)
    ra, dec = (each[first::step][:50] for each in coordinates(Planet(body=name), evening, calar_alto))
    their_ra, their_dec = coordinates(Planet(body=name), on_knots, calar_alto)
    apart = angular_separation(*np.radians((ra, dec, their_ra, their_dec)))
    assert np.degrees(apart).max() * 3600 < 0.03


def test_the_sun_stands_as_high_as_astropy_says(calar_alto, evening: Grid):
    grid = Grid(evening.start, 3600.0, 25)
    times = instants(grid)
    location = EarthLocation.from_geodetic(calar_alto.longitude_deg, calar_alto.latitude_deg, calar_alto.elevation_m)
    theirs = get_body("sun", times, location).transform_to(AltAz(obstime=times, location=location))
    assert np.abs(sun(grid, calar_alto).altitude_deg - theirs.alt.deg).max() * 3600 < 1


@pytest.mark.parametrize(
    "star",
    [
        Fixed(269.452083, 4.693389, -802.8, 10362.5),  # Barnard's star
        Fixed(0.0001, -62.0, 6000.0, -3000.0),  # as fast over RA 0
        Fixed(37.95456, 89.264109, 44.5, -11.9),  # Polaris
    ],
)
def test_a_star_that_moves_is_where_erfa_has_it(star):
    for year in (1970, 2026, 2070):
        when = datetime(year, 6, 1, 12, tzinfo=UTC)
        years = (when - datetime(2000, 1, 1, 12, tzinfo=UTC)).days / 365.25
        ra, dec = np.radians((star.ra_deg, star.dec_deg))
        east, north = np.radians((star.east_mas / np.cos(dec) / 3.6e6, star.north_mas / 3.6e6))
        theirs = erfa.pmpx(ra, dec, east, north, 0.0, 0.0, years, np.zeros(3))
        ra, dec = np.radians(star.on(when))
        ours = np.array((np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)))
        assert np.linalg.norm(ours - theirs) * 206265 < 1e-3


@pytest.mark.parametrize("month", [1, 4, 7, 10])
@pytest.mark.parametrize(
    "star",
    [
        Fixed(217.42894, -62.67948, -3781.7, 769.5, 768.1),  # Proxima Centauri
        Fixed(101.28716, -16.71612, -546.0, -1223.1, 379.2),  # Sirius
        Fixed(0.0001, 89.9, 100.0, 0.0, 500.0),  # beside the pole
    ],
)
def test_a_star_that_is_near_swings_as_skyfield_has_it(star: Fixed, month: int):
    timescale = load.timescale(builtin=True)
    when = datetime(2027, month, 5, tzinfo=UTC)
    moving = {"ra_mas_per_year": star.east_mas, "dec_mas_per_year": star.north_mas, "parallax_mas": star.parallax_mas}
    theirs = Star(ra_hours=star.ra_deg / 15, dec_degrees=star.dec_deg, **moving)
    with closing(load_file(DE421)) as planets:
        ra, dec, _ = planets["earth"].at(timescale.from_datetime(when)).observe(theirs).radec()
    seen, unswung = (np.radians(each.on(when)) for each in (star, replace(star, parallax_mas=0.0)))
    assert np.degrees(angular_separation(*seen, ra.radians, dec.radians)) * 3.6e6 < 1.0  # mas
    assert np.degrees(angular_separation(*unswung, ra.radians, dec.radians)) * 3.6e6 > 100


def test_barnards_star_is_minutes_of_arc_from_where_it_was_in_2000(evening: Grid, calar_alto):
    ra, dec = coordinates(body(known("Barnard's star")), evening, calar_alto)
    # SIMBAD: 17 57 48.49847 +04 41 36.1139 in J2000.0, -801.551 and +10362.394 mas a year;
    # Hipparcos, whose are ours, has 10328
    years = (evening.start - datetime(2000, 1, 1, 12, tzinfo=UTC)).total_seconds() / (365.25 * 86400)
    north, east = (dec - 4.69336497) * 3600, (ra - 269.4520769) * 3600 * np.cos(np.radians(4.7))
    np.testing.assert_allclose(north, 10.362394 * years, atol=1.2)
    np.testing.assert_allclose(east, -0.801551 * years, atol=0.5)
