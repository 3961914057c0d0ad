"""Dates that are downtime throughout are told; those that leave a night are not."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.declare.sense.downtime import covers
from obsy.schemas.constraints.dates import Dates
from obsy.schemas.constraints.downtime import Downtime

DAY = datetime(2031, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("down", "dates", "covered"),
    [
        (["after 2031-03-01"], "after 2031-03-01", True),
        (["after 2031-03-02"], "after 2031-03-01", False),
        (["after 2031-03-01 and before 2031-03-09"], "after 2031-03-01", False),
        (["after 2031-03-01 and before 2031-03-09"], "before 2031-03-09", False),
        (["before 2031-03-09"], "before 2031-03-09", True),
        (["before 2031-03-09"], "before 2031-03-10", False),
        (["after 2031-03-05", "before 2031-03-04"], "after 2031-01-01 and before 2031-12-31", True),  # noon to noon
        (["after 2031-03-06", "before 2031-03-04"], "after 2031-01-01 and before 2031-12-31", False),
        ([], "after 2031-03-01 and before 2031-03-02", False),
    ],
)
def test_downtimecovers_dates_where_no_night_is_left(down: list[str], dates: str, covered: bool) -> None:
    found = [Downtime.model_validate(each) for each in down]
    assert covers(found, Dates.model_validate(dates), 15.0) is covered


SPANS = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 6)), max_size=5)


@given(SPANS, st.integers(0, 12), st.integers(1, 6))
def test_what_is_covered_has_no_day_that_is_not(down: list[tuple[int, int]], first: int, days: int) -> None:
    def between(begin: int, count: int) -> dict[str, str]:
        ends = (DAY + timedelta(days=begin), DAY + timedelta(days=begin + count))
        return dict(zip(("after", "before"), (f"{each:%Y-%m-%d %H:%M} UTC" for each in ends), strict=True))

    found = [Downtime.model_validate(between(*each)) for each in down]
    left = [day for day in range(first, first + days) if not any(b <= day < b + n for b, n in down)]
    assert covers(found, Dates.model_validate(between(first, days)), 0.0) is (left == [])
