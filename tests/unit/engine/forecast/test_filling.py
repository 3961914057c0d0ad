"""What the fast filling takes of a clear night, held against the scheduler's own first answer."""

from datetime import date, timedelta

import pytest

from bench.forecast import compared, crowded

FIRST = date(2026, 11, 26)


def test_a_night_that_is_not_full_holds_what_the_scheduler_places_in_it() -> None:
    placed, taken, both = compared(crowded(6, seed=3), FIRST)
    assert placed > 1.0
    assert (taken, both) == (pytest.approx(placed, rel=0.05), pytest.approx(placed, rel=0.05))


@pytest.mark.slow(minutes=0.5)
@pytest.mark.parametrize("seed", range(5))
def test_a_night_that_many_want_goes_to_those_whom_the_scheduler_gives_it_to(seed: int) -> None:
    placed, taken, both = compared(crowded(60, seed), FIRST + timedelta(days=70 * seed))
    assert taken == pytest.approx(placed, rel=0.05)
    assert both > 0.85 * placed
