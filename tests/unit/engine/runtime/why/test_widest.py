"""What does not seem to do is planned at its widest before it is said that nothing helps."""

from collections.abc import Callable
from typing import Any, cast

import pytest

from obsy.engine.runtime.why.changes import PRIORITY, Ladder
from obsy.engine.runtime.why.remedies import Remedy
from obsy.engine.runtime.why.trials import Gain, Trials
from obsy.engine.runtime.why.widest import AllAtOnce, unlikely
from obsy.schemas.plan import Plan

Sky = dict[str, int]


class Planned:
    """Stands for the night: says by the steps of a plan whether it gets time."""

    def __init__(self, gets: Callable[[Sky], bool], spare: int = 12, low: int = 0) -> None:
        """Nothing is planned yet."""
        self.gets, self.spare, self.low, self.asked = gets, spare, low, list[Sky]()

    def able(self, plan: Sky) -> bool:
        """Return whether it could be had at all."""
        return plan.get("altitude", 0) >= self.low

    def open_moments(self, plan: Sky) -> int:
        """Return how long it could be had."""
        return plan.get("altitude", 0) + (-9 if plan.get("after") == plan.get("before") == 9 else 0)

    def gain(self, plan: Sky) -> Gain | None:
        """Return what it gets; None if enough was planned."""
        self.asked.append(plan)
        self.spare -= 1
        return None if self.spare < 0 else Gain(1.0 * self.gets(plan), {})


def ladder(key: str, steps: int) -> Ladder:
    """Return so many changes of one sort."""
    made = lambda plan, step: plan | {key: step + 1}  # noqa: E731
    return Ladder(key, "0", tuple(str(number + 1) for number in range(steps)), cast("Any", made))


def at_once(night: Planned, *ladders: Ladder) -> AllAtOnce:
    return AllAtOnce(cast("Plan", {}), ladders, cast("Trials", night))


def found(night: Planned, *ladders: Ladder) -> dict[str, str] | None:
    return changes(unlikely(cast("Plan", {}), ladders, cast("Trials", night)))


def changes(told: Remedy | None) -> dict[str, str] | None:
    if told is None:
        return None
    assert (told.gained_s, told.smallest) == (1.0, False)
    return {each.key: each.new for each in told.changes}


BOTH = ladder("altitude", 30), ladder("priority", 5)


def test_one_change_that_does_is_told_rather_than_two_and_made_as_small_as_it_can_be() -> None:
    assert found(Planned(lambda plan: plan.get("priority", 0) >= 3), *BOTH) == {"priority": "3"}


def test_two_that_do_only_together_are_told_each_as_small_as_it_can_be() -> None:
    needed = Planned(lambda plan: plan.get("altitude", 0) >= 12 and plan.get("priority", 0) >= 2)
    assert found(needed, *BOTH) == {"altitude": "12", "priority": "2"}


@pytest.mark.parametrize("spare", [3, 4, 5, 6])
def test_where_no_more_is_planned_the_last_that_was_proven_is_told(spare: int) -> None:
    night = Planned(lambda plan: plan.get("altitude", 0) >= 12 and plan.get("priority", 0) >= 2, spare)
    told = found(night, *BOTH)
    assert told is not None
    assert night.gets({key: int(new) for key, new in told.items()})


def test_what_can_never_be_had_costs_no_planning() -> None:
    night = Planned(lambda _: True, low=31)
    assert found(night, *BOTH) is None
    assert night.asked == []


def test_where_nothing_does_nothing_is_told_and_a_sort_without_a_step_is_left_out() -> None:
    night = Planned(lambda _: False)
    assert found(night, *BOTH, ladder("every", 0)) is None
    assert night.asked == [{"altitude": 30}, {"priority": 5}, {"altitude": 30, "priority": 5}]


THREE = ladder("altitude", 30), ladder("moon", 9), ladder(PRIORITY, 5)
WIDEST = {"altitude": 30, "moon": 9, PRIORITY: 5}


def test_all_at_once_and_all_but_the_priority_are_planned_before_it_is_said_that_nothing_may_help() -> None:
    night = Planned(lambda _: False)
    assert not at_once(night, *THREE, ladder("every", 0)).helps()
    assert night.asked == [WIDEST, {"altitude": 30, "moon": 9}]
    assert at_once(night, *THREE).less() is None


@pytest.mark.parametrize("gets", [lambda plan: plan == WIDEST, lambda plan: plan == {"altitude": 30, "moon": 9}])
def test_it_may_help_where_one_of_the_two_gets_time_and_where_no_more_is_planned(gets: Callable[[Sky], bool]) -> None:
    assert at_once(Planned(gets), *THREE).helps()
    assert at_once(Planned(lambda _: False, spare=0), *THREE).helps()


def test_three_that_do_only_together_are_told_and_one_that_is_not_needed_is_not() -> None:
    def gets(plan: Sky) -> bool:
        return plan.get("altitude", 0) >= 12 and plan.get("moon", 0) >= 3 and plan.get(PRIORITY, 0) >= 2

    assert changes(at_once(Planned(gets, 99), *THREE).less()) == {"altitude": "12", "moon": "3", PRIORITY: "2"}
    needless = Planned(lambda plan: plan.get("altitude", 0) >= 12 and plan.get("moon", 0) >= 3, 99)
    assert changes(at_once(needless, *THREE).less()) == {"altitude": "12", "moon": "3"}


def test_two_of_one_sort_are_not_tried_together() -> None:
    night = Planned(lambda _: False)
    assert found(night, ladder("altitude", 3), ladder("altitude", 5)) is None
    assert night.asked == [{"altitude": 3}, {"altitude": 5}]


def test_a_second_is_something_for_all_at_once_too() -> None:
    assert at_once(Planned(lambda plan: plan == WIDEST), *THREE).helps()


def test_of_two_that_take_each_others_moments_away_the_first_is_changed() -> None:
    night = Planned(lambda _: True)
    assert at_once(night, ladder("after", 9), ladder("before", 9)).helps()
    assert night.asked == [{"after": 9}]
