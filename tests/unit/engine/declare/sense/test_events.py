"""Events that can be had within a year, by plain arithmetic, as the sky of a night has it."""

from datetime import UTC, datetime

import numpy as np
import pytest

from obsy.engine.declare.sense.events import J2000, EventSpan, _can_be_had, _is_free
from obsy.engine.declare.sense.visibility import Reach, Visibility
from obsy.engine.declare.target import FixedTarget
from obsy.engine.sky.body import sun
from obsy.engine.sky.earth import horizontal
from obsy.engine.sky.grid import Grid
from obsy.schemas.site import Site
from obsy.schemas.when import When

SITE = Site.model_validate(
    {
        "kind": "site",
        "name": "home",
        "latitude": "40 deg",
        "longitude": "-4 deg",
        "elevation": "700 m",
        "timezone": "UTC",
    }
)
CAPELLA = FixedTarget(79.1723, 45.998)


def visible(when: When | None = None) -> Visibility:
    rest = {"entry": None, "number": 0, "mount": None}
    return Visibility(when=when or When(), sky=CAPELLA, site=SITE, bounds=Reach(lowest_deg=30.0), **rest)  # type: ignore[arg-type]


def test_it_is_free_when_the_sky_of_a_night_has_it_high_and_dark() -> None:
    grid = Grid(datetime(2026, 1, 1, tzinfo=UTC), 61 * 3600.0, 144)
    high = horizontal(CAPELLA.ra_deg, CAPELLA.dec_deg, grid, SITE.location).altitude_deg
    depth = sun(grid, SITE.location).altitude_deg
    sure = (np.abs(high - 30) > 1.5) & (np.abs(depth + 18) > 0.5)
    seen = [_is_free(visible(), (grid.at(index) - J2000).total_seconds() / 86400) for index in range(grid.count)]
    np.testing.assert_array_equal(np.array(seen)[sure], ((high > 30) & (depth < -18))[sure])
    assert 10 < sum(seen) < 80


@pytest.mark.parametrize(("hours", "had"), [(4.0, True), (14.0, False)])
def test_an_event_can_be_had_only_from_its_beginning_to_its_end(hours: float, had: bool) -> None:
    start = (datetime(2026, 12, 20, 21, tzinfo=UTC) - J2000).total_seconds() / 86400
    assert _can_be_had(visible(), EventSpan(start, start + hours / 24)) is had


@pytest.mark.parametrize(
    ("season", "had"), [("after 11-01 and before 02-01", True), ("after 02-01 and before 11-01", False)]
)
def test_what_is_out_of_its_season_cannot_be_had(season: str, had: bool) -> None:
    when = When.model_validate({"season": season})
    start = (datetime(2026, 12, 20, 21, tzinfo=UTC) - J2000).total_seconds() / 86400
    assert _can_be_had(visible(when), EventSpan(start, start + 0.1)) is had
