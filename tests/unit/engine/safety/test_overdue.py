"""What does not come in time is told, and again each time that as long has passed."""

import pytest

from obsy.engine.safety.overdue import Overdue


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ([(100.0, True), (109.9, True), (110.0, True)], [False, False, True]),
        ([(100.0, True), (115.0, True), (124.9, True), (125.0, True)], [False, True, False, True]),
        ([(100.0, True), (109.0, False), (110.0, True), (119.9, True), (120.0, True)], [False] * 4 + [True]),
        ([(100.0, False), (200.0, False), (201.0, True), (210.0, True), (211.0, True)], [False] * 4 + [True]),
    ],
)
def test_what_is_wanted_for_ten_seconds_without_a_break_is_overdue(
    asked: list[tuple[float, bool]], told: list[bool]
) -> None:
    overdue = Overdue(10.0)
    assert [overdue.is_so(now_s, wanted=wanted) for now_s, wanted in asked] == told
