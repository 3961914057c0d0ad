"""What a site declares of its clear nights, what its record says of them, and what is assumed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from obsy.engine.fold import fold
from obsy.engine.forecast.climate import CLEAR, climate, share_open
from obsy.engine.sky.grid import Window
from obsy.engine.sky.twilight import Night

DUSK = datetime(2026, 11, 26, 18, tzinfo=UTC)
NIGHT = Night(
    date(2026, 11, 26), DUSK - timedelta(hours=6), DUSK + timedelta(hours=18), None, None, None, None,
    (Window(DUSK, DUSK + timedelta(hours=10)),),
)  # fmt: skip


def test_what_is_declared_counts_before_the_record_and_that_before_the_assumption() -> None:
    assert climate(40.0, [1.0] * 99).clear == 0.4
    assert climate(0.0, []).clear == 0.0
    assert climate(None, []).clear == CLEAR
    assert "assumption" in climate(None, []).source
    few, many = (climate(None, [1.0] * count).clear for count in (1, 90))
    assert CLEAR < few < 0.6
    assert many == pytest.approx(0.95)


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
