"""One night at a time."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from obsy.engine.safety.lock import hardware_lock, only_guard, only_one
from obsy.errors import GuardRunning, NightRunning

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


KEEP = (
    "import sys, time; from pathlib import Path; from obsy.engine.safety.lock import only_guard\n"
    "with only_guard(sys.argv[2:], Path(sys.argv[1])):\n    print('held', flush=True); time.sleep(60)"
)


def test_two_folders_do_not_drive_one_hardware(tmp_path: Path) -> None:
    devices = [f"Dome of {tmp_path}", "Mount"]
    command = [sys.executable, "-c", KEEP, "/an/other/folder", *devices]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        said = f"process {holder.pid}, for /an/other/folder"
        with pytest.raises(GuardRunning, match=said), only_guard(reversed(devices), tmp_path):
            pass
        with only_guard([f"Roof of {tmp_path}"], tmp_path):
            pass
        holder.kill()
        holder.wait()
    with only_guard(devices, tmp_path):
        pass
    hardware_lock(devices).unlink()
    hardware_lock([f"Roof of {tmp_path}"]).unlink()


def test_where_no_lock_can_be_taken_a_roof_is_kept_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("obsy.engine.safety.lock.HOST", ())
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    with only_guard(["Dome"], tmp_path):
        pass
