"""What may hang has a process of its own, which is killed when its time is over and begun anew when it is needed."""

import os
import signal
import sys
import time
from multiprocessing.process import BaseProcess
from subprocess import Popen

import pytest

from obsy.engine.processing.limited import LimitedWorker, WorkerLostError, queued_s
from obsy.errors import FrameError
from tests.support.waiting import wait_until

SOON_S = 60.0


@pytest.fixture
def worker():
    worker = LimitedWorker()
    yield worker
    worker.shutdown()


def refuse() -> None:
    raise FrameError("not-fits", "the words")


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_what_takes_too_long_is_killed_and_the_next_is_done_by_another(worker, tmp_path):
    first = worker.within(SOON_S, os.getpid).result(SOON_S)
    os.mkfifo(pipe := tmp_path / "pipe")
    hangs = worker.within(0.1, os.open, pipe, os.O_RDONLY)
    after = worker.within(SOON_S, os.getpid)
    with pytest.raises(WorkerLostError, match="longer than 0 s"):
        hangs.result(SOON_S)
    assert after.result(SOON_S) not in (first, os.getpid())
    assert not is_alive(first)


def test_the_time_in_which_others_have_the_processor_is_not_counted(worker, monkeypatch):
    worker.within(SOON_S, os.getpid).result(SOON_S)
    monkeypatch.setattr("obsy.engine.processing.limited.queued_s", lambda process: time.monotonic())
    worker.within(0.1, time.sleep, 0.5).result(SOON_S)


def test_the_system_tells_for_how_long_a_process_waits_for_the_processor():
    """Of two that are bound to one processor each waits while the other has it, whoever else is at work."""
    here, both = min(os.sched_getaffinity(0)), []
    for _ in range(2):
        both.append(Popen([sys.executable, "-c", f"import os; os.sched_setaffinity(0, [{here}])\nwhile True: pass"]))
    try:
        wait_until(lambda: all(queued_s(each) > 0.2 for each in both))
    finally:
        for each in both:
            each.kill()
            each.wait()
    assert queued_s(None) == 0.0, "and no process waits for none"


def test_work_that_kills_its_worker_fails_alone(worker):
    dies = worker.within(SOON_S, signal.raise_signal, signal.SIGKILL)
    after = worker.within(SOON_S, pow, 2, 5)
    with pytest.raises(WorkerLostError, match="died"):
        dies.result(SOON_S)
    assert after.result(SOON_S) == 32


def test_an_error_of_the_work_comes_back_as_it_was(worker):
    with pytest.raises(FrameError) as fault:
        worker.within(SOON_S, refuse).result(SOON_S)
    assert (fault.value.code, str(fault.value)) == ("not-fits", "the words")
    assert worker.within(SOON_S, pow, 2, 3).result(SOON_S) == 8, "and the worker goes on"


def test_there_is_no_process_before_it_is_needed_nor_long_after():
    worker = LimitedWorker(idle_s=0.0)
    assert worker._process is None
    process = worker.within(SOON_S, os.getpid).result(SOON_S)
    wait_until(lambda: not is_alive(process))
    assert worker.within(SOON_S, os.getpid).result(SOON_S) != process
    worker.shutdown()


def test_shutting_down_does_not_wait_for_what_hangs(worker, tmp_path):
    process = worker.within(SOON_S, os.getpid).result(SOON_S)
    os.mkfifo(pipe := tmp_path / "pipe")
    worker.within(3600.0, os.open, pipe, os.O_RDONLY)
    began_s, thread = time.monotonic(), worker._thread
    worker.shutdown()
    wait_until(lambda: not is_alive(process))
    assert time.monotonic() - began_s < SOON_S
    wait_until(lambda: not thread.is_alive())


def test_that_no_process_can_be_begun_is_no_fault_of_the_work_and_the_next_may_be(worker, monkeypatch):
    start = BaseProcess.start

    def none(_):
        monkeypatch.setattr(BaseProcess, "start", start)
        raise BlockingIOError("no process can be had")

    monkeypatch.setattr(BaseProcess, "start", none)
    with pytest.raises(BlockingIOError, match="no process can be had"):
        worker.within(30.0, os.getpid).result(60.0)
    assert worker.within(30.0, os.getpid).result(60.0) != os.getpid()
