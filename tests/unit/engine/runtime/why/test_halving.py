"""The smallest of ever larger changes: what seems to do by halving, then proven, where each proof costs a night."""

import pytest

from obsy.engine.runtime.why.halving import foreseen, smallest
from obsy.engine.runtime.why.trials import Gain


class Nights:
    """Steps that do, steps that seem to, and so many proofs."""

    def __init__(self, good: set[int], seem: set[int] | None = None, tries: int = 99) -> None:
        """Nothing is tried yet."""
        self.good, self.seem, self.left = good, good if seem is None else seem, tries
        self.asked, self.proven = list[int](), list[int]()

    def likely(self, step: int) -> bool:
        """Return whether one seems to do."""
        self.asked.append(step)
        return step in self.seem

    def gain(self, step: int) -> Gain | None:
        """Return what one gets."""
        self.proven.append(step)
        self.left -= 1
        return None if self.left < 0 else Gain(60.0 * (step in self.good), {})


@pytest.mark.parametrize("first", range(5, 17))
@pytest.mark.parametrize("from_top", [True, False])
def test_the_first_of_all_that_do_is_found_and_little_is_proven(first: int, from_top: bool) -> None:
    nights, steps = Nights(set(range(first, 17))), range(5, 17)
    found = smallest(steps, nights.likely, nights.gain, from_top=from_top)
    assert found is not None
    assert (found.step, found.gain.gained_s) == (first, 60.0)
    assert len(nights.proven) == len(set(nights.proven)) <= 3
    assert nights.proven[not from_top and first != 5] == first, "the first that seems to do is proven"
    assert len(nights.asked) <= 6
    assert {*nights.asked, *nights.proven} <= {*steps}
    assert from_top or 5 not in nights.asked, "what is proven first is not asked whether it seems to do"


def test_nothing_that_is_not_there_is_proven() -> None:
    for seem, proven in (({16}, [16]), ({15, 16}, [15, 16]), ({14, 15, 16}, [14, 16]), (set(range(8, 17)), [8, 16])):
        nights = Nights(set(), seem=seem)
        assert smallest(range(5, 17), nights.likely, nights.gain, from_top=True) is None
        assert nights.proven == proven


def test_what_seems_to_do_and_does_not_gives_way_to_larger_ones_up_to_the_last() -> None:
    near, far = Nights({4, 5, 6, 7}, seem={2, 3, 4, 5, 6, 7}), Nights({39}, seem=set(range(10, 40)))
    for nights, step, proven in ((near, 4, [2, 7, 4]), (far, 39, [10, 39, 12])):
        found = smallest(range(max(nights.good) + 1), nights.likely, nights.gain, from_top=True)
        assert found is not None
        assert (found.step, found.surely, nights.proven) == (step, False, proven)


def test_a_step_that_is_the_only_one_is_proven_once() -> None:
    nights = Nights(set(), seem={5})
    assert smallest(range(5, 6), nights.likely, nights.gain) is None
    assert nights.proven == [5]


def test_where_the_first_gives_room_it_is_proven_whatever_it_seems() -> None:
    nights = Nights(set(range(12)), seem=set())
    found = smallest(range(12), nights.likely, nights.gain)
    assert found is not None
    assert (found.step, found.surely, nights.asked) == (0, True, [])
    assert smallest(range(12), nights.likely, nights.gain, from_top=True) is None


def test_it_is_called_the_smallest_only_if_each_smaller_one_was_proven_to_do_nothing() -> None:
    few, many = (Nights({count - 1}) for count in (13, 40))
    small = smallest(range(10, 13), few.likely, few.gain, from_top=True)
    large = smallest(range(10, 40), many.likely, many.gain, from_top=True)
    assert small is not None
    assert large is not None
    assert (small.step, small.surely, few.proven) == (12, True, [12, 10, 11])
    assert (large.step, large.surely, many.proven) == (39, False, [39])


def test_a_smaller_one_that_did_not_seem_to_do_is_found_beside_one_that_does() -> None:
    found = smallest(range(3), (nights := Nights({1, 2}, seem={2})).likely, nights.gain, from_top=True)
    assert found is not None
    assert (found.step, found.surely) == (1, True)


def test_where_the_proofs_end_what_was_found_stays_and_is_not_called_the_smallest() -> None:
    nights = Nights({2}, tries=1)
    found = smallest(range(3), nights.likely, nights.gain, from_top=True)
    assert found is not None
    assert (found.step, found.surely) == (2, False)
    none = Nights({2}, tries=0)
    assert smallest(range(3), none.likely, none.gain) is None
    assert smallest(range(0), nights.likely, nights.gain) is None


def test_a_second_is_something() -> None:
    assert smallest(range(1), lambda _: True, lambda _: Gain(1.0, {})) is not None


def test_no_step_is_proven_twice_and_none_beyond_a_last_that_does_not_seem_to_do() -> None:
    for good, seem, steps, from_top, proven in (
        ({16}, {14, 15, 16}, range(5, 17), True, [14, 16]),
        (set[int](), {5}, range(5, 6), False, [5]),
        ({16}, {15}, range(5, 17), False, [5]),
    ):
        nights = Nights(good, seem=seem)
        found = smallest(steps, nights.likely, nights.gain, from_top=from_top)
        assert (found is not None) is (16 in nights.proven)
        assert nights.proven == proven


@pytest.mark.parametrize(("seems", "coming"), [(5, [5, 16]), (7, [7, 5, 6, 16]), (9, [9, 16]), (16, [16]), (99, [])])
def test_what_is_foreseen_begins_with_what_is_proven_first(seems: int, coming: list[int]) -> None:
    nights, steps = Nights({*range(seems, 17)}), range(5, 17)
    assert foreseen(steps, nights.likely, from_top=True) == coming
    smallest(steps, nights.likely, nights.gain, from_top=True)
    assert nights.proven[:1] == coming[:1]
    assert {*nights.proven} <= {*coming}
