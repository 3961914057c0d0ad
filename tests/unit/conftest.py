"""The example observatory, as a folder of its own; and stores that need not be made anew each time."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def here(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the example, with the working folder in it."""
    for room in ("site", "library", "plans"):
        shutil.copytree(root / room, tmp_path / room)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session", autouse=True)
def _stores_made_before() -> Iterator[None]:
    """Let each new store be a copy of the first; whoever tests none waits for no database."""
    if "obsy.engine.store.store" not in sys.modules:
        yield
        return
    from tests.support.made_store import made_before  # noqa: PLC0415  a tenth of a second

    with made_before():
        yield
