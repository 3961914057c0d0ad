"""What widens a limit, of one night: where dates begin to count, and when a season begins next."""

from datetime import UTC, date, datetime

import pytest

from obsy.engine.runtime.why.wider import WIDER
from obsy.schemas.constraints.season import Season


@pytest.mark.parametrize(
    ("old", "night", "begins"),
    [
        ((12, 1), date(2026, 11, 21), "2026-12-01"),
        ((12, 1), date(2026, 12, 1), "2027-12-01"),
        ((3, 1), date(2026, 11, 21), "2027-03-01"),
        ((2, 29), date(2026, 11, 21), "2027-03-01"),
        ((2, 29), date(2027, 11, 21), "2028-02-29"),
    ],
)
def test_the_next_date_of_a_season_is_one_that_there_is(old: tuple[int, int], night: date, begins: str) -> None:
    assert WIDER["season", "after"].begins(old, night) == begins
    season = Season.model_construct(after=old, before=old if old != (2, 29) else (3, 1))
    assert season.holds(date.fromisoformat(begins))


def test_only_what_has_not_begun_begins_of_itself() -> None:
    night, old = date(2026, 11, 21), datetime(2026, 12, 1, 20, 30, tzinfo=UTC)
    assert WIDER["dates", "after"].begins(old, night) == "2026-12-01 20:30 UTC"
    assert WIDER["dates", "after"].begins(old.date(), night) == "2026-12-01"
    for part, value in ((("dates", "before"), old), (("season", "before"), (12, 1)), (("phase", "after"), 0.5)):
        assert WIDER[part].begins(value, night) is None
    assert WIDER["season", "before"].said((2, 1)) == "02-01"
    assert WIDER["phase", "after"].said(0.25) == "0.25"


@pytest.mark.parametrize("night", [date(2026, 11, 21), date.max, date.min])
@pytest.mark.parametrize("old", [date(2031, 5, 1), date(2020, 5, 1), datetime(2031, 5, 1, 20, tzinfo=UTC)])
def test_dates_far_from_the_night_are_passed_over_and_near_ones_are_not(old: date, night: date) -> None:
    for part, way in (("after", 1), ("before", -1)):
        near = WIDER["dates", part].near(old, night)
        assert type(near) is type(old)
        assert (near.toordinal() - old.toordinal()) * way <= 0
        assert near == old or abs(near.toordinal() - night.toordinal()) == min(
            3, (date.max - night).days if way > 0 else night.toordinal() - 1
        )


def test_on_the_first_night_of_the_calendar_no_date_is_passed_over() -> None:
    assert WIDER["dates", "before"].near(date.min, date.min) == date.min
