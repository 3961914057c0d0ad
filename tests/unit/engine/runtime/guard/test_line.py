"""The connection to a guard: what is asked is answered or refused, and a guard that is silent is ended."""

import asyncio
import os
import socket
import subprocess
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import pytest

from obsy.engine.devices.simulated.clock import VirtualClock, VirtualLoop
from obsy.engine.runtime.guard import line
from obsy.engine.runtime.guard.line import PAUSES_S, GuardLine
from obsy.engine.runtime.guard.memory import joined
from obsy.engine.runtime.guard.wire import LONGEST, PROTOCOL, Wire, written
from obsy.engine.safety.judging import GONE, UNREAD
from obsy.engine.safety.verdict import Verdict
from obsy.errors import DeviceError

AT = datetime(2026, 11, 21, 20, tzinfo=UTC)


class OfProcess(Wire):
    """A connection to somebody who says that they are another process than they are."""

    process = property(lambda self: self.pid)  # type: ignore[assignment]


@contextmanager
def beating(end: socket.socket, is_silent: threading.Event) -> Iterator[None]:
    """Let a guard that keeps one roof speak at the other end, from another thread, until it is silent."""

    def speak() -> None:
        with suppress(BrokenPipeError):  # the night has gone
            end.sendall(written({"protocol": PROTOCOL, "roofs": ["dome"]}))
            while not is_silent.wait(0.02):
                end.sendall(written({"open": []}))

    speaking = threading.Thread(target=speak)
    speaking.start()
    try:
        yield
    finally:
        is_silent.set()
        speaking.join()


def play(story: Callable[[subprocess.Popen[bytes], threading.Event], None]) -> int | None:
    """How the process of a guard that speaks ends while a night in touch with it lives through the story."""

    async def in_touch(guard: subprocess.Popen[bytes], end: socket.socket, is_silent: threading.Event) -> None:
        async def dial() -> Wire:
            wire = OfProcess(*await asyncio.open_connection(sock=end, limit=LONGEST))
            wire.pid = guard.pid
            return wire

        night = GuardLine(dial)
        talking = asyncio.ensure_future(night.run())
        async with asyncio.timeout(30.0):
            await night.up.wait()
            story(guard, is_silent)
            await asyncio.sleep(0.2)
            while is_silent.is_set() and guard.poll() is None:
                await asyncio.sleep(0.02)
        talking.cancel()
        await asyncio.gather(talking, return_exceptions=True)

    own, other = socket.socketpair()
    is_silent = threading.Event()
    with subprocess.Popen(["sleep", "60"]) as guard, own, other:
        try:
            with beating(other, is_silent):
                asyncio.run(in_touch(guard, own, is_silent))
            return guard.poll()
        finally:
            guard.kill()


def test_a_guard_is_ended_when_it_is_silent_and_not_when_the_night_has_stood_still(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(line, "HANGS_S", 0.3)
    assert play(lambda guard, is_silent: time.sleep(0.6)) is None
    assert play(lambda guard, is_silent: is_silent.set()) == -9
    assert capsys.readouterr().err.count("the guard of the roof has said nothing for 0.3 s, and is ended") == 1


class Played:
    """A night in touch with a guard that the test speaks for, in memory and on virtual time."""

    def __init__(self, loop: VirtualLoop) -> None:
        self.clock = VirtualClock(AT, loop)
        self.guards = list[Wire]()
        """The guards' ends of the connections, oldest first."""
        self.dialled_s, self.begun_s = list[float](), list[float]()
        self.answers, self.begins = True, True
        """Whether a guard is there, and whether one can be begun."""
        self.greeting = dict[str, Any]()
        """What it says first, if it does at once."""
        self.line = GuardLine(self.dial, self.begin, "tonight")
        self.roof = self.line.keeper("dome", self.clock, self.park)

    async def dial(self) -> Wire:
        self.dialled_s.append(self.clock.monotonic())
        if len(self.dialled_s) >= 100:  # it is dialled without end
            await asyncio.get_running_loop().create_future()
        if not self.answers:
            raise OSError
        here, there = joined()
        if self.greeting:
            there.send(self.greeting)
        self.guards.append(there)
        return here

    def begin(self) -> None:
        self.begun_s.append(self.clock.monotonic())
        if not self.begins:
            raise KeyError("no process can be had")

    async def park(self) -> None:
        raise AssertionError("nothing is parked")

    async def greeted(self, **more: Any) -> Wire:
        """The newest guard, once it has greeted, and said every second that it lives."""
        await asyncio.sleep(PAUSES_S[0] + 0.01)
        guard = self.guards[-1]
        assert await guard.read() == {"holder": "tonight", "protocol": PROTOCOL}
        guard.send({"protocol": PROTOCOL, "roofs": ["dome"], **more})
        self.beating = asyncio.ensure_future(self.beat(guard))
        await asyncio.sleep(0.01)
        return guard

    async def beat(self, guard: Wire) -> None:
        while True:
            guard.send({"open": []})
            await self.clock.sleep(1.0)

    async def heard(self, guard: Wire) -> dict[str, Any]:
        """What the guard is asked next; that the night lives is passed over."""
        while not (said := await guard.read()):
            assert said is not None, "the night has hung up"
        return said


def in_memory(story: Callable[[Played], Awaitable[None]]) -> None:
    """Play a story while the night stays in touch."""

    async def both(loop: VirtualLoop) -> None:
        night = Played(loop)
        talking = asyncio.ensure_future(night.line.run())
        try:
            await story(night)
            assert not talking.done(), "it stays in touch for ever"
        finally:
            for task in (others := asyncio.all_tasks() - {asyncio.current_task()}):
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
            for each in night.guards:
                each.close()

    loop = VirtualLoop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(both(loop))


def test_a_night_takes_up_what_the_guard_greets_with() -> None:
    async def story(night: Played) -> None:
        assert (night.line.names, night.line.indi, night.line.trouble) == (None, None, "")
        assert not night.line.up.is_set()
        await night.greeted(indi=["hill", 7625], trouble="no server", roofs=["dome", "shed"])
        assert night.line.up.is_set()
        assert night.line.names == ("dome", "shed")
        assert (night.line.indi, night.line.trouble) == (("hill", 7625), "no server")
        night.guards[-1].send({"protocol": PROTOCOL, "roofs": ["dome"], "indi": None})
        await asyncio.sleep(0.01)
        assert (night.line.names, night.line.indi, night.line.trouble) == (("dome",), ("hill", 7625), "")

    in_memory(story)


def test_each_roof_hears_whether_the_guard_keeps_it_whenever_it_is_first_asked_for() -> None:
    async def story(night: Played) -> None:
        await night.greeted(roofs=["dome"])
        keepers = {name: night.line.keeper(name, night.clock, night.park) for name in ("dome", "shed")}
        assert [each.verdict is UNREAD for each in (night.roof, *keepers.values())] == [True, True, False]
        night.guards[-1].send({"protocol": PROTOCOL, "roofs": ["shed"]})
        await asyncio.sleep(0.01)
        assert keepers["dome"].verdict.reason.startswith("the guard keeps no roof 'dome'")

    in_memory(story)


@pytest.mark.parametrize("roofs", [[], None, "dome"])
def test_a_guard_that_keeps_no_roof_yet_is_not_up(roofs: object) -> None:
    async def story(night: Played) -> None:
        guard = await night.greeted(roofs=roofs)
        assert (night.line.names, night.line.up.is_set()) == (None, False)
        guard.send({"protocol": PROTOCOL, "roofs": ["dome"]})
        await asyncio.wait_for(night.line.up.wait(), 1.0)

    in_memory(story)


def test_each_question_has_its_own_answer_in_whatever_order_they_come() -> None:
    async def story(night: Played) -> None:
        guard = await night.greeted()
        asking = [asyncio.ensure_future(night.line.ask(roof, "look")) for roof in ("dome", "shed", "hut")]
        asked = [await night.heard(guard) for _ in asking]
        assert [(each["roof"], each["ask"]) for each in asked] == [("dome", "look"), ("shed", "look"), ("hut", "look")]
        assert len({each["id"] for each in asked}) == 3
        guard.send({"id": asked[2]["id"], "answer": "third"})
        guard.send({"id": asked[1]["id"], "refused": "second"})
        guard.send({"id": asked[0]["id"], "answer": None})
        first, second, third = await asyncio.gather(*asking, return_exceptions=True)
        assert (first, str(second), third) == (None, "second", "third")
        assert isinstance(second, DeviceError)

    in_memory(story)


def test_who_sends_waits_for_no_answer_and_numbers_it_all_the_same() -> None:
    async def story(night: Played) -> None:
        night.line.send("dome", "renew")
        guard = await night.greeted()
        night.line.send("dome", "renew")
        night.line.send("dome", "withdraw")
        asked = [await night.heard(guard) for _ in range(2)]
        assert [(each["roof"], each["ask"]) for each in asked] == [("dome", "renew"), ("dome", "withdraw")]
        assert asked[0]["id"] != asked[1]["id"]

    in_memory(story)


def test_a_question_is_given_up_after_half_a_minute_unless_it_moves_a_roof() -> None:
    async def story(night: Played) -> None:
        guard = await night.greeted()
        began_s = night.clock.monotonic()
        patient = asyncio.ensure_future(night.line.ask("dome", "open", None))
        with pytest.raises(DeviceError, match=GONE.reason):
            await night.line.ask("dome", "look")
        assert night.clock.monotonic() - began_s == 30.0
        look, opening = [await night.heard(guard) for _ in range(2)]
        guard.send({"id": look["id"], "answer": "too late"})
        await night.clock.sleep(100.0)
        assert not patient.done()
        guard.send({"id": opening["id"], "answer": "open"})
        assert await patient == "open"

    in_memory(story)


def test_whatever_waits_when_the_guard_goes_is_refused_and_another_guard_is_dialled_soon() -> None:
    async def story(night: Played) -> None:
        guard = await night.greeted()
        asking = asyncio.ensure_future(night.line.ask("dome", "open", None))
        await asyncio.sleep(0.01)
        guard.close()
        with pytest.raises(DeviceError, match="the guard of the roof has gone"):
            await asking
        assert not night.line.up.is_set()
        assert night.roof.verdict == GONE
        await asyncio.sleep(PAUSES_S[0] - 0.02)
        assert len(night.guards) == 1
        await asyncio.sleep(0.02)
        assert len(night.guards) == 2
        assert night.begun_s == []
        await night.greeted()
        assert night.line.up.is_set()

    in_memory(story)


def test_without_a_guard_nothing_is_asked() -> None:
    async def story(night: Played) -> None:
        with pytest.raises(DeviceError, match=GONE.reason):
            await night.line.ask("dome", "open")

    async def before_all() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        await story(Played(loop))

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(before_all())


@pytest.mark.parametrize("begins", [True, False])
def test_another_guard_is_begun_before_each_pause_and_the_pauses_grow(
    begins: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    async def story(night: Played) -> None:
        night.answers, night.begins = False, begins
        await night.clock.sleep(20.0)
        night.answers = True
        await night.clock.sleep(5.0)
        await night.greeted()

    expected = [0.0, 0.2, 0.7, 1.7, 3.7, 8.7, 13.7, 18.7, 23.7]
    seen = list[Played]()

    async def seeing(night: Played) -> None:
        seen.append(night)
        await story(night)

    in_memory(seeing)
    (night,) = seen
    assert night.dialled_s[: len(expected)] == pytest.approx(expected)
    assert night.begun_s == night.dialled_s[:-1]
    assert ("no guard of the roof can be begun: KeyError" in capsys.readouterr().err) is not begins


@pytest.mark.parametrize(
    "greeting",
    [{"protocol": PROTOCOL + 1, "roofs": ["dome"]}, {"protocol": PROTOCOL, "roofs": ["dome"], "indi": ["hill"]},
     {"protocol": PROTOCOL, "indi": ["hill", "port"]}, {"protocol": PROTOCOL, "indi": ["hill", None]}],
)  # fmt: skip
def test_a_guard_that_is_not_understood_is_hung_up_on_and_not_dialled_without_end(
    greeting: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    async def story(night: Played) -> None:
        night.greeting = greeting
        await night.clock.sleep(4.9)
        assert len(night.guards) == 1
        await night.clock.sleep(50.0)
        assert len(night.guards) == 11
        assert [await each.read() for each in night.guards[:10]] == [{"holder": "tonight", "protocol": PROTOCOL}] * 10
        assert [await each.read() for each in night.guards[:10]] == [None] * 10
        assert not night.line.up.is_set()

    in_memory(story)
    assert capsys.readouterr().err.count("is not understood") == 1, "and why is said once"


def test_a_guard_that_hangs_up_without_a_greeting_is_not_dialled_without_end() -> None:
    async def story(night: Played) -> None:
        for number in range(1, 10):
            await night.clock.sleep(0.1)
            night.guards[-1].close()
            await night.clock.sleep(PAUSES_S[-1] - 0.1)
            assert len(night.guards) == number
            await night.clock.sleep(0.2)

    in_memory(story)


def test_a_guard_that_says_nothing_for_so_long_is_hung_up_on_and_one_that_does_in_time_is_not() -> None:
    async def story(night: Played) -> None:
        guard = await night.greeted()
        night.beating.cancel()
        for _ in range(5):
            await night.clock.sleep(14.9)
            guard.send({"open": []})
        began_s = night.clock.monotonic()
        while await guard.read() is not None:
            pass
        assert night.clock.monotonic() - began_s == pytest.approx(15.0)

    in_memory(story)


def test_a_night_is_not_ended_by_its_own_silence() -> None:
    async def story(night: Played) -> None:
        night.line._end(os.getpid())
        night.line._end(None)

    in_memory(story)


def test_a_roof_that_the_guard_means_to_be_open_may_be_worked_under_and_the_guard_hears_that_the_night_lives() -> None:
    async def story(night: Played) -> None:
        guard = await night.greeted()
        night.beating.cancel()
        while guard._said:  # type: ignore[attr-defined]
            await guard.read()
        guard.send({"open": ["shed", "dome"], "at_s": night.clock.monotonic(), "beat": 7})
        assert await guard.read() == {"heard": 7}
        assert night.roof.leave.holds()
        guard.send({"open": ["shed"], "at_s": night.clock.monotonic(), "beat": 8})
        assert await guard.read() == {"heard": 8}
        assert not night.roof.leave.holds()

    in_memory(story)


def test_a_keeper_that_is_made_later_hears_what_the_guard_has_said_of_its_roof_meanwhile() -> None:
    async def story(night: Played) -> None:
        guard = await night.greeted()
        for roof, reason in (("shed", "fair"), ("hut", "nobody's")):
            guard.send({"roof": roof, "verdict": {"safe": True, "reason": reason, "input": "", "age_s": None}})
        await asyncio.sleep(0.01)
        later = night.line.keeper("shed", night.clock, night.park)
        assert later.verdict == Verdict(True, "fair")
        guard.close()
        await asyncio.sleep(0.01)
        assert not later.verdict.safe
        assert night.line.keeper("barn", night.clock, night.park).verdict is UNREAD, "what it keeps is not known now"
        assert not night.line.keeper("hut", night.clock, night.park).verdict.safe, "a guard that has gone said that"

    in_memory(story)


def test_what_the_guard_says_of_a_roof_reaches_its_keeper_and_no_other() -> None:
    async def story(night: Played) -> None:
        other = night.line.keeper("shed", night.clock, night.park)
        guard = await night.greeted(roofs=["dome", "shed"])
        for roof, reason in (("dome", "fair"), ("hut", "nobody's"), (None, "nobody's")):
            guard.send({"roof": roof, "verdict": {"safe": True, "reason": reason, "input": "", "age_s": None}})
        await asyncio.sleep(0.01)
        assert night.roof.verdict.reason == "fair"
        assert other.verdict is UNREAD

    in_memory(story)


@pytest.mark.parametrize(
    "said", [{}, {"id": 99, "answer": 1}, {"id": "1", "answer": 1}, {"open": "dome"}, {"roof": "hut"}, {"id": None}]
)
def test_what_nobody_has_asked_for_is_passed_over(said: dict[str, Any]) -> None:
    async def story(night: Played) -> None:
        guard = await night.greeted()
        asking = asyncio.ensure_future(night.line.ask("dome", "look"))
        asked = await night.heard(guard)
        guard.send(said)
        for answer in ("first", "second"):
            guard.send({"id": asked["id"], "answer": answer})
        assert await asking == "first"
        assert len(night.guards) == 1
        assert not night.roof.leave.holds()

    in_memory(story)


def test_after_a_guard_has_gone_nothing_is_asked_until_another_is_there() -> None:
    async def story(night: Played) -> None:
        guard = await night.greeted()
        night.answers = False
        guard.close()
        await asyncio.sleep(0.01)
        began_s = night.clock.monotonic()
        with pytest.raises(DeviceError, match=GONE.reason):
            await night.line.ask("dome", "open", None)
        assert night.clock.monotonic() == began_s

    in_memory(story)


def test_each_guard_that_greets_is_told_who_hears_the_roof() -> None:
    async def story(night: Played) -> None:
        night.roof.hear(lambda event: None)
        for _ in range(2):
            guard = await night.greeted()
            said = await night.heard(guard)
            assert (said["roof"], said["ask"]) == ("dome", "hear")
            guard.close()

    in_memory(story)


def test_a_night_that_ends_leaves_nothing_at_work() -> None:
    async def story(night: Played) -> None:
        await night.greeted()
        night.beating.cancel()
        (talking,) = (each for each in asyncio.all_tasks() if "GuardLine.run" in repr(each))
        talking.cancel()
        await asyncio.gather(talking, night.beating, return_exceptions=True)
        await asyncio.sleep(0.01)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        assert await night.guards[-1].read() == {}, "it heard that the night lives"
        assert await night.guards[-1].read() is None

    async def alone() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        night = Played(loop)
        running = asyncio.ensure_future(night.line.run())
        await story(night)
        assert running.done()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(alone())
