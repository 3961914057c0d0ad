"""Days, solar time and nights, which no clock has a say in."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.moments import night_of, noon, solar

HILO = -155.08
MOMENTS = st.datetimes(datetime(1961, 1, 2), datetime(2099, 12, 30), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("when", "evening"),
    [
        (datetime(2026, 11, 21, 12, 10, 10, tzinfo=UTC), date(2026, 11, 20)),
        (datetime(2026, 11, 21, 12, 10, 11, tzinfo=UTC), date(2026, 11, 21)),
        (datetime(2026, 11, 22, 3, 0, tzinfo=UTC), date(2026, 11, 21)),
    ],
)
def test_a_night_is_named_by_its_evening(when: datetime, evening: date) -> None:
    assert night_of(when, -2.546) == evening


def test_a_site_in_hawaii_that_keeps_utc_has_its_night_in_one_piece() -> None:
    dusk, dawn = datetime(2026, 11, 22, 5, tzinfo=UTC), datetime(2026, 11, 22, 15, 30, tzinfo=UTC)  # 7 pm, 5.30 am
    assert {night_of(dusk + (dawn - dusk) * part / 20, HILO) for part in range(21)} == {date(2026, 11, 21)}


def test_beyond_the_date_line_a_night_has_the_date_of_its_longitude() -> None:
    kiritimati = datetime(2026, 11, 22, 6, tzinfo=UTC)  # 8 pm on the 22nd by its clocks, which are 14 h ahead of UTC
    assert night_of(kiritimati, -157.4) == date(2026, 11, 21)


@given(MOMENTS, st.floats(-180, 180))
def test_every_moment_lies_in_the_night_that_it_is_of(when: datetime, longitude: float) -> None:
    evening = night_of(when, longitude)
    assert noon(evening, longitude) <= when < noon(evening + timedelta(days=1), longitude)


@given(MOMENTS, st.floats(-180, 180))
def test_solar_time_is_four_minutes_a_degree_ahead(when: datetime, longitude: float) -> None:
    ahead_s = (solar(when, longitude) - when.replace(tzinfo=None)).total_seconds()
    assert abs(ahead_s - 240 * longitude) <= 0.5
