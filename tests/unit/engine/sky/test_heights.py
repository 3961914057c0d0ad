"""Many fixed places at once stand where each stands alone."""

from datetime import UTC, datetime

import numpy as np
import pytest

from obsy.engine.sky.earth import horizontal
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.heights import heights
from obsy.schemas.site import Location

GRID = Grid(datetime(2026, 12, 10, 18, tzinfo=UTC), 1800.0, 24)


@pytest.mark.parametrize("latitude", [-33.0, 38.16, 78.0])
def test_all_round_the_sky_they_are_within_an_arcminute(latitude: float) -> None:
    chance, place = np.random.default_rng(8), Location(latitude, -2.33, 1600.0)
    ra, dec = chance.uniform(0, 360, 300), np.degrees(np.arcsin(chance.uniform(-1, 1, 300)))
    altitude, azimuth = heights(ra, dec, GRID, place)
    truth = horizontal(ra[:, None], dec[:, None], GRID, place)
    assert np.abs(altitude - truth.altitude_deg).max() < 1 / 60
    along = (azimuth - truth.azimuth_deg + 180) % 360 - 180
    assert np.abs(along * np.cos(np.radians(altitude))).max() < 1 / 60
