"""How many cases of a rule are tried where not the rule is in question, but the Python that runs it."""

from collections import defaultdict

import pytest

ENOUGH = 5
"""Cases of one test on another Python: as many as it tries examples of a law."""


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
