"""The smallest of ever larger changes, where each try costs a night, and a larger one may do worse than a smaller."""

import pytest

from obsy.engine.runtime.halving import smallest
from obsy.engine.runtime.trials import Gain


class Nights:
    """Steps that do, and so many tries."""

    def __init__(self, good: set[int], tries: int = 99) -> None:
        """Nothing is tried yet."""
        self.good, self.left, self.asked = good, tries, list[int]()

    def gain(self, step: int) -> Gain | None:
        """Return what one gets."""
        self.asked.append(step)
        self.left -= 1
        return None if self.left < 0 else Gain(60.0 * (step in self.good), {})


@pytest.mark.parametrize("first", range(12))
@pytest.mark.parametrize("from_top", [True, False])
def test_the_first_of_all_that_do_is_found_and_none_is_tried_twice(first: int, from_top: bool) -> None:
    nights = Nights(set(range(first, 12)))
    found = smallest(range(12), nights.gain, from_top=from_top)
    assert found is not None
    assert (found.step, found.gain.gained_s) == (first, 60.0)
    assert len(nights.asked) == len(set(nights.asked)) <= 8


def test_a_smaller_step_that_halving_missed_is_found_beside_it_and_then_those_below_it() -> None:
    found = smallest(range(8), Nights({2, 4, 5, 6, 7}).gain, from_top=True)
    assert found is not None
    assert found.step == 2


def test_it_is_said_whether_each_smaller_step_was_tried() -> None:
    few, many = (smallest(range(count), Nights({count - 1}).gain, from_top=True) for count in (3, 40))
    assert few is not None
    assert many is not None
    assert (few.step, few.surely) == (2, True)
    assert (many.step, many.surely) == (39, False)


def test_where_the_tries_end_what_was_found_stays_and_is_not_called_thesmallest() -> None:
    nights = Nights(set(range(5, 40)), tries=2)
    found = smallest(range(40), nights.gain, from_top=True)
    assert found is not None
    assert not found.surely
    assert found.step in nights.good
    assert smallest(range(40), Nights({39}, tries=0).gain) is None
    assert smallest(range(0), nights.gain) is None


def test_where_room_helps_surely_the_last_is_asked_first_and_else_the_first() -> None:
    down, up = Nights(set(range(12))), Nights({11})
    assert smallest(range(12), down.gain, from_top=True) is not None
    assert down.asked == [11, 5, 2, 1, 0]
    assert smallest(range(12), up.gain) is not None
    assert up.asked[:2] == [0, 11]


def test_one_that_was_left_out_below_the_others_is_told_of() -> None:
    nights = Nights({5})
    found = smallest(range(6), nights.gain, from_top=True)
    assert found is not None
    assert (found.step, found.surely, 0 in nights.asked) == (5, False, False)


def test_a_second_is_something() -> None:
    assert smallest(range(1), lambda _: Gain(1.0, {})) is not None
