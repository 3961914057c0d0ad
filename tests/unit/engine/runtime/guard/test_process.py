"""A guard that is a process answers every signal, and ends only over closed roofs."""

import logging
import os
import shutil
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from obsy.engine.declare.equipment import read_equipment
from obsy.engine.runtime.guard import guard as guards
from obsy.engine.runtime.guard.process import run_guard, tell_others
from obsy.engine.runtime.guard.service import Service
from obsy.engine.runtime.guard.wire import guard_of
from obsy.engine.safety import closing, keeper, moving, watching
from obsy.engine.safety.lock import claim
from obsy.engine.telling.line import IN_HAND, Line
from obsy.errors import GuardRunning, UserError
from tests.support.waiting import wait_until
from tests.support.yard import Yard

ROOT = Path(__file__).parents[5]
SITE = read_equipment(ROOT).site.name
TOLD_BY = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture
def hill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The root of a site, in the dark."""
    for room in ("site", "library"):
        shutil.copytree(ROOT / room, tmp_path / room)
    for often in (keeper, closing, moving):
        monkeypatch.setattr(often, "LOOK_S", 0.02)
    monkeypatch.setattr(guards, "BEATS_S", 0.02)
    monkeypatch.setattr(watching.RoofWatch, "why_too_light", lambda _: "")
    before = {each: signal.signal(each, signal.SIG_DFL) for each in TOLD_BY}
    yield tmp_path
    for each, handler in before.items():
        signal.signal(each, handler)


def told(yard: Yard, numbers: tuple[int, ...], after: Callable[[], bool] = bool) -> threading.Thread:
    """Send signals to this process as soon as the yard's weather is read."""

    def tell() -> None:
        wait_until(lambda: yard.read > 0)
        for number in numbers:
            os.kill(os.getpid(), number)
        after()

    thread = threading.Thread(target=tell)
    thread.start()
    return thread


def test_what_python_says_in_a_guard_is_told_by_who_holds_nothing_up(
    hill: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    yard = Yard(rain=0.0)
    telling = told(yard, (), lambda: logging.getLogger("asyncio").error("no files") or os.kill(os.getpid(), 15) or True)
    run_guard(hill, None, while_needed=False, runner=yard)
    telling.join()
    assert "no files\n" in capsys.readouterr().err


@pytest.mark.parametrize("number", TOLD_BY)
def test_a_guard_that_is_told_to_end_closes_the_roof_first_and_says_so_each_time(
    hill: Path, number: signal.Signals, capsys: pytest.CaptureFixture[str]
) -> None:
    yard = Yard(rain=0.0)
    yard.mount.moves_s = 0.5
    parks, move = threading.Event(), yard.mount._move

    async def parking(*, home: bool) -> None:
        parks.set()
        await move(home=home)

    yard.mount._move = parking  # type: ignore[method-assign]

    def again() -> bool:
        assert parks.wait(20.0)
        os.kill(os.getpid(), number)
        return True

    telling = told(yard, (number,), again)
    run_guard(hill, None, while_needed=False, runner=yard)
    telling.join()
    yard.assert_closed()
    assert capsys.readouterr().err.count("the guard ends when every roof is proven closed") == 2


def test_a_signal_that_the_guard_was_begun_to_ignore_is_ignored(hill: Path, capsys: pytest.CaptureFixture[str]) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    yard = Yard(rain=0.0)
    telling = told(yard, (signal.SIGHUP, signal.SIGTERM))
    run_guard(hill, SITE, while_needed=False, runner=yard)
    telling.join()
    yard.assert_closed()
    assert capsys.readouterr().err.count("the guard ends when every roof is proven closed") == 1


def test_a_guard_that_is_not_needed_ends_over_a_closed_roof(hill: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("obsy.engine.runtime.guard.ending.UNNEEDED_S", 0.1)
    yard = Yard(rain=5.0)
    run_guard(hill, None, while_needed=True, runner=yard)
    yard.assert_closed()


def test_a_guard_beside_another_or_of_no_site_touches_nothing(hill: Path) -> None:
    yard = Yard()
    held = claim(guard_of(hill, SITE))
    with pytest.raises(GuardRunning):
        run_guard(hill, None, while_needed=False, runner=yard)
    held.close()
    with pytest.raises(UserError):
        run_guard(hill, "nowhere", while_needed=False, runner=yard)
    assert yard.reached == 0


KEEPS = "import sys; open(sys.argv[1], 'w').write(sys.stdin.read())"


def test_a_board_hears_of_a_guard_only_while_all_is_in_hand(tmp_path: Path) -> None:
    line = Line(tmp_path, None, "guard", [sys.executable, "-c", KEEPS, str(heard := tmp_path / "heard")])
    for how, in_hand in (("", False), ("making safe", False), ("closed", True), ("not reached", False), ("open", True)):
        tell_others(Service({}), line, how, in_hand)
    line.end()
    wait_until(lambda: heard.exists() and heard.read_text().endswith("\n"))
    assert heard.read_text().count(f'"event": "{IN_HAND}"') == 2


def test_systemd_hears_that_the_guard_is_ready_and_that_it_stops(hill: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(hill / "notify"))
        systemd.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", str(hill / "notify"))
        yard, said = Yard(rain=0.0), list[bytes]()
        telling = told(yard, (signal.SIGTERM,))
        run_guard(hill, None, while_needed=False, runner=yard)
        telling.join()
        with suppress(BlockingIOError):
            while True:
                said += systemd.recv(4096).splitlines()
    assert said[0] == b"READY=1"
    assert b"STOPPING=1" in said
