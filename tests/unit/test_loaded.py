"""What plays the nights of tests: a fork of a process that has loaded obsy, and in all else one that is begun anew."""

import gc
import signal
import subprocess
from pathlib import Path

import pytest

from tests.support.loaded import LoadedRun
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.once, pytest.mark.slow]

TELLS = """
import os, sys, warnings
print(sys.argv, os.getcwd(), os.getpid() == os.getsid(0), "obsy.engine.runtime.apply" in sys.modules)
warnings.warn("told as an error")
"""
SPAWNS = """
import multiprocessing, os, sys
worker = multiprocessing.get_context("spawn").Process(target=os.getcwd)
worker.start(); worker.join()
sys.exit(3 + worker.exitcode)
"""
WAITS = "import time; print('begun', flush=True); open('begun', 'w').close(); time.sleep(600)"


def test_it_has_arguments_a_folder_and_a_session_of_its_own_and_a_warning_is_an_error(tmp_path: Path) -> None:
    run = LoadedRun(TELLS, ("a", "b"), tmp_path)
    said, complained = run.communicate(timeout=120)
    assert said == f"['-c', 'a', 'b'] {tmp_path} True True\n"
    assert "UserWarning: told as an error" in complained
    assert run.returncode == 1


def test_what_it_spawns_comes_to_its_end_and_its_exit_code_is_its_own(tmp_path: Path) -> None:
    run = LoadedRun(SPAWNS, (), tmp_path)
    assert run.communicate(timeout=120) == ("", "")
    assert run.returncode == 3


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGKILL, -9), (signal.SIGHUP, -1), (signal.SIGINT, 1)])
def test_it_hears_signals(tmp_path: Path, sent: signal.Signals, code: int) -> None:
    run = LoadedRun(WAITS, (), tmp_path)
    with pytest.raises(subprocess.TimeoutExpired):
        run.communicate(timeout=0.01)
    wait_until((tmp_path / "begun").exists, 120.0)
    run.send_signal(sent)
    said, complained = run.communicate(timeout=120)
    assert (said, run.returncode) == ("begun\n", code)
    assert ("KeyboardInterrupt" in complained) == (sent == signal.SIGINT)


def test_nothing_of_it_is_left_behind(tmp_path: Path) -> None:
    run = LoadedRun("", (), tmp_path)
    assert run.communicate(timeout=120) == ("", "")
    kept = run._said[0].parent
    assert kept.exists()
    del run
    gc.collect()  # a file that was left open would be told now, as an error
    assert not kept.exists()
