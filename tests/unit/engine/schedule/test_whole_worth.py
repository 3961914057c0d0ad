"""What is finished, and how far the goal of a picture that lags most has come on, whatever is left of the others."""

from collections.abc import Callable

import pytest

from obsy.engine.schedule.request import Candidate
from obsy.engine.schedule.whole_worth import WholeWorth
from obsy.schemas.value import Value

WEIGHTS = Value.model_construct(completion=2.0, balance=0.5)


def test_a_picture_comes_on_with_its_slowest_goal_and_what_is_finished_counts_an_hour_at_most(
    ask: Callable[..., Candidate],
) -> None:
    two = [ask("a", goal="L", count=30), ask("a", goal="R", count=10), ask("a", goal="R", train="wide", count=10)]
    whole = WholeWorth.of([*two, ask("b", count=4, exposure_s=360.0)], WEIGHTS)
    assert whole.counts == (30, 10, 4)
    assert whole.finished == pytest.approx((2.0, 1.0, 0.8))  # of 1.5 h one hour, half an hour, and 0.4 h
    finished, balance_h, single_h = 2.0 + 1.0, 0.5 * 2.0, 0.5 * 0.4  # a picture of 1.5 and 0.5 h, and one of 0.4 h
    for left, value in (
        ((30, 10, 4), 0.0),
        ((15, 10, 4), 0.0),
        ((15, 5, 4), balance_h / 2),
        ((15, 0, 4), 1.0 + balance_h / 2),
        ((0, 0, 4), finished + balance_h),
        ((0, -1, 4), finished + balance_h),
        ((30, 10, 1), single_h * 0.75),
        ((30, 10, 0), 0.8 + single_h),
        ((0, 0, 0), finished + balance_h + 0.8 + single_h),
    ):
        assert whole.value(left) == pytest.approx(value), left
