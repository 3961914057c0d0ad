"""Which stars are fitted together, whatever lies in the frame."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.reduce.star_groups import MOST, star_groups

SPOTS = st.lists(st.tuples(st.floats(0, 60), st.floats(0, 60)), max_size=40)


@given(SPOTS)
def test_every_star_is_in_one_group_and_none_has_too_many(spots):
    x, y = np.array(spots, dtype=float).reshape(-1, 2).T
    groups = star_groups(x, y, 10.0)
    assert sorted(np.concatenate(groups).tolist() if groups else []) == list(range(len(spots)))
    assert all(len(each) <= MOST for each in groups)


def test_of_a_long_chain_the_longest_steps_are_cut():
    x = np.array([0.0, 2, 4, 6, 9, 11, 13, 15, 17, 60])
    groups = sorted(each.tolist() for each in star_groups(x, np.zeros(10), 10.0))
    assert groups == [[0, 1, 2, 3], [4, 5, 6, 7, 8], [9]]
