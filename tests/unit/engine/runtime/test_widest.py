"""What does not seem to do is planned at its widest before it is said that nothing helps."""

from collections.abc import Callable
from typing import Any, cast

import pytest

from obsy.engine.runtime.changes import Ladder
from obsy.engine.runtime.trials import Gain, Trials
from obsy.engine.runtime.widest import unlikely
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

    def gain(self, plan: Sky) -> Gain | None:
        """Return what it gets; None if enough was planned."""
        self.asked.append(plan)
        self.spare -= 1
        return None if self.spare < 0 else Gain(60.0 * self.gets(plan), {})


def ladder(key: str, steps: int) -> Ladder:
    """Return so many changes of one sort."""
    made = lambda plan, step: plan | {key: step + 1}  # noqa: E731
    return Ladder(key, "0", tuple(str(number + 1) for number in range(steps)), cast("Any", made))


def found(night: Planned, *ladders: Ladder) -> dict[str, str] | None:
    told = unlikely(cast("Plan", {}), ladders, cast("Trials", night))
    if told is None:
        return None
    assert (told.gained_s, told.smallest) == (60.0, False)
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
