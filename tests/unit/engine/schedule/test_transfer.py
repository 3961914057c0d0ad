"""All that is planned of a plan goes to another of its trains at once, or nothing does."""

from collections.abc import Callable

import pytest

from obsy.engine.schedule.course import MountCourse, Step
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.moves import MountOrder, Steps
from obsy.engine.schedule.night_numbers import mount_numbers
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Candidate
from obsy.engine.schedule.rules_between import Between
from obsy.engine.schedule.transfer import Twins
from obsy.engine.sky.grid import Grid
from obsy.schemas.value import Value
from tests.support.dice import Loaded

L, R, WIDE_L, ONLY = (Step(number, 10 + number) for number in (0, 1, 2, 4))
Night = Callable[..., tuple[Twins, list[MountOrder]]]


@pytest.fixture
def night(ask: Callable[..., Candidate], grid: Grid, overheads: Overheads) -> Night:
    """A plan of two goals for two trains, on two mounts or one, and a plan for the first train alone."""

    def _night(*steps: Steps, kept: int = 0, mounts: int = 2, goals: int = 2) -> tuple[Twins, list[MountOrder]]:
        both = [
            (name, train) for train in ("newton", "wide") for name in ("L", "R")[: 2 if train == "newton" else goals]
        ]
        asked = [ask("both", train=train, goal=name, role=name) for name, train in both]
        asked += [ask("spare", train="wide", goal=name) for name in ("L", "R")[goals:]] + [ask("only", train="newton")]
        trains = [("newton",), ("wide",)] if mounts == 2 else [("newton", "wide")]
        orders = []
        for mine, names in zip(steps, trains, strict=True):
            timeline = Timeline(grid, dict.fromkeys(names, overheads), grid.start)
            numbers = mount_numbers(timeline, asked, [], Value.model_construct())
            course = MountCourse(numbers, (10,) * 3, [10] * 3, 0.0, numbers.last, numbers.focused)
            orders.append(MountOrder(mine, [course] * (len(mine) + 1), kept, tuple(numbers.candidates)))
        return Twins.among(orders, Between.of(asked, asked, [])), orders

    return _night


def test_every_step_of_a_plan_moves_and_the_others_stay(night: Night) -> None:
    twins, orders = night([L, ONLY, R, L], [])
    moved = twins.transferred(orders, Loaded(0, 0, 0))
    assert moved == {0: ([ONLY], 0), 1: ([Step(2, 10), Step(3, 11), Step(2, 10)], 0)}


def test_they_are_put_where_the_dice_say_behind_what_is_kept(night: Night) -> None:
    twins, orders = night([ONLY, R], [WIDE_L], kept=1)
    assert twins.transferred(orders, Loaded(0, 0, 0)) is None, "what is kept is of that plan"
    twins, orders = night([ONLY, ONLY, R], [])
    orders[1].steps, orders[1].courses = [ONLY, ONLY], orders[1].courses * 3
    orders[1].kept = 1
    dice = Loaded(2, 0, 1)
    assert twins.transferred(orders, dice) == {0: ([ONLY, ONLY], 2), 1: ([ONLY, ONLY, Step(3, 11)], 2)}
    assert dice.asked == [4, 2]
    assert twins.transferred(orders, Loaded(2, 0, 0)) == {0: ([ONLY, ONLY], 2), 1: ([ONLY, Step(3, 11), ONLY], 1)}


def test_what_has_no_other_train_stays(night: Night) -> None:
    twins, orders = night([ONLY, L], [])
    assert twins.transferred(orders, Loaded(0)) is None
    twins, orders = night([], [])
    assert twins.transferred(orders, Loaded()) is None
    twins, orders = night([L], [], kept=1)
    assert twins.transferred(orders, Loaded()) is None, "all is kept"


def test_a_goal_that_the_other_train_does_not_have_is_left_out(night: Night) -> None:
    twins, orders = night([R, L], [], goals=1)
    assert twins.transferred(orders, Loaded(1, 0, 0)) == {0: ([], 0), 1: ([Step(2, 10)], 0)}
    assert twins.transferred(orders, Loaded(0)) is None, "nor can it be the one that was drawn"


def test_on_one_mount_a_plan_only_changes_its_train(night: Night) -> None:
    twins, orders = night([ONLY, L, ONLY, R], mounts=1)
    assert twins.transferred(orders, Loaded(1, 0, 2)) == {0: ([ONLY, ONLY, Step(2, 10), Step(3, 11)], 1)}
    assert twins.transferred(orders, Loaded(1, 0, 0)) == {0: ([Step(2, 10), Step(3, 11), ONLY, ONLY], 0)}
