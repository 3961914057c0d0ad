"""What circles the Earth, and what hangs still over the ground."""

from datetime import UTC, datetime
from importlib import resources

import numpy as np
import pytest
from skyfield.api import EarthSatellite, load, load_file, wgs84

from obsy.engine.sky.body import coordinates
from obsy.engine.sky.earth import horizontal
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.satellite import over
from obsy.engine.sky.shadow import outside_km, shadow
from obsy.engine.sky.tracks import tracks
from obsy.schemas.site import Location
from obsy.schemas.target import OverGround, Satellite

STATION = (
    "1 25544U 98067A   08264.51782528 -.00002182  00000-0 -11606-4 0  2927",
    "2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.72125391563537",
)
FALLING = STATION[0].replace("-.00002182  00000-0 -11606-4 0  2927", " .90000000  00000-0  99999-0 0  2921")
DE421 = str(resources.files("skyfield_data") / "data" / "de421.bsp")
PLACE = Location(38.0, -2.5, 1000.0)
GRID = Grid(datetime(2008, 9, 20, 12, tzinfo=UTC), 300.0, 289)


@pytest.mark.once
def test_a_satellite_stands_where_skyfield_says() -> None:
    altitude, azimuth = over(Satellite(tle=STATION), GRID, PLACE)
    time = load.timescale(builtin=True).from_datetimes([GRID.at(index) for index in range(GRID.count)])
    theirs = (EarthSatellite(*STATION) - wgs84.latlon(*PLACE)).at(time).altaz()
    np.testing.assert_allclose(altitude, theirs[0].degrees, atol=0.01 / 3600)
    np.testing.assert_allclose((azimuth - theirs[1].degrees + 180) % 360 - 180, 0.0, atol=0.1 / 3600)


@pytest.mark.long
@pytest.mark.once
def test_a_satellite_is_lit_when_skyfield_says() -> None:
    grid, satellite = Grid(GRID.start, 10.0, 8641), Satellite(tle=STATION)
    time = load.timescale(builtin=True).from_datetimes([grid.at(index) for index in range(grid.count)])
    kernel = load_file(DE421)
    theirs = EarthSatellite(*STATION).at(time).is_sunlit(kernel)
    kernel.close()
    ours = outside_km(satellite, grid, PLACE) >= 0
    assert 0.3 < np.mean(~theirs) < 0.4
    assert np.count_nonzero(ours != theirs) <= 2  # within a second of an edge
    (track,) = tracks([satellite], grid, PLACE)
    found = shadow(satellite, track, PLACE)
    assert [found.is_lit(grid.at(index)) for index in range(0, grid.count, 100)] == ours[::100].tolist()
    changes = np.flatnonzero(np.diff(theirs))
    passed = sorted(each.when for each in (*found.enters, *found.leaves))
    assert len(passed) == len(changes)
    apart_s = [(each - grid.at(int(at))).total_seconds() for each, at in zip(passed, changes, strict=True)]
    assert all(-1 < each < 11 for each in apart_s)
    assert found.begins_lit == bool(theirs[0])


@pytest.mark.parametrize("year", [1960, 2027, 2060])
def test_beyond_the_tables_of_the_earths_rotation_a_satellite_is_still_found(year: int) -> None:
    grid = Grid(datetime(year, 11, 26, 12, tzinfo=UTC), 3600.0, 3)
    assert np.all(np.isfinite(over(Satellite(tle=STATION), grid, PLACE)))


def test_a_satellite_among_the_stars_is_where_it_is_over_the_ground() -> None:
    satellite = Satellite(tle=STATION)
    seen = horizontal(*coordinates(satellite, GRID, PLACE), GRID, PLACE)
    np.testing.assert_allclose(seen.altitude_deg, over(satellite, GRID, PLACE)[0], atol=1e-6)


@pytest.mark.parametrize(("altitude", "azimuth"), [(45.0, 180.0), (0.0, 359.9), (89.99, 10.0)])
def test_a_place_over_the_ground_stays_there_while_the_stars_pass(altitude: float, azimuth: float) -> None:
    place = OverGround.model_validate({"altitude": f"{altitude} deg", "azimuth": f"{azimuth} deg"})
    ra_deg, dec_deg = coordinates(place, GRID, PLACE)
    seen = horizontal(ra_deg, dec_deg, GRID, PLACE)
    np.testing.assert_allclose(seen.altitude_deg, altitude, atol=1e-6)
    np.testing.assert_allclose(seen.azimuth_deg, azimuth, atol=1e-3)
    assert np.ptp(np.unwrap(np.radians(ra_deg))) == pytest.approx(2 * np.pi * 1.0027379, abs=0.01)


def test_one_that_has_come_down_by_its_elements_is_never_up() -> None:
    grid = Grid(datetime(2018, 9, 20, 12, tzinfo=UTC), 3600.0, 25)
    checked = FALLING[:-1] + str(sum(int(each) if each.isdigit() else each == "-" for each in FALLING[:-1]) % 10)
    altitude, _ = over(Satellite(tle=(checked, STATION[1])), grid, PLACE)
    assert np.all(altitude == -90.0)
