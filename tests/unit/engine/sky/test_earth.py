from datetime import UTC, datetime

import astropy.units as u
import erfa
import numpy as np
import pytest
from astropy.coordinates import AltAz, EarthLocation, HADec, SkyCoord, angular_separation
from astropy.coordinates.erfa_astrom import ErfaAstrom
from astropy.time import Time
from skyfield.api import load

from obsy.engine.sky.earth import astrom_on, from_barycentre_au, from_centre_m, horizontal, rotation_unknown
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.instants import ClockTimes, JulianDates
from obsy.schemas.site import Location
from tests.support.turning import any_date, as_astropy, earth_location, instants, turning

METRE_AU, ARCSEC = 1 / 1.495978707e11, np.radians(1 / 3600)


def test_instants_are_those_of_the_grid():
    grid = Grid(datetime(2026, 11, 21, 17, 30, 0, 250000, tzinfo=UTC), 7.5, 1000)
    apart_s = (instants(grid)[-1] - Time(grid.end)).to_value("s")
    assert abs(apart_s) < 1e-6


@pytest.mark.once
def test_between_its_support_the_earth_is_where_astropy_puts_it_at_every_instant(evening: Grid, calar_alto):
    whole = ErfaAstrom.apco(AltAz(obstime=instants(evening), location=earth_location(calar_alto)))
    ours = astrom_on(evening, calar_alto)
    assert np.abs(ours["eb"] - whole["eb"]).max() < 0.1 * METRE_AU
    assert np.abs(ours["eral"] - whole["eral"]).max() < 1e-6 * ARCSEC
    assert np.abs(ours["bpn"] - whole["bpn"]).max() < 1e-6 * ARCSEC


@pytest.mark.parametrize("count", [1, 200])
def test_at_times_of_any_scale_an_observer_is_where_astropy_has_it(count: int, calar_alto):
    with turning(datetime(2026, 1, 1, tzinfo=UTC)):
        mjd = 61100.0 + np.arange(count) * 1.31
        moments = ClockTimes.of("TDB", JulianDates(np.full(count, 2_400_000.5), mjd))
        ours, place, when = from_barycentre_au(moments, calar_alto), earth_location(calar_alto), as_astropy(moments)
        whole = ErfaAstrom.apco(AltAz(obstime=when, location=place))
        early_s = when.light_travel_time(SkyCoord(31.0, 46.7, unit="deg"), location=place, ephemeris="builtin").sec
    assert np.abs(ours - whole["eb"]).max() < 0.2 * METRE_AU
    # astropy lets the Earth's radius of 21 ms be displaced by aberration, 1e-4
    light_s = ours @ erfa.s2c(*np.radians((31.0, 46.7))) / METRE_AU / 299_792_458
    assert np.abs(light_s - early_s).max() < 2.2e-6


@pytest.mark.parametrize("year", [1995, 2015, 2026])
def test_the_earth_turns_as_all_tables_of_astropy_say_in_any_year(year: int, calar_alto):
    grid = Grid(datetime(year, 3, 1, tzinfo=UTC), 300.0, 100)
    whole = ErfaAstrom.apco(AltAz(obstime=instants(grid), location=earth_location(calar_alto)))
    arcsec = 1e-6 if year == 2026 else 0.01  # of the years before, astropy asks a second table, 0.1 ms off in 1995
    assert np.abs(astrom_on(grid, calar_alto)["eral"] - whole["eral"]).max() < arcsec * ARCSEC


def test_a_place_is_as_far_from_the_earths_centre_as_astropy_has_it(calar_alto):
    theirs_m = [each.to_value("m") for each in earth_location(calar_alto).geocentric]
    assert from_centre_m(calar_alto) == pytest.approx(theirs_m, abs=1e-6)


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


@pytest.mark.once
def test_altitude_and_azimuth_are_astropys_within_an_arcsecond(stars, evening: Grid, place):
    ours = horizontal(*stars, evening, place)
    theirs = SkyCoord(*stars, unit="deg").transform_to(AltAz(obstime=instants(evening), location=location(place)))
    apart = angular_separation(
        np.radians(ours.azimuth_deg), np.radians(ours.altitude_deg), theirs.az.rad, theirs.alt.rad
    )
    assert ours.altitude_deg.shape == (12, evening.count)
    assert np.degrees(apart).max() * 3600 < 0.001


@pytest.mark.once
def test_the_hour_angle_is_astropys_within_an_arcsecond(stars, evening: Grid, place):
    ours = horizontal(*stars, evening, place).hour_angle_h
    frame = HADec(obstime=instants(evening), location=location(place))
    theirs = SkyCoord(*stars, unit="deg").transform_to(frame).ha.wrap_at(180 * u.deg).hourangle
    apart_h = (ours - theirs + 12) % 24 - 12
    assert np.abs(apart_h).max() * 15 * 3600 < 1


def test_a_single_place_gives_one_row(evening: Grid, calar_alto):
    assert horizontal(10.68, 41.27, evening, calar_alto).altitude_deg.shape == (evening.count,)


@pytest.mark.parametrize("year", [1970, 2030, 2045, 2075])
def test_beyond_the_tables_times_are_as_good_as_is_said(year: int) -> None:
    when = datetime(year, 6, 1, tzinfo=UTC)
    unknown = rotation_unknown(when)
    assert unknown is not None
    time = load.timescale(builtin=True).from_datetime(when)
    # Skyfield follows the Earth's measured turning, and what Morrison & Stephenson 2020 expect of it. UT1 - UTC:
    with any_date():
        tt_utc_s = float(Time(when).tt.mjd - Time(when).mjd) * 86400
    theirs_s = tt_utc_s - float(time.tt - time.ut1) * 86400
    assert abs(theirs_s) < unknown.seconds


def test_within_the_tables_nothing_is_to_be_said() -> None:
    assert rotation_unknown(datetime(1973, 1, 2, tzinfo=UTC)) is None
    assert rotation_unknown(datetime(2026, 11, 27, tzinfo=UTC)) is None
