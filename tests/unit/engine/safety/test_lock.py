"""One night at a time."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from obsy.engine.safety.lock import only_one
from obsy.errors import NightRunning

HOLD = (
    "import sys, time; from pathlib import Path; from obsy.engine.safety.lock import only_one\n"
    "with only_one(Path(sys.argv[1])):\n    print('held', flush=True); time.sleep(60)"
)


def test_a_second_night_is_refused_and_told_who_runs(tmp_path: Path) -> None:
    with only_one(tmp_path / "lock"):
        asked = [sys.executable, "-c", HOLD, str(tmp_path / "lock")]
        second = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=False)
        assert f"another 'obsy apply' (process {os.getpid()})" in second.stderr


def test_the_process_that_holds_it_may_hold_it_again_and_keeps_it_till_its_first_block_ends(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with only_one(path):
        with only_one(path):
            pass
        held = os.open(path, os.O_RDWR)
        with pytest.raises(BlockingIOError):
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(held)


def test_a_killed_night_holds_nothing(tmp_path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path / "lock")], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(NightRunning, match=str(holder.pid)), only_one(tmp_path / "lock"):
        pass
    holder.kill()
    holder.communicate()
    with only_one(tmp_path / "lock"):
        pass
