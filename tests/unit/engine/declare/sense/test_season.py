"""In which months a target is up in the dark, against astropy's Sun and by what every observer knows."""

from datetime import date

import pytest
from astropy.coordinates import get_sun
from astropy.time import Time
from hypothesis import given
from hypothesis import strategies as st

import tests.support.turning  # noqa: F401  astropy asks no network
from obsy.engine.declare.declared import Entry
from obsy.engine.declare.sense.season import _asked, _dark, dark_months
from obsy.engine.declare.sense.visibility import SAMPLES, Reach, Visibility, horizontal
from obsy.engine.declare.target import FixedTarget
from obsy.schemas.when import When
from tests.support.equipment import example

SLACK_DEG = 1.0
"""The Sun's own way within half a day, and the precession since J2000, in which astropy gives its place."""


def months(ra_deg: float, dec_deg: float, latitude: float = 40.0) -> frozenset[int]:
    """When it stands above 30 deg in the dark."""
    here, entry = example(), Entry(None, None)  # type: ignore[var-annotated, arg-type]
    site = here.site.model_copy(update={"latitude": latitude})
    target = FixedTarget(ra_deg, dec_deg)
    return frozenset(dark_months(Visibility(entry, 0, When(), target, site, here.mounts[0], Reach(30.0))))


@pytest.mark.parametrize("day", [date(2027, 1, 5), date(2027, 6, 15), date(2027, 9, 25)])
@pytest.mark.parametrize("latitude_deg", [-30.0, 38.0, 60.0])
def test_the_dark_hours_are_those_of_astropys_sun(day: date, latitude_deg: float) -> None:
    sun, dark, limit_deg = get_sun(Time(day.isoformat())), _dark(day, latitude_deg, -12.0), -12.0
    for number in range(SAMPLES):
        altitude_deg, _ = horizontal(24 * number / SAMPLES - sun.ra.deg / 15, sun.dec.deg, latitude_deg)
        if abs(altitude_deg - limit_deg) > SLACK_DEG:
            assert bool(dark >> number & 1) == (altitude_deg < limit_deg)


def test_orion_is_for_the_winter_and_the_swan_for_the_summer() -> None:
    assert {11, 12, 1, 2} <= months(83.8, -5.4) <= {9, 10, 11, 12, 1, 2, 3}
    assert {5, 6, 7, 8, 9, 10} <= months(310.4, 45.3)
    assert months(0.0, 89.0) == {*range(1, 13)}


def test_where_no_night_comes_no_month_is_dark() -> None:
    assert not months(83.8, 60.0, 65.0) & {6, 7}


@given(st.sampled_from(range(1, 13)), st.sampled_from(range(1, 13)))
def test_a_season_touches_the_months_from_its_first_to_its_last(first: int, last: int) -> None:
    found = _asked(When.model_validate({"season": f"after {first:02}-05 and before {last:02}-20"}))
    assert found == {m for m in range(1, 13) if (first <= m <= last if first <= last else m >= first or m <= last)}


@pytest.mark.parametrize(
    ("dates", "months_left"),
    [
        ("after 2026-11-20 and before 2027-01-10", {11, 12, 1}),
        ("after 2026-11-20 and before 2027-11-19", {*range(1, 13)}),
        ("after 2026-11-20", {*range(1, 13)}),
    ],
)
def test_dates_with_two_ends_leave_their_months(dates: str, months_left: set[int]) -> None:
    assert _asked(When.model_validate({"dates": dates})) == months_left
