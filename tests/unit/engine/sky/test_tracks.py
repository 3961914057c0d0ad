import numpy as np

from obsy.engine.sky.body import Fixed
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
