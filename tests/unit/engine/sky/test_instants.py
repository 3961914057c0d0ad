from datetime import UTC, datetime

from astropy.time import Time
from astropy.utils import iers

from obsy.engine.sky.grid import Grid
from obsy.engine.sky.instants import instants


def test_nothing_is_ever_downloaded():
    assert instants and not iers.conf.auto_download


def test_instants_are_those_of_the_grid():
    grid = Grid(datetime(2026, 11, 21, 17, 30, 0, 250000, tzinfo=UTC), 7.5, 1000)
    apart_s = (instants(grid)[-1] - Time(grid.end)).to_value("s")
    assert abs(apart_s) < 1e-6
