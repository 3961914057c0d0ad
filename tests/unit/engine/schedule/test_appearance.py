"""A target's course through a night, against astroplan."""

from datetime import UTC, date, datetime

import pytest

from obsy.engine.declare.names import known
from obsy.engine.schedule.appearance import Appearance, appearance
from obsy.schemas.site import Site

DAY = date(2026, 11, 26)


def seen(name: str, latitude: str = "38 deg", day: date = DAY) -> Appearance:
    target = known(name)
    assert target is not None
    place = {"kind": "site", "name": "here", "latitude": latitude, "longitude": "-2.5 deg", "elevation": "1000 m"}
    return appearance(target, Site.model_validate(place | {"timezone": "Europe/Madrid"}), day)


def test_a_star_rises_transits_and_sets_when_astroplan_says() -> None:
    # astroplan 0.10.1, horizon -34 arcmin: 21:24:23, 02:32:15 and 07:40:08 UTC
    found = seen("Sirius")
    said = [datetime(2026, 11, 26, 21, 24, 23), datetime(2026, 11, 27, 2, 32, 15), datetime(2026, 11, 27, 7, 40, 8)]
    for ours, theirs in zip((found.rise, found.transit, found.set), said, strict=True):
        assert ours is not None
        assert abs((ours - theirs.replace(tzinfo=UTC)).total_seconds()) < 30
    assert found.highest_deg == pytest.approx(90 - 38 - 16.75, abs=0.1)


def test_what_never_sets_only_transits() -> None:
    found = seen("Polaris")
    assert (found.rise, found.set) == (None, None)
    assert found.transit is not None


def test_what_never_rises_is_below_the_horizon_all_night() -> None:
    found = seen("sigma Oct")
    assert (found.rise, found.set) == (None, None)
    assert found.highest_deg < 0


def test_a_white_night_has_no_best_moment() -> None:
    found = seen("Vega", latitude="66 deg", day=date(2026, 6, 21))
    assert (found.dusk, found.best, found.best_deg, found.moon_deg) == (None, None, None, None)


def test_the_best_moment_lies_in_the_dark() -> None:
    found = seen("M31")
    assert found.dusk is not None
    assert found.dawn is not None
    assert found.best is not None
    assert found.dusk <= found.best <= found.dawn
    assert found.best_deg == pytest.approx(found.highest_deg, abs=0.1)


def test_what_moves_is_seen_where_it_is_that_night() -> None:
    # the same elements by jplephem's DE421 and the two-body orbit of scripts/pack-orbits.py: 116.152, +25.664
    found = seen("Ceres")
    assert (found.ra_deg, found.dec_deg) == pytest.approx((116.152, 25.664), abs=0.003)
