"""The smallest change of each sort: what only opens a window is planned where nothing that seems to do does."""

from collections.abc import Iterable
from typing import Any, cast

import pytest

from obsy.engine.runtime.why.changes import Ladder
from obsy.engine.runtime.why.remedies import single
from obsy.engine.runtime.why.trials import Gain, Trials
from obsy.schemas.plan import Plan

Said = dict[str, int]


class Planned:
    """Stands for the night: altitude opens its window at 3, and gets time at 9; the Moon opens it at 2, and gets it."""

    def __init__(self, moon_seems: bool = True) -> None:
        """Nothing is planned yet."""
        self.moon_seems, self.asked = moon_seems, list[Said]()

    def able(self, plan: Said) -> bool:
        """Return whether it could be had at all."""
        return plan.get("altitude", 0) >= 3 or plan.get("moon", 0) >= 2

    def likely(self, plan: Said) -> bool:
        """Return whether it seems to get time."""
        return plan.get("altitude", 0) >= 9 or (self.moon_seems and self.able(plan) and "moon" in plan)

    def foresee(self, coming: Iterable[Said]) -> None:
        """Plan nothing beforehand."""

    def gain(self, plan: Said) -> Gain:
        """Return what it gets."""
        self.asked.append(plan)
        return Gain(60.0 * (plan.get("altitude", 0) >= 9 or plan.get("moon", 0) >= 2), {})


def ladder(key: str, steps: int) -> Ladder:
    made = lambda plan, step: plan | {key: step + 1}  # noqa: E731
    return Ladder(key, "0", tuple(str(number + 1) for number in range(steps)), cast("Any", made))


@pytest.mark.parametrize("moon_seems", [True, False])
def test_the_first_that_opens_a_window_is_planned_only_if_it_seems_to_do_or_nothing_else_does(moon_seems: bool) -> None:
    night = Planned(moon_seems)
    sorts = [ladder("altitude", 8), ladder("moon", 4)]
    told = single(cast("Plan", {}), sorts, cast("Trials", night))
    assert [(each.changes[0].key, each.changes[0].new, each.smallest) for each in told] == [("moon", "2", True)]
    assert ({"altitude": 3} in night.asked) is not moon_seems


def test_what_was_found_beyond_steps_that_were_not_planned_is_not_called_the_smallest() -> None:
    (told,) = single(cast("Plan", {}), [ladder("altitude", 9)], cast("Trials", Planned()))
    assert (told.changes[0].new, told.smallest) == ("9", False)
