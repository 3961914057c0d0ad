"""How many cases of a rule are tried where time is short, or where the Python is in question and not the rule."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pytest

ENOUGH = 3
"""Cases of one test on another Python: the first, one in the middle, the last."""


def some_of_each(items: list[pytest.Item]) -> list[pytest.Item]:
    """Of each test that many cases at the most: the first, the last, and others evenly between; in their order."""
    cases: dict[str, list[int]] = defaultdict(list)
    for at, item in enumerate(items):
        cases[item.nodeid.partition("[")[0]].append(at)
    kept = {each[place] for each in cases.values() for place in spread(len(each))}
    return [item for at, item in enumerate(items) if at in kept]


def spread(count: int) -> set[int]:
    """The places of those that are kept of so many."""
    if count <= ENOUGH:
        return set(range(count))
    return {round(step * (count - 1) / (ENOUGH - 1)) for step in range(ENOUGH)}


def mostly_long(cases: Sequence[Any], each: int) -> list[Any]:
    """The cases of a test: one of so many, the first among them, is a fast test; the others go with the nights."""
    return [case if at % each == 0 else pytest.param(case, marks=pytest.mark.long) for at, case in enumerate(cases)]
