"""The limits of a mosaic hold for each of its tiles, where that tile stands."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from obsy.engine.declare.target import FixedTarget
from obsy.engine.night.tally import Tally
from obsy.engine.runtime.planner import prepare
from obsy.engine.schedule.request import Candidate
from obsy.schemas.plan import Plan
from tests.support.almanac import Almanac
from tests.support.equipment import example

DAY = date(2026, 11, 21)
RA_DEG, DEC_DEG = 38.2, -15.0


def tiles(**when: str) -> list[Candidate]:
    """What is asked of a column of two tiles that are 0.95 deg wide, the upper one first."""
    said = {"kind": "plan", "name": "pair", "pipeline": "deep-sky", "mosaic": {"columns": 1, "rows": 2}, "when": when}
    want = [{"filter": "L", "exposure": "60 s", "count": 5}]
    plan = Plan.model_validate(said | {"target": {"ra": f"{RA_DEG} deg", "dec": f"{DEC_DEG} deg"}, "want": want})
    target = FixedTarget(RA_DEG, DEC_DEG)
    planner = prepare(replace(example(), plans=(plan,), targets={"pair": target}, horizon=None), DAY)
    return planner.asked(Tally(), planner.night.start)


def highest_deg(dec_deg: float) -> float:
    """How high it comes that night, by astropy."""
    upper, _ = tiles()
    grid = upper.track.grid if upper.track is not None else None
    assert grid is not None
    when = [grid.start + timedelta(minutes=n) for n in range(grid.count)]
    return float(Almanac(example().site.location, when).seen(RA_DEG, dec_deg).altitude_deg.max())


@pytest.mark.long
@pytest.mark.once
def test_a_tile_that_stands_too_low_is_not_taken_though_the_middle_is_high_enough() -> None:
    upper, lower = tiles(altitude=f"above {highest_deg(DEC_DEG):.2f} deg")
    assert upper.refused is None
    assert lower.refused is not None
    assert lower.refused.code == "altitude"


def test_a_tile_is_seen_where_it_stands_by_astropy() -> None:
    for tile in tiles():
        assert tile.track is not None
        grid = tile.track.grid
        when = [grid.start + timedelta(seconds=float(second)) for second in grid.seconds[::60]]
        seen = Almanac(example().site.location, when).seen(float(tile.ra_deg[0]), float(tile.dec_deg[0]))
        assert tile.track.altitude_deg[::60] == pytest.approx(seen.altitude_deg, abs=1e-3)
        assert tile.track.hour_angle_h[::60] == pytest.approx(seen.hour_angle_h, abs=1e-3)
        assert tile.track.moon_separation_deg[::60] == pytest.approx(seen.moon_apart_deg, abs=0.03)
        assert np.array_equal(tile.hour_angle_h, tile.track.hour_angle_h)
