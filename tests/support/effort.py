"""How hard the tests search: a little in the fast tests, harder where laws are explored, for hours in `make drills`."""

import os

from hypothesis import settings

EFFORT = int(os.environ.get("OBSY_EFFORT", "1"))
EXPLORED = 100
"""Examples of a law where laws are explored, as in each run of CI; fast tests try a quarter, on other Pythons five."""
LEAST = 5


def examples(count: int) -> int:
    """How many examples a law is tried on now, if it needs `count` where others are explored on 100."""
    return max(min(count, LEAST), count * settings().max_examples // EXPLORED)


def costly(count: int) -> int:
    """The same of a law each of whose examples plays a night, checks 50 files or asks astropy: half in fast tests."""
    return examples(count) if settings().max_examples >= EXPLORED else examples(count // 2)


def seeds(count: int) -> range:
    """The seeds of a random story that is told `count` times in the fast tests."""
    return range(1, count * EFFORT + 1)
