"""Frames of two filters that belong together."""

from types import SimpleNamespace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.science.colour_groups import CLOSE_D, colour_groups

MINUTE = 1 / 1440
MINUTES = st.lists(st.tuples(st.integers(0, 600), st.booleans()), max_size=12)


class Curve(SimpleNamespace):
    """What of a light curve tells its groups."""

    def __len__(self):
        return len(self.jd_utc)


def curve(*minutes, limits=()):
    """Points at some minutes after 2461000.5; limits: at which of them the star was not seen."""
    return Curve(jd_utc=2461000.5 + np.array(minutes, float) * MINUTE, is_limit=np.isin(np.array(minutes), limits))


def drawn(points):
    """Points of minutes, and whether each is a limit."""
    minutes, limits = np.array([m for m, _ in points], float), np.array([said for _, said in points], bool)
    return Curve(jd_utc=2461000.5 + minutes * MINUTE, is_limit=limits)


def test_frames_of_both_filters_within_twenty_minutes_have_one_number_the_second_at_which_they_begin():
    v, b = colour_groups(curve(0, 4, 30), curve(2, 33))
    assert [*v] == [43201, 43201, 43201 + 1800] and [*b] == [43201, 43201 + 1800]


def test_a_filter_alone_and_a_star_that_was_not_seen_have_none():
    v, b = colour_groups(curve(0, 5, 60, limits=(5,)), curve(3, 100))
    assert np.isnan(v).tolist() == [False, True, True] and np.isnan(b).tolist() == [False, True]


@given(one=MINUTES, other=MINUTES)
def test_either_filter_tells_the_same_groups_and_none_lasts_longer_than_it_may(one, other):
    curves = [drawn(one), drawn(other)]
    numbers, again = colour_groups(*curves), colour_groups(*reversed(curves))
    np.testing.assert_array_equal(numbers[0], again[1])
    np.testing.assert_array_equal(numbers[1], again[0])
    for group in {*numbers[0][np.isfinite(numbers[0])], *numbers[1][np.isfinite(numbers[1])]}:
        times = [each.jd_utc[held == group] for each, held in zip(curves, numbers, strict=True)]
        assert all(each.size for each in times) and np.ptp(np.concatenate(times)) <= CLOSE_D
        assert 1 <= group <= 86400
