import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from obsy.engine.devices.indi import children as module
from obsy.engine.devices.indi.children import Children
from obsy.errors import DeviceError
from tests.support.waiting import wait_until

LEAVES_A_GRANDCHILD = ["sh", "-c", "sleep 60 & echo $!; wait"]
STUBBORN = [sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"]
STARTS_ONE_AND_WAITS = """
import os, sys, time
from pathlib import Path
from obsy.engine.devices.indi.children import Children
print(Children(Path(sys.argv[1])).start(["sleep", "60"], dict(os.environ)).pid, flush=True)
time.sleep(60)
"""


def lives(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):  # the second, if it goes while it is read
        return False


def gone(pid):
    return wait_until(lambda: not lives(pid))


def test_stopping_ends_what_a_program_started_too(tmp_path):
    children = Children(tmp_path)
    children.start(LEAVES_A_GRANDCHILD, dict(os.environ))
    log = tmp_path / "logs" / "sh.log"
    grandchild = int(wait_until(log.read_text))
    children.close()
    assert gone(grandchild)


def test_a_program_that_will_not_end_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr("obsy.engine.devices.indi.children.PATIENCE_S", 0.2)
    children = Children(tmp_path)
    stubborn = children.start(STUBBORN, dict(os.environ))
    time.sleep(0.3)
    children.close()
    assert stubborn.returncode in {-signal.SIGKILL, -signal.SIGTERM}


def test_where_nothing_can_be_written_programs_run_and_are_ended_all_the_same(tmp_path):
    (tmp_path / "full").touch()  # nothing can be made in it, as on a disk that is full or read-only
    children = Children(tmp_path / "full" / "indi")
    child = children.start(["sleep", "60"], dict(os.environ))
    children.close()
    assert child.returncode == -signal.SIGTERM


def test_a_program_that_is_not_there_is_told(tmp_path):
    with pytest.raises(DeviceError, match="no-such-program is not installed"):
        Children(tmp_path).start(["no-such-program"], dict(os.environ))


def test_what_a_killed_obsy_left_is_ended_by_the_next(tmp_path, root):
    command = [sys.executable, "-c", STARTS_ONE_AND_WAITS, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as killed:
        pid = int(killed.stdout.readline())
        killed.kill()
    assert lives(pid)
    Children(tmp_path)
    assert gone(pid)


def test_a_number_given_to_another_process_meanwhile_is_let_be(tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr(module, "_signal", lambda *whom: told.append(whom))
    nobody = 2**22 + 1  # above every number that Linux gives
    (tmp_path / "children.json").write_text(f'[[{os.getpid()}, "1"], [{nobody}, "1"], [{nobody}, null]]')
    Children(tmp_path)
    assert told == []


@pytest.mark.parametrize(("dies_s", "killed_s"), [(0.12, (0.12, 0.2)), (99.0, (5.0, 5.1))])
def test_what_was_left_is_told_to_end_the_newest_first_and_killed_when_it_has_or_after_five_seconds(
    tmp_path, monkeypatch, dies_s, killed_s
):
    told, turned = [], SimpleNamespace(now_s=0.0)
    turned.monotonic = lambda: turned.now_s
    turned.sleep = lambda seconds: setattr(turned, "now_s", turned.now_s + seconds)

    def born(pid):
        begun_s = next((at_s for whom, _, at_s in told if whom == pid), turned.now_s)
        return str(pid) if turned.now_s < begun_s + dies_s else None

    monkeypatch.setattr(module, "time", turned)
    monkeypatch.setattr(module, "_born", born)
    monkeypatch.setattr(module, "_signal", lambda *whom: told.append((*whom, turned.now_s)))
    (tmp_path / "children.json").write_text('[[1001, "1001"], [1002, "1002"]]')
    Children(tmp_path)
    term, kill = signal.SIGTERM, signal.SIGKILL
    assert [each[:2] for each in told] == [(1002, term), (1002, kill), (1001, term), (1001, kill)]
    least_s, most_s = killed_s
    assert told[0][2] == 0.0
    assert least_s <= told[1][2] <= most_s


def test_what_has_gone_or_only_waits_to_be_asked_for_its_end_does_not_live(monkeypatch):
    nobody = 2**22 + 1  # above every number that Linux gives
    assert (module._born(nobody), module._program(nobody)) == (None, "")
    assert module._born(os.getpid())
    monkeypatch.setattr(module, "_stat", lambda _: ["Z", *"0123456789" * 4])
    assert module._born(1) is None


def test_words_are_kept_where_no_folder_was_and_where_one_is_from_before(tmp_path):
    for _ in range(2):
        children = Children(tmp_path / "site" / "indi")
        (child := children.start(["echo", "hello"], dict(os.environ))).wait()
        children.end(child)
        assert (tmp_path / "site" / "indi" / "logs" / "echo.log").read_text() == "hello\n"


def test_what_is_ended_is_forgotten_with_all_that_it_left_behind(tmp_path):
    children = Children(tmp_path)
    child = children.start(["sh", "-c", "(trap '' TERM; exec sleep 60) & echo $!; exec sleep 60"], dict(os.environ))
    log = tmp_path / "logs" / "sh.log"
    deaf = int(wait_until(lambda: log.read_text() if log.read_text().endswith("\n") else ""))
    wait_until(lambda: Path(f"/proc/{deaf}/cmdline").read_bytes() == b"sleep\0" + b"60\0")
    assert json.loads((tmp_path / "children.json").read_text())[0][0] == child.pid
    children.end(child)
    assert gone(deaf)
    assert json.loads((tmp_path / "children.json").read_text()) == []


def test_what_hangs_is_killed_whole_or_only_the_part_that_does(tmp_path):
    for name in ("indi_simulator_dome", "indi_simulator_weather"):
        (tmp_path / name).symlink_to(shutil.which("sleep"))
    both = f"{tmp_path}/indi_simulator_dome 60 & echo $!; {tmp_path}/indi_simulator_weather 60 & echo $!; wait; wait"
    children = Children(tmp_path)
    child = children.start(["sh", "-c", both], dict(os.environ))
    log = tmp_path / "logs" / "sh.log"
    dome, weather = map(int, wait_until(lambda: log.read_text().split() if log.read_text().count("\n") == 2 else None))
    with subprocess.Popen([f"{tmp_path}/indi_simulator_dome", "60"], start_new_session=True) as somebody_elses:
        wait_until(lambda: children.kill(child, "indi_simulator_dome"))
        assert gone(dome)
        assert somebody_elses.poll() is None
        somebody_elses.kill()
        assert somebody_elses.wait() == -signal.SIGKILL
    assert lives(weather)
    assert child.poll() is None
    assert not children.kill(child, "indi_simulator_dome")
    os.killpg(child.pid, signal.SIGSTOP)  # a stopped program does not hear that it is to end
    assert children.kill(child) is True
    assert gone(weather)
    assert child.wait() == -signal.SIGKILL
    children.close()
