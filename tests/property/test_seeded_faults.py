"""Does the exhaustive test find what it is there to find? Twenty faults are put in, one at a time, into a copy."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.support.effort import EFFORT

ROOT = Path(__file__).parents[2]
FAULTS: list[dict[str, str]] = tomllib.loads((Path(__file__).parent / "seeded_faults.toml").read_text())["fault"]
TEST = "tests/property/test_roof_exhaustive.py"
NEEDED = ("obsy", "tests", "library", "site", "plans", "docs", "pyproject.toml", "README.md")
MOST_MISSED = 2


def lay_out(copy: Path) -> None:
    """Copy what the test needs, compiled files too."""
    for name in NEEDED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, symlinks=True)
        else:
            shutil.copy2(ROOT / name, copy / name)


def is_found(copy: Path, fault: dict[str, str]) -> bool:
    """Whether the test fails with a fault put in."""
    path = copy / fault["file"]
    well = path.read_text()
    path.write_text(well.replace(fault["old"], fault["new"], 1))
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-W", "error", "-p", "no:cacheprovider", TEST]
    fast = {**os.environ, "OBSY_EFFORT": "1"}
    try:
        ran = subprocess.run(command, cwd=copy, env=fast, capture_output=True, text=True, check=False)
    finally:
        path.write_text(well)
    return ran.returncode in (1, 2)  # 2: what ships is refused as it is read


def test_every_fault_can_be_put_in() -> None:
    assert len(FAULTS) == 20
    for fault in FAULTS:
        assert (ROOT / fault["file"]).read_text().count(fault["old"]) == 1, fault["what"]


@pytest.mark.slow
def test_at_least_eighteen_of_twenty_faults_are_found(tmp_path: Path, record_property: Any) -> None:
    lay_out(tmp_path)
    tried = FAULTS if EFFORT > 1 else FAULTS[1:2]
    missed = [fault["what"] for fault in tried if not is_found(tmp_path, fault)]
    record_property("missed", missed)
    print(missed)
    assert len(missed) <= (MOST_MISSED if EFFORT > 1 else 0), missed
