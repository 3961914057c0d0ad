"""How hard the tests search: once in the fast tests, many times over in `make drills`."""

import os

EFFORT = int(os.environ.get("OBSY_EFFORT", "1"))


def examples(count: int) -> int:
    """How many examples a law is tried on that needs `count` of them in the fast tests."""
    return count * EFFORT


def seeds(count: int) -> range:
    """The seeds of a random story that is told `count` times in the fast tests."""
    return range(1, count * EFFORT + 1)
