"""One night at a time."""

import subprocess
import sys
from pathlib import Path

import pytest

from obsy.engine.night.lock import only_one
from obsy.errors import NightRunning

HOLD = (
    "import sys, time; from pathlib import Path; from obsy.engine.night.lock import only_one\n"
    "with only_one(Path(sys.argv[1])):\n    print('held', flush=True); time.sleep(60)"
)


def test_a_second_night_is_refused_and_told_who_runs(tmp_path: Path) -> None:
    with (
        only_one(tmp_path / "lock"),
        pytest.raises(NightRunning, match="another 'obsy apply'"),
        only_one(tmp_path / "lock"),
    ):
        raise AssertionError("two nights at once")


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
