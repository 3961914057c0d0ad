import tracemalloc
from datetime import UTC, datetime

import numpy as np
import pytest
from astropy.coordinates import AltAz, EarthLocation, SkyCoord
from astropy.time import Time

import tests.support.turning  # noqa: F401  astropy asks no network
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.tracks import tracks
from obsy.schemas.target import Planet

M31, M42 = Fixed(10.6847, 41.2688), Fixed(83.8221, -5.3911)


def test_company_changes_no_view(evening, calar_alto):
    alone, (_, together, _) = (
        tracks([M42], evening, calar_alto)[0],
        tracks([M31, M42, Planet(body="mars")], evening, calar_alto),
    )
    for name in ("altitude_deg", "azimuth_deg", "hour_angle_h", "moon_separation_deg"):
        assert np.array_equal(getattr(alone, name), getattr(together, name))


@pytest.mark.long
@pytest.mark.once
def test_many_targets_hold_hardly_more_meanwhile_than_what_is_kept_of_them(evening, calar_alto):
    many = [Fixed(0.35 * number, 80 - 0.1 * number) for number in range(1000)]
    tracks(many[:1], evening, calar_alto)  # what all nights share
    tracemalloc.start()
    try:
        found = tracks(many, evening, calar_alto)
        kept, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    numbers = len(many) * evening.count * 8
    assert (
        kept < 4.5 * numbers
    )  # altitude, azimuth, hour angle and the Moon's distance; a place that stays is one number
    assert most < 1.5 * kept
    (alone,) = tracks(many[-1:], evening, calar_alto)
    assert np.array_equal(found[-1].altitude_deg, alone.altitude_deg)


def test_every_array_is_as_long_as_the_grid(evening, calar_alto):
    (track,) = tracks([M31], evening, calar_alto)
    arrays = {name: value for name, value in vars(track).items() if name not in {"grid", "longitude_deg", "phases"}}
    assert {name: array.shape for name, array in arrays.items()} == dict.fromkeys(arrays, (evening.count,))


def test_the_moon_is_no_distance_from_itself(evening, calar_alto):
    (track,) = tracks([Planet(body="moon")], evening, calar_alto)
    assert track.moon_separation_deg.max() < 1e-6
    assert np.array_equal(track.altitude_deg, track.moon_altitude_deg)


def test_nothing_asked_is_nothing_seen(evening, calar_alto):
    assert tracks([], evening, calar_alto) == ()


def test_after_a_leap_second_the_sky_is_a_second_late_at_most(calar_alto):
    grid = Grid(datetime(2016, 12, 31, 18, tzinfo=UTC), 3600.0, 13)  # 23:59:60 followed 23:59:59 that night
    (track,) = tracks([Fixed(83.8, -5.4)], grid, calar_alto)
    times = Time([grid.at(index).replace(tzinfo=None) for index in range(grid.count)])
    location = EarthLocation.from_geodetic(calar_alto.longitude_deg, calar_alto.latitude_deg, calar_alto.elevation_m)
    theirs = SkyCoord(83.8, -5.4, unit="deg").transform_to(AltAz(obstime=times, location=location)).alt.deg
    apart_s = np.abs(track.altitude_deg - theirs) * 3600 / 15
    assert apart_s[:6].max() < 0.05
    assert 0.3 < apart_s[7:].max() < 1.05
