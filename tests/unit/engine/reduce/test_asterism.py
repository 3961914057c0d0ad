import numpy as np
import pytest

from obsy.engine.reduce.asterism import recognise


def crowd(stars, side, seed):
    """Places of stars that were thrown at random."""
    return np.random.default_rng(seed).uniform(0, side, (stars, 2))


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.parametrize("side", [1000, 250])
@pytest.mark.parametrize("seed", range(3))
def test_no_pose_is_sure_where_chance_alone_lays_stars_on_each_other(side, seed):
    pose = recognise(crowd(400, side, seed), crowd(400, side, seed + 100))
    assert pose is None or not pose.is_sure


@pytest.mark.parametrize("mirror", [1.0, -1.0])
def test_a_sure_pose_is_the_true_one(mirror):
    expected = crowd(200, 1000, 1)
    turn = np.array([[0.8, -0.6], [0.6, 0.8]]) * (mirror, 1.0)
    seen = expected @ turn.T + (300.0, -40.0)
    pose = recognise(seen, expected)
    assert pose.is_sure
    assert pose.matrix == pytest.approx(turn, abs=1e-3)
    assert pose.shift == pytest.approx((300.0, -40.0), abs=1.0)
