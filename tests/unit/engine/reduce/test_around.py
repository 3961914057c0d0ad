"""The pixels around places, however many there are."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.reduce.around import AT_ONCE, around, portions, steps_between


def test_pixels_are_counted_from_the_one_that_a_place_is_in_and_there_are_none_outside() -> None:
    image = np.arange(12.0).reshape(3, 4)
    near = around(image, np.array([1.4, 3.0]), np.array([0.6, 0.0]), np.array([0, 1, -1]), np.array([0, 0, 1]))
    np.testing.assert_array_equal(near, [[5.0, 6.0, 8.0], [3.0, np.nan, 6.0]])
    middle = np.zeros(1, dtype=int)
    for x, y in ((4.0, 0.0), (9.0, 0.0), (-1.0, 0.0), (0.0, 3.0), (0.0, 9.0), (0.0, -1.0)):
        assert np.isnan(around(image, np.array([x]), np.array([y]), middle, middle)).all()
    assert around(image, np.array([3.0]), np.array([2.0]), middle, middle) == 11.0


def test_a_portion_is_as_long_as_is_allowed() -> None:
    assert list(portions(AT_ONCE + 1, 1)) == [slice(0, AT_ONCE), slice(AT_ONCE, 2 * AT_ONCE)]
    assert list(portions(3, AT_ONCE)) == [slice(0, 1), slice(1, 2), slice(2, 3)]


@given(st.floats(0, 6), st.floats(0, 6))
def test_steps_are_all_those_of_a_ring_with_its_edges(one: float, other: float) -> None:
    for least, most in (sorted((one, other)), (round(one), round(one)), (3.0, 5.0), (5.0, 5.0)):
        wanted = {(r, d) for r in range(-7, 8) for d in range(-7, 8) if least <= np.hypot(r, d) <= most}
        found = list(zip(*(each.tolist() for each in steps_between(least, most)), strict=True))
        assert set(found) == wanted
        assert len(found) == len(wanted)


@given(st.integers(0, 10_000), st.integers(0, 2 * AT_ONCE))
def test_each_place_is_in_one_portion_and_no_portion_holds_more_than_is_allowed(places: int, steps: int) -> None:
    if places * steps > 500 * AT_ONCE:  # some hundred portions are enough
        places = 500 * AT_ONCE // steps
    parts = [range(places)[part] for part in portions(places, steps)]
    assert [place for part in parts for place in part] == list(range(places))
    assert all(len(part) == 1 or len(part) * steps <= AT_ONCE for part in parts)
