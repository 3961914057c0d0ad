"""The pixels around places, however many there are."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.reduce.around import AT_ONCE, around, portions


def test_pixels_are_counted_from_the_one_that_a_place_is_in_and_there_are_none_outside() -> None:
    image = np.arange(12.0).reshape(3, 4)
    near = around(image, np.array([1.4, 3.0]), np.array([0.6, 0.0]), np.array([0, 1, -1]), np.array([0, 0, 1]))
    np.testing.assert_array_equal(near, [[5.0, 6.0, 8.0], [3.0, np.nan, 6.0]])


@given(st.integers(0, 10_000), st.integers(0, 2 * AT_ONCE))
def test_each_place_is_in_one_portion_and_no_portion_holds_more_than_is_allowed(places: int, steps: int) -> None:
    if places * steps > 500 * AT_ONCE:  # some hundred portions are enough
        places = 500 * AT_ONCE // steps
    parts = [range(places)[part] for part in portions(places, steps)]
    assert [place for part in parts for place in part] == list(range(places))
    assert all(len(part) == 1 or len(part) * steps <= AT_ONCE for part in parts)
