"""The example observatory, as a folder of its own."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def here(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the example, with the working folder in it."""
    for room in ("site", "library", "plans"):
        shutil.copytree(root / room, tmp_path / room)
    monkeypatch.chdir(tmp_path)
    return tmp_path
