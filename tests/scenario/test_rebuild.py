"""The store is an index: made again from what lies on the disk, it is the same to the last row."""

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow


def rows(store: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of ours, but for the numbers that SQLite gives to arrivals."""
    plain = sqlite3.connect(store)
    tables = [
        name for (name,) in plain.execute("SELECT name FROM sqlite_master WHERE name LIKE 'obsy%' AND type='table'")
    ]
    found = {}
    for table in tables:
        columns = ", ".join(f'"{row[1]}"' for row in plain.execute(f"PRAGMA table_info({table})") if row[1] != "id")
        found[table] = sorted(plain.execute(f"SELECT {columns} FROM {table}").fetchall(), key=repr)
    plain.close()
    return found


def rebuild(root: Path) -> str:
    command = [sys.executable, "-W", "error", "-m", "obsy", "rebuild", "plans", "--simulated"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_store_of_a_whole_night_is_made_again_to_the_last_row(clear_night: Any, tmp_path: Path) -> None:
    shutil.copytree(clear_night.root, tmp_path / "again")
    store = tmp_path / "again" / "data" / "simulated" / "store.sqlite"
    before = rows(store)
    assert {len(found) > 0 for found in before.values()} == {True}
    store.unlink()
    said = rebuild(tmp_path / "again")
    assert rows(store) == before
    assert said.count("\n") == 1, said  # nothing is amiss
    assert f"{len(before['obsy_frame'])} frames, {len(before['obsy_product'])} products" in said
