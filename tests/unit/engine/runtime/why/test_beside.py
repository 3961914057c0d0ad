"""Work on another core comes back as it was reckoned, and whatever becomes of it, nobody waits in vain."""

import os
import threading
import time
from collections.abc import Sequence

import pytest

from obsy.engine.runtime.why.beside import WorkBeside, spare_cores

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are copied on Linux alone")
THIRD = [1 / 3, {"heart": 1e-17}]


def _fails() -> Sequence[float]:
    raise ValueError


def _dies() -> Sequence[float]:
    os._exit(9)


def _sleeps() -> Sequence[float]:
    time.sleep(600)
    return ()


@pytest.mark.parametrize(("work", "answer"), [(lambda: THIRD, THIRD), (_fails, None), (_dies, None)])
def test_an_answer_comes_back_to_the_last_bit_and_none_of_a_copy_that_fails(work, answer) -> None:  # type: ignore[no-untyped-def]
    beside = WorkBeside.begun(work)
    assert beside is not None
    assert beside.answer() == answer
    with pytest.raises(ChildProcessError):
        os.waitpid(beside._process, os.WNOHANG)


def test_what_nobody_wants_to_know_any_more_is_ended_at_once() -> None:
    beside = WorkBeside.begun(_sleeps)
    assert beside is not None
    beside.drop()
    with pytest.raises(ChildProcessError):
        os.waitpid(beside._process, os.WNOHANG)


def test_where_no_process_can_be_started_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refused)
    assert WorkBeside.begun(lambda: THIRD) is None


@pytest.mark.parametrize(("load", "cores", "spare"), [(0.0, 2, 1), (1.0, 2, 1), (1.1, 2, 0), (9.0, 4, 0), (0.2, 1, 0)])
def test_only_a_core_without_work_is_taken(
    monkeypatch: pytest.MonkeyPatch, load: float, cores: int, spare: int
) -> None:
    monkeypatch.setattr(os, "getloadavg", lambda: (load, 0.0, 0.0))
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(cores))
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    assert spare_cores() == spare
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert spare_cores() == 0
