"""What goals of a picture add by how many are begun and how many frames they have, against all ways to take them."""

from itertools import product
from math import inf

import numpy as np
import pytest

from obsy.engine.schedule.bound.spans import _adds
from obsy.engine.schedule.bound.stakes import PictureStake

NOT = -inf


def stake(
    counts: list[int], finished: list[float], whole: float, stuck: float = 0.0, caps: list[int] | None = None
) -> PictureStake:
    """Return the goals of a picture of which nothing is taken yet."""
    many, numbers = np.array(counts, float), list(range(len(counts)))
    can = np.array(caps or counts, float)
    return PictureStake(numbers, many, many, can, np.array(finished), whole, 1.0, stuck)


def test_two_goals_worked_out_by_hand() -> None:
    """Two frames finish one, 5 points; three the other, 1; all of both bring 12 points by the goal that lags most.

    With a frame of each a third of both is done: 4 points. With two of each two thirds: 8, and the 5 of the first.
    """
    found = _adds(stake([2, 3], [5.0, 1.0], 12.0), [0, 1], 99, 1.0)
    assert found[0].tolist() == [0, NOT, NOT, NOT, NOT, NOT]
    assert found[1].tolist() == pytest.approx([0, 0, 5, 5, NOT, NOT])
    assert found[2].tolist() == pytest.approx([0, 0, 5, 9, 13, 18])


def test_there_are_no_more_frames_than_cells_and_a_part_of_what_comes_on() -> None:
    found = _adds(stake([2, 3], [5.0, 1.0], 12.0), [0, 1], 3, 0.5)
    assert found[2].tolist() == pytest.approx([0, 0, 5, 7])  # of the 4 points for a third the half


def test_of_three_goals_as_many_frames_as_the_greatest_of_them_have() -> None:
    found = _adds(stake([1, 3, 2], [0.0, 0.0, 0.0], 0.0), [0, 1, 2], 99, 1.0)
    assert [int(np.isfinite(row).sum()) - 1 for row in found] == [0, 3, 5, 6]


def test_a_goal_that_cannot_be_finished_adds_only_what_it_comes_on() -> None:
    found = _adds(stake([4], [7.0], 8.0, 0.5, [2]), [0], 99, 1.0)
    assert found[1].tolist() == pytest.approx([0, 2, 4]), "a quarter of 8 points for each frame, and none of its 7"


def test_frames_of_another_goal_do_not_finish_it() -> None:
    found = _adds(stake([4, 6], [7.0, 0.0], 0.0, 0.5, [2, 6]), [0, 1], 99, 1.0)
    assert found.max() == 0.0


def test_what_is_stuck_elsewhere_lets_it_come_on_no_further() -> None:
    found = _adds(stake([4], [7.0], 8.0, 0.5), [0], 99, 1.0)
    assert found[1].tolist() == pytest.approx([0, 2, 4, 4, 11])


@pytest.mark.parametrize("counts", [[1], [3], [2, 2], [1, 3], [2, 3], [3, 3, 3], [1, 2, 3]])
@pytest.mark.parametrize(("finished", "whole"), [(0.0, 6.0), (2.0, 0.0), (2.0, 6.0)])
def test_it_is_what_the_best_of_all_ways_adds(counts: list[int], finished: float, whole: float) -> None:
    found = _adds(stake(counts, [finished] * len(counts), whole), list(range(len(counts))), 99, 1.0)
    best = np.full((len(counts) + 1, sum(counts) + 1), -inf)
    for taken in product(*(range(count + 1) for count in counts)):
        done = sum(have == count for have, count in zip(taken, counts, strict=True))
        least = min(have / count for have, count in zip(taken, counts, strict=True))
        at = sum(have > 0 for have in taken), sum(taken)
        best[at] = max(best[at], finished * done + whole * least)
    best = np.maximum.accumulate(np.maximum.accumulate(best, axis=1), axis=0)
    reached = np.isfinite(found)
    assert (found[reached] >= best[reached] - 1e-9).all()
    assert found[-1, -1] == pytest.approx(best[-1, -1])
    if not (finished and whole and len(counts) > 1):
        assert found[-1].tolist() == pytest.approx(best[-1].tolist()), (
            "with all goals, and one thing to gain, it is that"
        )
