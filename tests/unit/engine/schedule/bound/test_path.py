"""The best path through visits that are written down, as it is worked out on paper."""

import numpy as np
import pytest

from obsy.engine.schedule.bound.path import Paths
from obsy.engine.schedule.bound.visits import Visits
from obsy.engine.schedule.bound.ways import WayIn


def alone(*rates: float, most: int) -> Visits:
    """One goal, of which a moment holds a frame, and so many frames can be had; no way there takes time."""
    rate, once = np.array([rates]).T, np.array([1])
    return Visits(
        60.0,
        0,
        rate,
        rate > 0,
        np.array([0]),
        np.array([1.0]),
        most * once,
        once,
        most * 1.0 * once,
        [[WayIn(0, 0, 0.0)]],
        [[], [0]],
    )


@pytest.mark.parametrize("most", [1, 2, 3, 4, 5, 7])
def test_of_a_goal_no_more_frames_are_paid_than_can_be_had(most: int) -> None:
    assert Paths(alone(*10 * [1.0], most=most)).best(np.zeros(1)).value == most
    assert Paths(alone(*10 * [1.0], most=most)).best(np.zeros(1)).frames.tolist() == [most]


def test_a_visit_that_waits_between_its_frames_is_paid_for_the_best_moments_that_it_holds() -> None:
    for rates in ((9.0, 1.0, 1.0, 9.0), (9.0, 0.0, 0.0, 9.0), (0.0, 9.0, 1.0, 9.0, 1.0)):
        path = Paths(alone(*rates, most=2)).best(np.zeros(1))
        assert (path.value, path.frames.tolist()) == (18.0, [2.0])
