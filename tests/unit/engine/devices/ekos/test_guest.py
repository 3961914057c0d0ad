"""In somebody's EKOS only what obsy has put there is stopped and cleared, also after it was killed."""

import asyncio
import io
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from obsy.engine.devices.ekos import dead_hand
from obsy.engine.devices.ekos.guest import GuestEkos
from obsy.errors import DeviceError

CLEARED = ["stop", "abort", "removeAllJobs", "clearSequenceQueue"]


class Kstars:
    """A message bus whose KStars may be another one at any moment, and notes what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.connection = ":1.1"
        self.refuses: set[str] = set()

    async def owner(self) -> str:
        return self.connection

    async def call(self, path: str, interface: str, method: str, *words: str) -> object:
        self.told.append(method)
        if method in self.refuses:
            raise DeviceError(f"KStars refused '{method}'")
        return True

    async def read(self, path: str, interface: str, name: str) -> object:
        return []


class Borrowed:
    """A guest's EKOS, and what the process that outlives obsy was told."""

    def __init__(self) -> None:
        self.bus, self.why, self.held = Kstars(), "", list[str]()
        self.ekos = GuestEkos(self.bus, self.check, self.held.append)

    async def check(self) -> None:
        if self.why:
            raise DeviceError(self.why)

    def load(self) -> list[str]:
        self.bus.told.clear()
        asyncio.run(self.ekos.load(Path("night.esl")))
        return self.bus.told

    def abort(self) -> list[str]:
        self.bus.told.clear()
        asyncio.run(self.ekos.abort())
        return self.bus.told


@pytest.fixture
def borrowed() -> Borrowed:
    return Borrowed()


def test_a_block_is_loaded_and_taken_out_again_and_both_is_told_to_who_outlives_us(borrowed):
    assert borrowed.load() == ["removeAllJobs", "loadScheduler"]
    assert borrowed.abort() == CLEARED
    assert borrowed.held == [":1.1", ""]
    assert borrowed.abort() == []


def test_where_its_owner_has_a_job_nothing_is_loaded_and_nothing_is_cleared(borrowed):
    borrowed.why = "EKOS's scheduler has the jobs M 31"
    with pytest.raises(DeviceError, match="M 31"):
        borrowed.load()
    assert borrowed.bus.told == borrowed.abort() == []


def test_a_kstars_that_was_begun_since_has_none_of_ours(borrowed):
    borrowed.load()
    borrowed.bus.connection = ":1.7"
    assert borrowed.abort() == []
    assert borrowed.held[-1] == ""


def test_a_block_that_could_not_be_taken_out_is_before_the_next_one(borrowed):
    borrowed.load()
    borrowed.bus.refuses = {"stop"}
    with pytest.raises(DeviceError):
        borrowed.abort()
    assert borrowed.held == [":1.1"], "who outlives us would still try"
    borrowed.bus.refuses = set()
    assert borrowed.load() == [*CLEARED, "removeAllJobs", "loadScheduler"]


def test_a_sequence_that_went_with_ekos_needs_no_clearing(borrowed):
    borrowed.load()
    borrowed.bus.refuses = {"abort", "clearSequenceQueue"}
    assert borrowed.abort() == CLEARED


def test_a_profile_is_never_started_and_kstars_never_ended(borrowed):
    for asked in (borrowed.ekos.start("Simulators", 1.0), borrowed.ekos.quit()):
        with pytest.raises(DeviceError, match="its owner's to"):
            asyncio.run(asked)
    assert borrowed.bus.told == []


def let_go(monkeypatch: pytest.MonkeyPatch, bus: Kstars, held: str) -> int:
    """Let go of a block; how often a bus was opened for it."""
    opened: list[str] = []

    @asynccontextmanager
    async def open_bus(address: str) -> Any:
        opened.append(address)
        if len(opened) < 3:
            raise DeviceError("no message bus answers")
        yield bus

    monkeypatch.setattr(dead_hand, "open_bus", open_bus)
    monkeypatch.setattr(dead_hand, "PAUSE_S", 0.0)
    asyncio.run(dead_hand.let_go("unix:x", held))
    return len(opened)


def test_when_obsy_was_killed_its_block_is_stopped_as_soon_as_kstars_answers(monkeypatch):
    bus = Kstars()
    assert let_go(monkeypatch, bus, ":1.1") == 3
    assert bus.told == CLEARED


def test_when_it_held_none_or_kstars_is_another_nothing_is_touched(monkeypatch):
    bus = Kstars()
    assert let_go(monkeypatch, bus, "") == 0
    let_go(monkeypatch, bus, ":1.9")
    assert bus.told == []


def test_what_was_said_last_before_the_pipe_broke_counts(monkeypatch):
    last: list[tuple[str, str]] = []

    async def let(address: str, held: str) -> None:
        last.append((address, held))

    monkeypatch.setattr(dead_hand, "let_go", let)
    monkeypatch.setattr(dead_hand.sys, "argv", ["", "unix:x"])
    for said, held in ((":1.1\n", ":1.1"), (":1.1\n\n", ""), ("", "")):
        monkeypatch.setattr(dead_hand.sys, "stdin", io.StringIO(said))
        dead_hand.main()
        assert last[-1] == ("unix:x", held)


def test_no_block_is_begun_that_nobody_would_stop():
    class Broken:
        def write(self, said: bytes) -> None:
            raise BrokenPipeError(32, "Broken pipe")

    class Ended:
        stdin = Broken()

    hand = dead_hand.DeadHand(Ended())
    with pytest.raises(DeviceError, match="nothing would stop EKOS if obsy were killed"):
        hand.holds(":1.1")
    hand.holds("")
