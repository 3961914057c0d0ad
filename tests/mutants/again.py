"""The quickest way: a fault is shown to what found it before, or others of its function; if that fails, it is new."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.mutants.mutate import Mutant
from tests.mutants.rehearsal import Rehearsal

MOST = 3
"""So many tests of those that are likely to find a fault."""


@dataclass(eq=False)
class Again(Rehearsal):
    """Runs no other test, and does not look at what they run."""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep what is needed, of a test that is called with several values too."""
        likely = set[str]().union(*map(best, self.likely))
        items[:] = [item for item in items if item.nodeid in likely]

    def orders(self, items: list[pytest.Item]) -> Sequence[tuple[list[pytest.Item], bool]]:
        """Once, to see that they pass, and how long they take."""
        return ((items, False),)

    def chosen(self, mutant: Mutant, items: Sequence[pytest.Item]) -> list[pytest.Item]:  # type: ignore[override]
        """The likeliest; none for what stands in no function, which cannot be exchanged in a fork."""
        likely = best(self.likely[self.mutants.index(mutant)])
        return [item for item in items if item.nodeid in likely] if self.function(mutant) else []


def best(likely: Mapping[str, int]) -> list[str]:
    """The likeliest tests."""
    return sorted(likely, key=lambda test: likely[test], reverse=True)[:MOST]


def is_there(copy: Path, test: str) -> bool:
    """Whether a test still stands in its file."""
    path, _, name = test.partition("[")[0].partition("::")
    return bool(name) and (file := copy / path).is_file() and f"def {name.rpartition('::')[2]}(" in file.read_text()
