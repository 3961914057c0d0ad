"""Workers that die are replaced, and only what kills them fails."""

import ctypes
import os
import resource
import signal
import subprocess
import sys
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path

import pytest

from obsy.engine.processing.workers import Retry, Workers, begin_worker, do
from tests.support.waiting import wait_until

SOON_S = 60.0


@pytest.fixture
def workers():
    workers = Workers(2)
    yield workers
    workers.shutdown()


def test_a_worker_that_dies_takes_only_its_own_work_along(workers, tmp_path):
    doomed = workers.submit(signal.raise_signal, signal.SIGKILL)
    others = [workers.submit(pow, 2, number) for number in range(6)]
    assert [other.result(SOON_S) for other in others] == [1, 2, 4, 8, 16, 32]
    with pytest.raises(BrokenProcessPool):
        doomed.result(SOON_S)
    assert workers.submit(pow, 3, 2).result(SOON_S) == 9


def test_an_error_of_the_work_is_not_tried_again(workers, tmp_path):
    with pytest.raises(FileExistsError):
        [workers.submit(os.mkdir, tmp_path / "x").result(SOON_S) for _ in range(2)]


def test_what_was_to_be_tried_again_ends_quietly_with_the_program(workers, monkeypatch):
    workers.shutdown()
    monkeypatch.setattr("concurrent.futures.process._global_shutdown", True)
    answer: Future[None] = Future()
    workers._retries.put(Retry(print, answer))
    workers._retry()
    assert not answer.done()  # it has not failed


class Awkward(Exception):
    """An error that cannot be made again from its own words."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)


def test_an_error_that_cannot_be_sent_is_put_in_words():
    def job() -> None:
        raise Awkward("a", "the words")

    with pytest.raises(RuntimeError, match="Awkward: the words"):
        do(job)


def faults_of_an_image() -> int:
    """How many page faults a worker makes that drops an image of 8 MB and makes it again."""
    bytearray(8 << 20)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    bytearray(8 << 20)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


@pytest.mark.long
@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallopt"), reason="only glibc is told")
def test_a_worker_keeps_the_memory_of_an_image_for_the_next_one(workers):
    assert workers.submit(faults_of_an_image).result(SOON_S) < 100  # of 2048 pages


def test_a_worker_begins_under_a_c_library_that_has_no_mallopt(monkeypatch):
    begun: list[str] = []
    monkeypatch.setattr("ctypes.CDLL", lambda name: object())
    monkeypatch.setattr("signal.signal", lambda *told: None)
    begin_worker(partial(begun.append, "more"))
    assert begun == ["more"]


def test_workers_end_when_the_system_kills_their_parent():
    code = (
        "import os, sys, time\n"
        "from obsy.engine.processing.workers import Workers\n"
        "if __name__ == '__main__':\n"
        "    print(Workers(1).submit(os.getpid).result(), flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        worker = Path("/proc") / parent.stdout.readline().strip()
        assert worker.exists()
        parent.kill()
    wait_until(lambda: not worker.exists() or " Z " in (worker / "stat").read_text())
