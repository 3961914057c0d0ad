"""systemd hears that the guard is ready, at work, or stopping, and the guard waits for nobody who hears it."""

import os
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from obsy.engine.runtime.guard.service import Service


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, socket.socket]]:
    """Where systemd listens, as it says so in the environment, and its end."""
    name = f"{tmp_path.name}-{os.getpid()}"
    where = f"@{name}" if request.param == "abstract" else str(tmp_path / "notify")
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as its:
        its.bind(f"\0{name}" if request.param == "abstract" else where)
        its.setblocking(False)
        yield where, its


def heard(its: socket.socket) -> list[str]:
    found = []
    while True:
        try:
            found.append(its.recv(4096).decode())
        except BlockingIOError:
            return found


def test_it_is_ready_once_and_at_work_only_where_there_are_words_for_it(manager: tuple[str, socket.socket]) -> None:
    where, its = manager
    service = Service({"NOTIFY_SOCKET": where})
    for how in ("", "", "dome is meant closed: rain\nREADY=0", ""):
        service.beat(how)
    service.say("STOPPING=1")
    assert heard(its) == ["READY=1", "WATCHDOG=1\nSTATUS=dome is meant closed: rain READY=0", "STOPPING=1"]


def test_no_program_that_is_started_speaks_for_it(manager: tuple[str, socket.socket]) -> None:
    where, its = manager
    own = {"NOTIFY_SOCKET": where, "WATCHDOG_PID": str(os.getpid()), "WATCHDOG_USEC": "30000000", "HOME": "/"}
    Service(own).say("READY=1")
    Service({"NOTIFY_SOCKET": where, "WATCHDOG_PID": "1"}).say("it is another's")
    assert own == {"HOME": "/"}
    assert heard(its) == ["READY=1"]


def test_who_does_not_listen_holds_up_nobody(manager: tuple[str, socket.socket]) -> None:
    where, its = manager
    service = Service({"NOTIFY_SOCKET": where})
    for _ in range(5000):
        service.beat("more than any queue takes")
    assert len(heard(its)) < 5000
    its.close()
    service.beat("nobody is there any more")


@pytest.mark.parametrize("where", ["", "vsock:2:1", "/" + "long" * 100, "relative", "@"])
def test_an_address_that_is_none_is_no_fault(where: str) -> None:
    Service({"NOTIFY_SOCKET": where}).beat("as ever \udcff")
