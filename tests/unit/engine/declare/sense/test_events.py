"""Events that can be had within a year, by plain arithmetic, as astropy has it."""

from datetime import UTC, datetime, timedelta

import astropy.units as u
import pytest
from astropy.coordinates import AltAz, EarthLocation, SkyCoord, get_sun
from astropy.time import Time

from obsy.engine.declare.sense.events import J2000, EventSpan, _can_be_had, _is_free
from obsy.engine.declare.sense.visibility import Bounds, Visibility
from obsy.engine.declare.target import FixedTarget
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
    return Visibility(when=when or When(), sky=CAPELLA, site=SITE, bounds=Bounds(lowest_deg=30.0), **rest)  # type: ignore[arg-type]


@pytest.mark.once
def test_it_is_free_when_astropy_says_that_it_is_high_and_dark() -> None:
    moments = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=61 * number) for number in range(144)]
    times, place = Time(moments), EarthLocation(lat=40 * u.deg, lon=-4 * u.deg, height=700 * u.m)
    frame = AltAz(obstime=times, location=place)
    high = SkyCoord(CAPELLA.ra_deg * u.deg, CAPELLA.dec_deg * u.deg).transform_to(frame).alt.deg
    sun = get_sun(times).transform_to(frame).alt.deg
    near = [abs(h - 30) < 1.5 or abs(s + 18) < 0.5 for h, s in zip(high, sun, strict=True)]
    expected = [bool(h > 30 and s < -18) for h, s in zip(high, sun, strict=True)]
    seen = [_is_free(visible(), (moment - J2000).total_seconds() / 86400) for moment in moments]
    assert [s for s, n in zip(seen, near, strict=True) if not n] == [
        e for e, n in zip(expected, near, strict=True) if not n
    ]
    assert 10 < sum(expected) < 80


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
