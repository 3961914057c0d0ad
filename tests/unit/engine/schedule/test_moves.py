"""Each change of a night's order is what was drawn: no step before it moves, and what is kept stays as it is."""

from collections import Counter
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import numpy as np
import pytest

from obsy.engine.schedule.course import MountCourse, Step
from obsy.engine.schedule.moves import MountOrder, Steps, drawn
from obsy.engine.schedule.night_numbers import mount_numbers
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Candidate
from obsy.engine.sky.grid import Grid
from obsy.schemas.value import Value
from tests.support.dice import Loaded
from tests.support.equipment import one

A, B, C, D = (Step(number, 10) for number in range(4))
INSERT, REMOVE, SHIFT, SWAP, RESIZE = 0.34, 0.46, 0.64, 0.79, 0.99
"""Just below where the next kind of change begins."""
Ask = Callable[..., Candidate]


@pytest.fixture
def order(ask: Ask, grid: Grid, overheads: Overheads) -> Callable[..., MountOrder]:
    """An order of a mount that begins each step an hour after the one before; the first of them is kept."""

    def _order(steps: Steps, kept: int = 1, hour: int = 60, free: Sequence[bool] | None = None) -> MountOrder:
        asked = [ask(f"p{number}", None if free is None else np.array(free), count=30) for number in range(4)]
        numbers = mount_numbers(one(grid, overheads), asked, [], Value.model_construct())
        stands = numbers.last, numbers.focused
        nows = [60.0 * hour * at for at in range(len(steps) + 1)]
        courses = [MountCourse(numbers, (30,) * 4, [30] * 4, now, *stands) for now in nows]
        return MountOrder(steps, courses, kept, tuple(numbers.candidates))

    return _order


@pytest.mark.parametrize(
    ("falls", "becomes"),
    [
        ((REMOVE, 1), ([A, B, D], 2)),
        ((0.35, 0), ([A, C, D], 1)),
        ((SHIFT, 0, 2), ([A, C, D, B], 1)),
        ((0.47, 2, 0), ([A, D, B, C], 1)),
        ((SHIFT, 1, 1), None),
        ((SWAP, 0, 2), ([A, D, C, B], 1)),
        ((0.65, 0, 0), ([A, C, B, D], 1)),
        ((SWAP, 1, 2), None),
        ((SWAP, 1, 0), ([A, B, D, C], 2)),
        ((SWAP, 2, 3), None),
        ((RESIZE, 1, 0.49, 7), ([A, B, C._replace(frames=15), D], 2)),
        ((0.8, 1, 0.49, 0), ([A, B, C._replace(frames=5), D], 2)),
        ((RESIZE, 1, 0.5, 0.49), ([A, B, C._replace(frames=30), D], 2)),
        ((RESIZE, 1, 0.5, 0.5, 17), ([A, B, C._replace(frames=17), D], 2)),
        ((INSERT, 0, 0, 0, 0.0), ([A, Step(0, 30), B, C, D], 1)),
        ((INSERT, 3, 3, 0, 0.5, 7), ([A, B, C, D, Step(3, 7)], 4)),
        ((INSERT, 3, 1, 3, 0.0), ([A, B, Step(3, 30), D], 2)),
        ((INSERT, 3, 1, 4, 0.0), ([A, B, Step(3, 30), D], 2)),
        ((INSERT, 3, 0, 5, 0.0), ([A, Step(3, 30), D], 1)),
    ],
)
def test_a_change_is_as_it_was_drawn(order: Callable[..., MountOrder], falls: tuple[float, ...], becomes: Any) -> None:
    dice = Loaded(*falls)
    assert drawn(order([A, B, C, D]), [30] * 4, dice) == becomes
    assert not dice.falls


def test_an_order_knows_its_candidates_and_how_its_night_ends(order: Callable[..., MountOrder]) -> None:
    made = order([A, B])
    assert [number for number, _ in made.candidates] == [0, 1, 2, 3]
    assert made.end is made.courses[2]


def test_a_step_never_loses_its_last_frame(order: Callable[..., MountOrder]) -> None:
    few = B._replace(frames=3)
    assert drawn(order([A, few]), [30] * 4, Loaded(RESIZE, 0, 0.0, 0)) == ([A, few._replace(frames=1)], 1)


def test_the_dice_have_a_side_for_every_place_that_is_not_kept(order: Callable[..., MountOrder]) -> None:
    sides = []
    for falls in ((REMOVE, 0), (SHIFT, 0, 1), (INSERT, 0, 0, 0, 0.5, 1)):
        dice = Loaded(*falls)
        drawn(order([A, B, C, D]), [30] * 4, dice)
        sides.append(dice.asked)
    assert sides == [[3], [3, 3], [4, 4, (1, 30)]]


def test_where_nothing_may_change_something_is_put_in(order: Callable[..., MountOrder]) -> None:
    assert drawn(order([A]), [30] * 4, Loaded(REMOVE, 1, 0, 0, 0.0)) == ([A, Step(1, 30)], 1)
    assert drawn(order([A, B]), [30] * 4, Loaded(REMOVE, 0)) == ([A], 1)


def test_of_what_is_taken_whole_a_part_is_tried_elsewhere_three_times_in_ten(order: Callable[..., MountOrder]) -> None:
    whole = [0, 30, 30, 30]
    assert drawn(order([A]), whole, Loaded(INSERT, 0, 0.69)) is None
    assert drawn(order([A]), whole, Loaded(INSERT, 0, 0.7, 0, 0, 0.0)) == ([A, Step(0, 30)], 1)


def test_nothing_is_put_in_where_the_night_is_over_or_the_sky_lets_it_wait(order: Callable[..., MountOrder]) -> None:
    free = [at >= 100 for at in range(601)]
    for hour, becomes in ((60, ([A, D], 1)), (59, None), (601, None), (600, None)):
        found = drawn(order([A], hour=hour, free=free), [30] * 4, Loaded(INSERT, 3, 0, 0, 0.5, 10))
        assert found == becomes, hour


def test_each_kind_and_size_of_change_comes_as_often_as_it_should(order: Callable[..., MountOrder]) -> None:
    dice, steps, many = Random(7), [Step(at % 4, 10) for at in range(60)], 8000
    before, kinds, far = order(steps, hour=1), Counter[str](), Counter[int]()
    longer, instead = Counter[int](), Counter[int]()
    for _ in range(many):
        found = drawn(before, [30] * 4, dice)
        if found is None:
            continue
        after, first = found
        assert after[:first] == steps[:first]
        assert first >= 1
        if len(after) == len(steps) and Counter(after) == Counter(steps):
            moved = [at for at, (old, new) in enumerate(zip(steps, after, strict=True)) if old != new]
            kinds["moved"] += 1
            far.update([moved[1] - moved[0]] if len(moved) == 2 else [])
        elif len(after) == len(steps) and sum(old != new for old, new in zip(steps, after, strict=True)) == 1:
            longer[after[first].frames - 10] += after[first].number == steps[first].number
        instead[len(steps) - len(after)] += 1
    total = sum(far.values())
    assert far[1] / total == pytest.approx(0.5, abs=0.06)
    assert far[2] / total == pytest.approx(0.25, abs=0.06)
    steps_of = [longer[size] for size in (-5, -3, -2, -1, 1, 2, 3, 5)]
    assert min(steps_of) > 0.6 * max(steps_of) > 60
    assert sum(longer[size] for size in (-4, 4)) < min(steps_of)
    assert instead[-1] / many == pytest.approx(0.35 / 2, abs=0.02)
    assert kinds["moved"] > 0
