"""The guard outlives the night that has its roof open, and the night its guard: whoever is killed, the roof closes."""

import asyncio
import contextlib
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest

from obsy.engine.declare.equipment import read_equipment, saved_at
from obsy.engine.devices.clock import WallClock
from obsy.engine.devices.ports import Roof
from obsy.engine.devices.simulated.clock import VirtualClock, VirtualLoop
from obsy.engine.events import Event
from obsy.engine.events.roof import AlarmRaised
from obsy.engine.journal import heard_by
from obsy.engine.runtime.guard import begin
from obsy.engine.runtime.guard.guard import Guard
from obsy.engine.runtime.guard.line import GuardLine
from obsy.engine.runtime.guard.release import release
from obsy.engine.runtime.guard.remote import RemoteKeeper
from obsy.engine.runtime.guard.start import StartingSite, roofs_first
from obsy.engine.runtime.guard.wire import (
    LONGEST,
    PROTOCOL,
    Wire,
    dial,
    greeting,
    guard_of,
    question,
    understood,
    written,
)
from obsy.engine.safety import keeper, sightings, watching
from obsy.engine.safety.lease import RoofStanding
from obsy.engine.safety.lock import address, claim
from obsy.engine.safety.verdict import Verdict
from obsy.errors import DeviceError, UserError
from tests.support.lasting import Lasting
from tests.support.waiting import PATIENCE_S, wait_until

ROOT = Path(__file__).parents[5]
SITE = read_equipment(ROOT).site.name
LEASE_S = 2.0
"""Longer than a busy machine keeps a process waiting, and short enough to be waited for."""
KILLS = pytest.mark.slow(minutes=1.2)
"""What all of them take: they mostly wait, so they begin early."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An observatory whose roof stands open over a mount at work, in good weather."""
    for room in ("site", "library"):
        shutil.copytree(ROOT / room, tmp_path / room)
    return tmp_path


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "LOOK_S", 0.02)
    monkeypatch.setattr(keeper, "LEASE_S", LEASE_S)
    monkeypatch.setattr(sightings, "HASTY", 0.0)  # this roof takes a tenth of a second
    monkeypatch.setattr("obsy.engine.runtime.guard.guard.BEATS_S", 0.05)
    monkeypatch.setattr("obsy.engine.runtime.guard.open_roofs.SETTLES_S", 0.05)
    monkeypatch.setattr(watching.RoofWatch, "why_too_light", lambda _: "")


class Night:
    """A night and its guard in one process, at the two ends of a real socket, on virtual time.

    waits: on the wall's, for a thread or a process.
    """

    def __init__(self, folder: Path, *, waits: bool = False) -> None:
        self.loop = asyncio.SelectorEventLoop() if waits else VirtualLoop()
        self.clock = VirtualClock(datetime(2026, 11, 21, 22, tzinfo=UTC), cast("Any", self.loop))
        self.its, self.parked, self.started = Lasting(folder, self.clock), 0, 0
        self.name = guard_of(folder, SITE)
        self.guard = Guard(read_equipment(ROOT), folder / "data", self.its)
        self.line, self.roof = self.another("the night")
        self.events: list[Event] = []
        self.roof.hear(self.events.append)
        self.turns: list[Verdict] = []
        self.roof.listen(self.turns.append)

    def another(self, holder: str) -> tuple[GuardLine, RemoteKeeper]:
        line = GuardLine(partial(dial, self.name), self.start, holder)
        return line, line.keeper("roll-off", self.clock, self.park)

    def start(self) -> None:
        self.started += 1

    async def park(self) -> None:
        self.parked += 1

    async def until(self, ask: Callable[[], Any]) -> None:
        async with asyncio.timeout(30.0):
            while not ask():
                await asyncio.sleep(0.02)

    def play(self, story: Callable[["Night"], Awaitable[None]]) -> None:
        async def both() -> None:
            with closing(claim(self.name)) as at:
                tasks = [asyncio.ensure_future(each) for each in (self.guard.run(at), self.line.run(), self.roof.run())]
                try:
                    async with asyncio.timeout(PATIENCE_S):
                        await self.line.up.wait()
                        await story(self)
                finally:
                    for each in tasks:
                        each.cancel()
                    await asyncio.gather(*tasks, return_exceptions=True)

        self.run(both())

    def run(self, deed: Coroutine[Any, Any, None]) -> None:
        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            runner.run(deed)


def test_a_roof_that_is_found_open_stays_so_while_the_night_renews_and_closes_when_it_does_not(
    folder: Path, quick: None
) -> None:
    async def story(night: Night) -> None:
        assert await night.roof.found() is Roof.OPEN
        for _ in range(25):
            night.roof.renew()
            await asyncio.sleep(LEASE_S / 20)
        assert night.its.truth()["roof"] == 1.0
        assert night.roof.verdict.safe
        night.roof.leave.check()
        await night.until(lambda: night.its.truth()["roof"] == 0.0)
        await night.until(lambda: night.events and night.events[-1].name == "roof-closed")
        assert night.its.truth()["struck"] == 0.0
        assert "nobody has asked" in night.turns[-1].reason
        assert next(event.name for event in night.events if event.name not in ("weather", "evidence")) == "alarm"
        assert await night.roof.look() == RoofStanding(Roof.CLOSED, True)
        why = "the roof stays closed: (the roof is open, and|not yet: it must stay safe until)"
        with pytest.raises(DeviceError, match=why):
            await night.roof.open()
        with pytest.raises(DeviceError, match=why):
            await night.roof.check_opening()

    Night(folder).play(story)


def test_a_guard_is_spoken_to_by_so_many_and_hangs_up_on_any_more(
    folder: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("obsy.engine.runtime.guard.guard.MOST", 3)

    async def story(night: Night) -> None:
        first, second, more = [await dial(night.name) for _ in range(3)]
        assert [await each.read() is None for each in (first, second, more)] == [False, False, True]
        assert night.line.up.is_set(), "who was there before is served on"
        assert await night.roof.found() is Roof.OPEN
        first.close()
        await night.until(lambda: len(night.guard._wires) < 3)
        again = await dial(night.name)
        assert await again.read() is not None
        for each in (second, more, again):
            each.close()
        with ExitStack() as waiting:
            for _ in range(150):  # of whom none is refused while it is busy
                one = waiting.enter_context(socket.socket(socket.AF_UNIX))
                one.setblocking(False)
                one.connect(address(night.name))

    Night(folder).play(story)


def test_what_is_given_back_is_seen_closed_and_moves_no_mount_meanwhile(folder: Path, quick: None) -> None:
    async def story(night: Night) -> None:
        await night.roof.found()
        night.roof.renew()
        await night.roof.give_back()
        assert night.its.truth() == {"roof": 0.0, "home": 1.0, "rain": 0.0, "struck": 0.0}
        with pytest.raises(DeviceError, match="not meant to be open"):
            night.roof.leave.check()

    Night(folder).play(story)


def test_an_alarm_reaches_people_by_the_guard_itself_unless_a_night_hears_it(folder: Path, quick: None) -> None:
    told: list[Any] = []

    async def story(night: Night) -> None:
        wire = await dial(night.name)
        await night.until(lambda: len(night.guard._wires) == 2)
        assert [each.hears for each in night.guard._wires].count(True) == 1, "the night"
        night.guard._say("roll-off", AlarmRaised(reason="heard by the night"))
        next(each for each in night.guard._wires if each.hears).hears = False
        night.guard._say("roll-off", AlarmRaised(reason="heard by nobody else"))
        wire.close()

    with heard_by(told.append):
        Night(folder).play(story)
    assert [entry["reason"] for entry in told if entry["reason"].startswith("heard")] == ["heard by nobody else"]


def test_a_command_releases_what_another_hand_has_moved(folder: Path, quick: None) -> None:
    read_equipment(ROOT).save(saved_at(folder, "real", SITE))
    told: list[dict[str, str]] = []

    async def story(night: Night) -> None:
        await night.roof.found()
        night.guard._keepers["roll-off"]._held = "a hand moved it"
        with pytest.raises(UserError, match="the roof 'roll-off' is not released: only a roof that is proven closed"):
            await asyncio.to_thread(release, folder, None)
        await night.roof.give_back()
        for _ in range(2):
            told.append(await asyncio.to_thread(release, folder, None))
        assert "roof-released" in [event.name for event in night.events]

    Night(folder, waits=True).play(story)
    assert told == [{"roll-off": "a hand moved it"}, {"roll-off": ""}]
    with pytest.raises(UserError, match="no guard answers"):
        release(folder, None)


def test_a_keeper_that_ends_makes_all_unsafe_until_another_keeps_the_roof(
    folder: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, ended = keeper.Keeper.run, list[bool]()

    async def ends_once(self: keeper.Keeper) -> None:
        if not ended:
            ended.append(True)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(run(self), 0.5)
            raise KeyError("a fault of ours")
        await run(self)

    monkeypatch.setattr(keeper.Keeper, "run", ends_once)

    async def story(night: Night) -> None:
        await night.until(lambda: night.turns and night.turns[-1].safe)
        await night.until(lambda: night.turns[-1].reason == "the guard does not reach the roof")
        assert "KeyError" in night.guard.trouble
        assert night.guard._greeting()["indi"] is None
        await night.until(lambda: night.turns[-1].safe and not night.guard.trouble)

    Night(folder).play(story)


def test_rain_closes_it_and_is_told(folder: Path, quick: None) -> None:
    async def story(night: Night) -> None:
        await night.roof.found()
        night.its.set(rain=5.0)
        night.guard._keepers["roll-off"]._monitor._due_s.clear()
        for each in read_equipment(ROOT).weather:
            night.guard._keepers["roll-off"]._monitor._due_s[each.name] = 0.0

        def is_unsafe() -> bool:
            night.roof.renew()
            return bool(night.turns) and not night.turns[-1].safe

        await night.until(is_unsafe)
        assert "rain" in night.turns[-1].reason
        await night.until(lambda: night.its.truth()["roof"] == 0.0)

    Night(folder).play(story)


def test_who_only_asks_whether_a_guard_is_there_is_no_nuisance(
    folder: Path, quick: None, capsys: pytest.CaptureFixture[str]
) -> None:
    async def story(night: Night) -> None:
        before = len(night.guard._wires)
        for _ in range(3):
            assert (await asyncio.to_thread(greeting, night.name) or {})["protocol"] == PROTOCOL
        await night.until(lambda: len(night.guard._wires) == before)

    Night(folder, waits=True).play(story)
    assert "hung up" not in capsys.readouterr().err


def test_what_the_verdict_rests_on_is_said_again_to_a_night_that_comes_and_not_whenever_somebody_calls(
    folder: Path, quick: None
) -> None:
    async def story(night: Night) -> None:
        def notes() -> int:
            return [event.name for event in night.events].count("evidence")

        await night.until(lambda: night.turns and night.turns[-1].safe)
        before, wires = notes(), [await dial(night.name) for _ in range(5)]
        for wire in wires:
            assert "roofs" in (await wire.read() or {})
            wire.send({})
        wires[0].send({"id": 1, "roof": "roll-off", "ask": "look"})
        while "answer" not in (await wires[0].read() or {"answer": "none"}):
            pass
        assert notes() == before
        wires[0].send({"holder": "another", "protocol": PROTOCOL})
        await night.until(lambda: notes() > before)
        assert (night.events[-1].facts()["rules"] or {})["inputs"]
        while "verdict" not in (said := await wires[0].read() or {"verdict": None}):
            assert "event" in said or "open" in said
        assert said["verdict"]["safe"], "after what it rests on"
        for wire in wires:
            wire.close()

    Night(folder).play(story)


def test_a_night_hears_where_the_guards_server_is(folder: Path, quick: None) -> None:
    async def story(night: Night) -> None:
        assert night.line.indi == ("localhost", 7624)

    Night(folder).play(story)


@pytest.mark.skipif(os.getuid() != 0, reason="only root becomes another user")
def test_another_user_neither_asks_the_guard_nor_passes_for_one(
    folder: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("obsy.engine.runtime.guard.wire.GREETS_WITHIN_S", 0.2)
    code = (
        "import asyncio, os, sys; from contextlib import closing; from obsy.engine.runtime.guard.wire import dial\n"
        "from obsy.engine.safety.lock import claim; os.setuid(65534)\n"
        "async def ask(): print(await (await dial(sys.argv[1])).read(), flush=True)\n"
        "asyncio.run(ask()); input()\n"
        "with closing(claim(sys.argv[1])):\n    print('claimed', flush=True); input()"
    )
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", code, guard_of(folder, SITE)], cwd=ROOT, stdin=pipe, stdout=pipe, text=True
    ) as other:
        assert other.stdin is not None and other.stdout is not None

        async def story(night: Night) -> None:
            said = await asyncio.to_thread(other.stdout.readline)
            assert said == "None\n", "root's guard is dialled, and hangs up"

        Night(folder, waits=True).play(story)
        print(file=other.stdin, flush=True)
        assert other.stdout.readline() == "claimed\n"
        with pytest.raises(OSError, match="another user's"):
            asyncio.run(dial(guard_of(folder, SITE)))
        with pytest.raises(UserError, match=f"process {other.pid} of another user"):
            StartingSite(folder, read_equipment(folder)).begin()
        other.kill()


# One night at a time has the use of a roof.


def test_a_second_night_neither_closes_nor_opens_nor_keeps_open_the_roof_of_the_first(
    folder: Path, quick: None
) -> None:
    async def story(night: Night) -> None:
        night.roof.renew()
        line, roof = night.another("the second")
        running = asyncio.ensure_future(line.run())
        await line.up.wait()
        renewing = asyncio.ensure_future(for_ever(night.roof.renew))
        await roof.give_back()
        roof.withdraw()
        with pytest.raises(DeviceError, match="is the night's, which is still at work"):
            await roof.open()
        await asyncio.sleep(1.25 * LEASE_S)
        assert night.its.truth()["roof"] == 1.0
        assert night.guard._greeting()["nights"] == ["the night"]
        renewing.cancel()
        renewing = asyncio.ensure_future(for_ever(roof.renew))
        await night.until(lambda: night.its.truth()["roof"] == 0.0)
        renewing.cancel()
        running.cancel()
        await asyncio.gather(running, renewing, return_exceptions=True)

    Night(folder).play(story)


def test_the_roof_of_a_night_that_has_gone_is_anybodys_to_give_back(folder: Path, quick: None) -> None:
    async def story(night: Night) -> None:
        night.roof.renew()
        await night.until(lambda: night.guard._nights)
        line, roof = night.another("the second")
        tasks = [asyncio.ensure_future(each) for each in (line.run(), for_ever(roof.renew))]
        assert night.line._wire is not None
        night.line._dial = unreachable
        night.line._wire.close()
        await night.until(lambda: night.guard._nights == {"roll-off": "the second"})
        await asyncio.sleep(1.25 * LEASE_S)
        assert night.its.truth()["roof"] == 1.0
        await roof.give_back()
        assert night.its.truth()["roof"] == 0.0
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    Night(folder).play(story)


async def for_ever(deed: Callable[[], None]) -> None:
    while True:
        deed()
        await asyncio.sleep(0.05)


async def unreachable() -> Wire:
    raise OSError


def test_who_speaks_another_protocol_is_not_believed(folder: Path, quick: None) -> None:
    async def story(night: Night) -> None:
        wire = await dial(night.name)
        wire.send({"holder": "an older night", "protocol": 1})
        wire.send({"id": 1, "roof": "roll-off", "ask": "look"})
        async with asyncio.timeout(10.0):
            heard = [said async for said in all_of(wire)]
        wire.close()
        assert not any("answer" in said for said in heard)
        assert heard[0]["protocol"] == PROTOCOL
        with pytest.raises(DeviceError, match="the guard speaks protocol 1"):
            night.line._greet({"protocol": 1})

    Night(folder).play(story)


async def all_of(wire: Wire) -> AsyncIterator[dict[str, Any]]:
    while (said := await wire.read()) is not None:
        yield said


def test_what_was_found_open_weeks_ago_is_found_as_it_stands_now(folder: Path, quick: None) -> None:
    async def story(night: Night) -> None:
        night.roof.renew()
        assert await night.roof.found() is Roof.OPEN
        await night.roof.give_back()
        assert await night.roof.found() is Roof.CLOSED

    Night(folder).play(story)


def test_a_night_that_waits_under_a_closed_roof_is_heard_to_live(
    folder: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("obsy.engine.runtime.guard.guard.HEARS_S", LEASE_S)
    told: list[Any] = []

    async def story(night: Night) -> None:
        await night.roof.give_back()
        await asyncio.sleep(1.25 * LEASE_S)
        night.guard._say("roll-off", AlarmRaised(reason="heard by the night"))

    with heard_by(told.append):
        Night(folder).play(story)
    assert not [entry for entry in told if entry["event"] == "alarm" and entry["reason"].startswith("heard")]


@pytest.mark.parametrize(
    "nonsense",
    [b"\n", b"[]\n", b"\xff\xfe\n", b"{}\n", b'{"id": 1, "roof": "roll-off", "ask": "explode"}\n',
     b'{"id": "1", "roof": "roll-off", "ask": "open"}\n', b"[" * 60000 + b"\n", b"x" * (LONGEST + 9) + b"\n", b"torn"],
)  # fmt: skip
def test_who_talks_nonsense_is_hung_up_on_and_keeps_nobody_from_the_roof(
    folder: Path, quick: None, nonsense: bytes
) -> None:
    async def story(night: Night) -> None:
        wire = await dial(night.name)
        wire._writer.write(nonsense)
        wire._writer.write_eof()
        async with asyncio.timeout(10.0):
            while await wire.read() is not None:
                pass
        wire.close()
        await asyncio.sleep(0.05)
        await night.roof.give_back()
        assert night.its.truth()["roof"] == 0.0

    Night(folder).play(story)


def test_who_asks_for_a_roof_that_is_not_kept_is_refused(folder: Path, quick: None) -> None:
    async def story(night: Night) -> None:
        await night.roof.found()
        with pytest.raises(DeviceError, match="does not keep the roof 'dome'"):
            await night.line.ask("dome", "open")

    Night(folder).play(story)


def test_a_guard_that_is_gone_is_unsafe_and_started_again_and_the_mounts_are_parked_without_it(
    folder: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("obsy.engine.runtime.guard.remote.GONE_S", 0.5)
    night = Night(folder)

    async def alone() -> None:
        tasks = [asyncio.ensure_future(each) for each in (night.line.run(), night.roof.run())]
        await night.until(lambda: night.parked and night.started > 1)
        assert not night.roof.verdict.safe
        assert (await night.roof.look()).roof is Roof.UNKNOWN
        with pytest.raises(DeviceError, match="does not answer"):
            await night.roof.open()
        assert [event.name for event in night.events] == ["alarm"]
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    night.run(alone())


def test_a_guard_that_reaches_no_roof_calls_people(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Nowhere:
        def reach(self, *_: object) -> Any:
            raise DeviceError("no server")

    heard: list[dict[str, Any]] = []
    guard = Guard(read_equipment(ROOT), folder, Nowhere())  # type: ignore[arg-type]

    async def for_a_while() -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(60.0):
                await guard.run()

    with heard_by(heard.append), asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(for_a_while())
    assert [(each["event"], "may stand open" in each["reason"]) for each in heard] == [("alarm", True)]


@pytest.mark.parametrize(("reaches", "pauses_s"), [(False, [1.0, 2.0, 5.0, 10.0, 30.0, 30.0]), (True, [1.0] * 6)])
def test_a_guard_reaches_its_roofs_again_ever_less_often_until_it_has_reached_them(
    folder: Path, reaches: bool, pauses_s: list[float]
) -> None:
    reached_s = list[float]()

    class Breaking:
        @contextlib.asynccontextmanager
        async def reach(self, *_: object) -> AsyncIterator[dict[str, Any]]:
            reached_s.append(asyncio.get_running_loop().time())
            if not reaches:
                raise DeviceError("no server")
            yield {}  # over no roof there is nothing to do, which is a fault

    async def story() -> None:
        guarding = asyncio.ensure_future(Guard(read_equipment(ROOT), folder, Breaking()).run())
        while len(reached_s) <= len(pauses_s):
            await asyncio.sleep(0.5)
        guarding.cancel()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(story())
    assert [b - a for a, b in pairwise(reached_s)] == pauses_s


def test_a_guard_of_roofs_that_were_never_reached_ends_when_it_is_told(folder: Path) -> None:
    class Nowhere:
        def reach(self, *_: object) -> Any:
            raise DeviceError("no server")

    guard = Guard(read_equipment(ROOT), folder, Nowhere(), setting_up=True)  # type: ignore[arg-type]
    guard.ending.ordered = True
    asyncio.run(asyncio.wait_for(guard.run(), 10.0))


def test_a_message_is_what_was_written_and_nothing_else_is_one() -> None:
    said = {"id": 7, "roof": "a 'b' \n", "ask": "open"}
    assert question(understood(written(said))) == (7, said["roof"], "open")
    for wrong in ({**said, "id": True}, {**said, "roof": None}, {**said, "ask": "fly"}, {}):
        with pytest.raises(DeviceError):
            question(understood(written(wrong)))


# Processes that are killed.


def program(what: str, folder: Path) -> "subprocess.Popen[str]":
    heard = ["env", "--default-signal=INT,HUP"]  # also where the tests run in the background
    command = [*heard, sys.executable, "-m", "tests.support.lasting", what, str(folder), SITE]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def running(folder: Path) -> Iterator[Callable[[str], "subprocess.Popen[str]"]]:
    made: list[subprocess.Popen[str]] = []

    def run(what: str) -> "subprocess.Popen[str]":
        made.append(program(what, folder))
        return made[-1]

    yield run
    for each in made:
        each.kill()
        each.communicate(timeout=PATIENCE_S)


def renews(night: "subprocess.Popen[str]") -> None:
    """Return when it has renewed its lease for a second."""
    assert night.stdout is not None
    heard, says = bytearray(), night.stdout.fileno()

    def renewed() -> bool:
        if select.select([says], [], [], 0.0)[0]:
            heard.extend(os.read(says, 4096))
        return heard.count(b"renewed") >= 12

    wait_until(renewed)


@KILLS
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_a_night_that_is_killed_or_hangs_leaves_no_roof_open(folder: Path, running: Any, how: signal.Signals) -> None:
    its = Lasting(folder)
    running("guard")
    night = running("night")
    renews(night)
    assert its.truth()["roof"] == 1.0
    night.send_signal(how)
    wait_until(lambda: its.truth()["roof"] == 0.0)
    assert (its.truth()["home"], its.truth()["struck"]) == (1.0, 0.0)


@KILLS
def test_a_guard_that_is_killed_is_followed_by_one_that_closes_a_roof_that_nobody_asks_for(
    folder: Path, running: Any
) -> None:
    its = Lasting(folder)
    first, night = running("guard"), running("night")
    renews(night)
    first.kill()
    first.wait()
    night.kill()
    assert its.truth()["roof"] == 1.0
    running("guard")
    wait_until(lambda: its.truth()["roof"] == 0.0)
    assert its.truth()["struck"] == 0.0


@KILLS
def test_a_guard_that_hangs_is_unsafe_and_ended_and_the_next_one_closes(
    folder: Path, running: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("obsy.engine.runtime.guard.line.HANGS_S", 2.0)
    its, first, turns = Lasting(folder), running("guard"), list[Verdict]()
    line = GuardLine(partial(dial, guard_of(folder, SITE)), lambda: running("guard"))
    roof = line.keeper("roll-off", WallClock(), lambda: asyncio.sleep(0.0))
    roof.listen(turns.append)

    async def story() -> None:
        wait_until(lambda: greeting(guard_of(folder, SITE)))
        talking = asyncio.ensure_future(line.run())
        async with asyncio.timeout(30.0):
            while not roof.verdict.safe:
                roof.renew()
                await asyncio.sleep(0.1)
        first.send_signal(signal.SIGSTOP)
        async with asyncio.timeout(60.0):
            while its.truth()["roof"] != 0.0:
                await asyncio.sleep(0.1)
        talking.cancel()
        await asyncio.gather(talking, return_exceptions=True)

    asyncio.run(story())
    assert first.wait(PATIENCE_S) == -signal.SIGKILL
    safe = [turn.safe for turn in turns]
    assert (True, False) in zip(safe, safe[1:], strict=False)
    assert its.truth()["struck"] == 0.0


@KILLS
def test_a_guard_that_knows_an_older_site_closes_and_another_begins(
    folder: Path, running: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(begin, "start_guard", lambda *_: running("guard"))
    first = running("guard")
    wait_until(lambda: greeting(guard_of(folder, SITE)))
    with roofs_first(folder, SITE):
        assert first.poll() is None, "it knows what the files say"
    mount = folder / "site" / "mount.yaml"
    mount.write_text(mount.read_text().replace("settle: 8 s", "settle: 9 s"))
    with roofs_first(folder, SITE):
        assert first.wait(PATIENCE_S) == 0
    assert "knows an older site" in capsys.readouterr().err


@KILLS
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_guard_that_is_told_to_end_closes_the_roof_first_however_often_it_is_told(
    folder: Path, running: Any, how: signal.Signals
) -> None:
    its = Lasting(folder)
    guard, night = running("guard"), running("night")
    renews(night)
    for _ in range(3):
        guard.send_signal(how)
    assert guard.wait(PATIENCE_S) == 0
    assert its.truth()["roof"] == 0.0
    assert its.truth()["struck"] == 0.0
    assert greeting(guard_of(folder, SITE)) is None


@pytest.mark.long
@pytest.mark.once
def test_a_guard_loads_nothing_that_a_night_needs(folder: Path) -> None:
    code = (
        "import sys, obsy.engine.runtime.guard.start, obsy.engine.runtime.guard.process, obsy.engine.runtime.reach; "
        "above = {'intent', 'night', 'processing', 'reduce', 'report', 'schedule', 'sequencer', 'store', 'sky'}; "
        "print(*sorted({'astropy', 'django', 'scipy', 'jeepney'} & set(sys.modules)), "
        "*sorted(n for n in sys.modules if n.startswith('obsy.engine.') and n.split('.')[2] in above))"
    )
    pytest.importorskip("PyIndi", reason="pyindi-client is not installed")
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout == "\n"


@KILLS
def test_a_start_has_a_guard_begun_that_keeps_an_open_roof_meanwhile_and_closes_it_when_the_start_fails(
    folder: Path, running: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    its = Lasting(folder)
    monkeypatch.setattr(begin, "start_guard", lambda *_: running("guard"))
    with pytest.raises(ValueError, match="a typo"), roofs_first(folder, SITE):
        assert greeting(guard_of(folder, SITE))
        time.sleep(4.5)
        assert its.truth()["roof"] == 1.0, "longer than a lease"
        raise ValueError("a typo")
    assert its.truth() == {"roof": 0.0, "home": 1.0, "rain": 0.0, "struck": 0.0}
    assert greeting(guard_of(folder, SITE)), "the same guard is still there"


@KILLS
def test_a_second_guard_of_one_hardware_is_refused(folder: Path, running: Any) -> None:
    first = running("guard")
    wait_until(lambda: greeting(guard_of(folder, SITE)))
    second = running("guard")
    _, told = second.communicate(timeout=PATIENCE_S)
    assert f"is kept by another process: process {first.pid} of user" in told
    assert second.returncode != 0


def test_a_guard_whose_keeper_hangs_is_not_at_work_though_it_still_answers(
    folder: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "LOOKS_WITHIN_S", 0.5)
    hangs = asyncio.Event()
    looks = keeper.Keeper._look

    async def look(its: keeper.Keeper) -> None:
        await (asyncio.sleep(3600.0) if hangs.is_set() else looks(its))

    monkeypatch.setattr(keeper.Keeper, "_look", look)

    async def story(night: Night) -> None:
        said: list[str] = []
        night.guard.at_work = lambda how, in_hand: said.append(how)
        await night.until(lambda: any(said))
        assert next(filter(None, said)).startswith("roll-off is meant ")
        hangs.set()
        await night.until(lambda: not said[-1])
        assert (await night.roof.look()).roof in (Roof.OPEN, Roof.CLOSED)
        await asyncio.sleep(0.2)
        assert not any(said[-3:])

    Night(folder).play(story)


@KILLS
def test_systemd_hears_of_a_guard_while_it_truly_watches_and_when_it_is_told_to_stop(
    folder: Path, running: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(PATIENCE_S)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        guard = running("guard")
        assert manager.recv(4096) == b"READY=1"
        assert manager.recv(4096).startswith(b"WATCHDOG=1\nSTATUS=roll-off is meant ")
        guard.send_signal(signal.SIGTERM)
        while not (said := manager.recv(4096)).startswith(b"STOPPING=1"):
            assert said.startswith(b"WATCHDOG=1")
        assert guard.wait(PATIENCE_S) == 0
