"""What a site declares of its clear nights, what its record says of them, and what is assumed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from obsy.engine.fold import fold
from obsy.engine.forecast.clear_share import share_open
from obsy.engine.forecast.climate import CLEAR, PARTLY, climate
from obsy.engine.sky.grid import Window
from obsy.engine.sky.twilight import Night

DUSK = datetime(2026, 11, 26, 18, tzinfo=UTC)
NIGHT = Night(
    date(2026, 11, 26), DUSK - timedelta(hours=6), DUSK + timedelta(hours=18), None, None, None, None,
    (Window(DUSK, DUSK + timedelta(hours=10)),),
)  # fmt: skip


def record(*shares: float, first: date = date(2026, 1, 1)) -> dict[date, float]:
    return {first + timedelta(days=number): share for number, share in enumerate(shares)}


def test_what_is_declared_counts_before_the_record_and_that_before_the_assumption() -> None:
    assert climate(40.0, record(*[1.0] * 99)).clear == 0.4
    assert climate(0.0, {}).clear == 0.0
    assert climate(None, {}).clear == CLEAR
    assert "assumption" in climate(None, {}).source
    few, many = (climate(None, record(*[1.0] * count)).clear for count in (1, 90))
    assert CLEAR < few < 0.6
    assert many == pytest.approx(0.95)


def test_months_that_are_left_out_lie_between_their_neighbours_round_the_year() -> None:
    found = climate({3: 30.0, 6: 60.0, 12: 0.0}, {})
    assert found.by_month == pytest.approx((0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0))
    assert (found.on(date(2026, 6, 30)), found.on(date(2027, 12, 1))) == pytest.approx((0.6, 0.0))
    assert set(climate({5: 70.0}, {}).by_month) == {0.7}
    assert set(climate(70.0, {}).by_month) == set()


def test_nights_are_as_clear_as_their_own_months_and_not_as_the_year() -> None:
    found = climate({1: 30.0, 7: 70.0}, {})
    assert found.clear == 0.5
    assert found.over([date(2026, 1, 30), date(2026, 1, 31)]) == 0.3
    assert found.over([date(2026, 7, 31), date(2027, 1, 1)]) == 0.5
    assert climate(70.0, {}).over([date(2026, 1, 30)]) == 0.7


def test_a_month_on_record_is_drawn_to_the_mean_of_all_and_nights_in_part_are_counted() -> None:
    """Thirty clear nights in January, ten of half a night each in July."""
    found = climate(None, record(*[1.0] * 30) | record(*[0.5] * 10, first=date(2026, 7, 1)))
    assert found.clear == pytest.approx((30 + 5 + 5) / 50)
    assert found.by_month[0] == pytest.approx((30 + 10 * found.clear) / 40)
    assert found.by_month[6] == pytest.approx((5 + 10 * found.clear) / 20)
    assert found.by_month[3] == pytest.approx(found.clear)
    spread = 4 * found.clear * (1 - found.clear)
    assert found.partly == pytest.approx((10 + 10 * PARTLY * spread) / 50 / spread)
    assert climate(None, record(*[1.0] * 90)).partly < PARTLY


def verdict(hours: float, safe: bool) -> dict[str, object]:
    at = DUSK + timedelta(hours=hours)
    return {"time": at.isoformat(), "event": "verdict", "safe": safe, "reason": "" if safe else "cloud"}


def test_the_record_of_a_night_is_the_share_of_its_dark_in_which_it_was_safe() -> None:
    told = fold([verdict(-1, True), verdict(2, False), verdict(5, True), verdict(11, True)])
    assert share_open(told, NIGHT) == pytest.approx(0.7)
    begun_late = fold([verdict(5, False), verdict(7.5, True), verdict(11, True)])
    assert share_open(begun_late, NIGHT) == pytest.approx(0.5)


def test_a_record_that_covers_nothing_of_the_dark_says_nothing() -> None:
    assert share_open(fold([]), NIGHT) is None
    assert share_open(fold([verdict(-2, True), verdict(-1, True)]), NIGHT) is None
