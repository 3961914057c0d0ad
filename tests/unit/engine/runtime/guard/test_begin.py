"""A guard is begun in the folder of its observatory, wherever whoever begins it stands."""

import os
from pathlib import Path

import pytest

from obsy.engine.runtime.guard.begin import start_guard


def test_a_guard_stands_in_the_root_of_its_observatory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "plans").mkdir()
    monkeypatch.chdir(tmp_path / "plans")
    guard = start_guard(Path(".."), "nowhere")
    try:
        assert Path(os.readlink(f"/proc/{guard.pid}/cwd")) == tmp_path
        assert Path(list(guard.args)[4]).resolve() == tmp_path
    finally:
        guard.kill()
        guard.wait()
