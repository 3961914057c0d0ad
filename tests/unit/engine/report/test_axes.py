from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.night_record import Span
from obsy.engine.report.axes import COLOURS, DASHES, GREY, AxisScale, TimeScale, line, look, runs, ticks

EVENING = datetime(2026, 11, 21, 17, 20, tzinfo=UTC)
FINITE = st.floats(-1e6, 1e6)


def test_a_scale_runs_from_end_to_end() -> None:
    y = AxisScale(0.0, 90.0, 300.0, 20.0)
    assert (y.at(0), y.at(45), y.at(90)) == (300.0, 160.0, 20.0)


@given(FINITE, FINITE, FINITE)
def test_nothing_lands_outside_the_page(low: float, high: float, value: float) -> None:
    assert -1e-9 <= AxisScale(min(low, high), max(low, high), 0.0, 100.0).at(value) <= 100.0 + 1e-9


def test_no_two_plans_look_alike_and_what_is_beyond_telling_apart_is_grey_with_its_name() -> None:
    own = [look(index) for index in range(COLOURS * DASHES)]
    assert len(set(own)) == len(own)
    assert GREY not in own
    assert look(len(own)) == GREY


def test_a_path_moves_then_draws() -> None:
    assert line([(0, 1), (2.25, 3.04)]) == "M0.00,1.0L2.25,3.0"


def test_no_points_are_no_path() -> None:
    assert line([]) == ""


def test_runs_are_first_and_one_past_last() -> None:
    assert runs([True, True, False, True]) == ((0, 2), (3, 4))


@given(st.lists(st.booleans(), max_size=40))
def test_runs_hold_exactly_the_true_flags(flags: list[bool]) -> None:
    inside = {index for first, last in runs(flags) for index in range(first, last)}
    assert inside == {index for index, flag in enumerate(flags) if flag}


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0, 100, (0, 50, 100)), (0, 6, (0, 2, 4, 6)), (-12.6, 9.9, (-10, 0)), (3, 3, (3,)), (0, 0.5, (0, 0.2, 0.4))],
)
def test_ticks_are_round(low: float, high: float, expected: tuple[float, ...]) -> None:
    assert ticks(low, high, 2) == expected


def test_hours_are_those_of_the_site() -> None:
    x = TimeScale(Span(EVENING, EVENING + timedelta(hours=3)), 0.0, 180.0)
    assert x.hours("Europe/Madrid") == ((40.0, "19"), (100.0, "20"), (160.0, "21"))


def test_an_hour_that_the_clocks_repeat_is_drawn_twice() -> None:
    start = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)  # clocks go back at 01:00 UTC on 2026-10-25
    x = TimeScale(Span(start, start + timedelta(hours=3)), 0.0, 180.0)
    assert x.hours("Europe/Madrid") == ((30.0, "02"), (90.0, "02"), (150.0, "03"))
