from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from obsy.engine.sky.constraints import allows, reason
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.track import Track
from obsy.schemas.constraints.season import Season

YEAR = [date(2027, 1, 1) + timedelta(days=n) for n in range(365)]


def track(day):
    grid = Grid(datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC), 60.0, 2)
    return replace(Track(*[None] * 10), grid=grid)


@given(st.sampled_from(YEAR), st.sampled_from(YEAR), st.sampled_from(YEAR))
def test_a_season_lasts_from_its_first_day_to_its_last_also_over_new_year(first, last, today):
    season = Season.model_validate(f"after {first:%m-%d} and before {last:%m-%d}")
    in_it = first <= today <= last if first <= last else today >= first or today <= last
    assert allows(season, track(today))[0] == in_it


@pytest.mark.parametrize(("longitude", "noon"), [(-2.3, 12), (-155.5, 22), (157.4, 2)])
def test_each_night_is_in_its_season_from_noon_to_noon_of_its_longitude(longitude, noon):
    season = Season.model_validate("after 11-01 and before 03-15")
    for first, known in ((date(2026, 10, 31), [0, 1]), (date(2027, 3, 14), [1, 1, 0])):
        grid = Grid(datetime(first.year, first.month, first.day, noon, 30, tzinfo=UTC), 3600.0, 24 * len(known))
        found = allows(season, replace(Track(*[None] * 10), grid=grid, longitude_deg=longitude))
        assert [found[24 * night : 24 * night + 22].tolist() for night in range(len(known))] == [
            [bool(each)] * 22 for each in known
        ]


def test_a_season_is_said_as_it_was_written():
    season = Season.model_validate("after 11-01 and before 03-15")
    assert reason(season) == "it is not its season, from 11-01 to 03-15"
    assert Season.model_validate(season.said()) == season


@pytest.mark.parametrize(
    "said", ["after 1 Nov and before 03-15", "after 02-30 and before 03-15", "after 13-01 and before 01-01"]
)
def test_what_is_no_day_of_a_year_is_told(said):
    with pytest.raises(ValidationError, match="not-a-moment"):
        Season.model_validate(said)
