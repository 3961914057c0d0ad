"""Tracks that a test writes down number by number."""

from datetime import UTC, datetime

import numpy as np

from obsy.engine.sky.grid import Grid
from obsy.engine.sky.track import Track


def six_instants(**arrays: list[float]) -> Track:
    """A track of six instants a minute apart: all zeros but for what the test says."""
    grid = Grid(datetime(2026, 11, 21, 20, tzinfo=UTC), 60.0, 6)
    names = set(Track.__dataclass_fields__) - {"grid", "longitude_deg", "phases"}
    return Track(grid=grid, **{name: np.array(arrays.get(name, [0.0] * 6), dtype=float) for name in names})
