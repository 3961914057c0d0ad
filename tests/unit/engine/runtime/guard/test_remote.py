"""What a guard says of a roof is what the night hears of it; without one nothing is safe, and nothing moves."""

import asyncio
import gc
import json
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from obsy.engine.devices.clock import WallClock
from obsy.engine.devices.ports import Roof
from obsy.engine.devices.simulated.clock import VirtualClock, VirtualLoop
from obsy.engine.events import Event
from obsy.engine.events.night import StateChanged
from obsy.engine.events.observing import WaitingBegun
from obsy.engine.events.roof import AlarmRaised, WeatherNoted
from obsy.engine.journal import Journal, read
from obsy.engine.runtime.guard.line import GuardLine
from obsy.engine.runtime.guard.remote import RemoteKeeper
from obsy.engine.runtime.guard.wire import understood, written
from obsy.engine.safety.judging import GONE, UNREAD
from obsy.engine.safety.lease import RoofStanding
from obsy.engine.safety.verdict import Verdict
from obsy.errors import DeviceError, UserError

AT = datetime(2026, 11, 21, 19, 30, 0, 250000, tzinfo=UTC)


async def no_guard() -> None:
    raise AssertionError("nobody is asked")


async def park() -> None:
    raise AssertionError("nothing is parked")


def over_the_wire(event: Event) -> Event:
    """What a night hears of an event that a guard says."""
    heard = list[Event]()
    keeper = RemoteKeeper(GuardLine(no_guard), "dome", WallClock(), park)  # type: ignore[arg-type]
    keeper.overhear(heard.append)
    keeper.take(understood(written({"roof": "dome", "event": event.name, "facts": event.facts()})))
    (found,) = heard
    return found


EVENTS: list[Event] = [
    WaitingBegun(train="newton", until=AT, plan="m31", goal="L"),
    StateChanged(from_="idle", to="open", on="dusk", facts_={"is_dark": True}, detail="ünruhig"),
    AlarmRaised(reason="stuck", enclosure="dome"),
    WeatherNoted(wind=3.5),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
def test_an_event_passes_the_wire_unchanged(event: Event) -> None:
    assert over_the_wire(event) == event


def test_words_that_no_utf_8_holds_pass_the_wire_as_they_pass_the_journal(tmp_path: Path) -> None:
    event = AlarmRaised(reason=b"im\xffage.jpg".decode(errors="surrogateescape"))
    with Journal(tmp_path / "j.jsonl", "n") as journal:
        journal.write(AT, event)
    (entry,) = read(tmp_path / "j.jsonl")
    assert over_the_wire(event) == AlarmRaised(reason=entry["reason"])
    assert json.loads(written({"verdict": {"reason": event.reason}})) == {"verdict": {"reason": entry["reason"]}}


@dataclass
class Asked:
    """A guard as its line shows it, which answers as it is told to."""

    answers: list[Any] = field(default_factory=list)
    """To each question in turn; an error is raised, and where there is none left, nothing is answered."""
    asked: list[tuple[str, str, float | None]] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.up = asyncio.Event()
        self.up.set()

    async def ask(self, roof: str, ask: str, within_s: float | None = 30.0) -> Any:
        self.asked.append((roof, ask, within_s))
        answer = self.answers.pop(0) if self.answers else await asyncio.get_running_loop().create_future()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def send(self, roof: str, ask: str) -> None:
        assert roof == "dome"
        self.sent.append(ask)


class Night:
    """A night on virtual time that knows its roof only from a guard."""

    def __init__(
        self, *answers: Any, ends_s: float | None = None, parks: Exception | None = None, parks_for_s: float = 0.0
    ) -> None:
        self.loop = VirtualLoop()
        self.clock = VirtualClock(AT, self.loop)
        self.guard = Asked(list(answers))
        ends = AT + timedelta(seconds=ends_s) if ends_s is not None else None
        self.roof = RemoteKeeper(self.guard, "dome", self.clock, self.park, ends)
        self.parks, self.parks_for_s, self.parked_s = parks, parks_for_s, list[float]()
        self.turns, self.events = list[Verdict](), list[Event]()
        self.roof.listen(self.turns.append)

    async def park(self) -> None:
        self.parked_s.append(self.clock.monotonic())
        await self.clock.sleep(self.parks_for_s)
        if self.parks:
            raise self.parks

    def play(self, story: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        """What becomes of a story."""
        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            return runner.run(story())

    def alarms(self) -> list[str]:
        return [event.reason for event in self.events if isinstance(event, AlarmRaised)]


@pytest.fixture
def made(request: pytest.FixtureRequest) -> Callable[..., Night]:
    """Makes nights, whose loops are closed in the end."""

    def make(*answers: Any, **more: Any) -> Night:
        night = Night(*answers, **more)
        request.addfinalizer(night.loop.close)
        return night

    return make


def verdict(safe: Any, reason: str = "fair", **more: Any) -> dict[str, Any]:
    return {"verdict": {"safe": safe, "reason": reason, "input": "station", "age_s": 3, **more}}


def test_nothing_is_safe_before_the_guard_has_said_so_and_each_turn_is_told_once(made: Callable[..., Night]) -> None:
    night = made()
    assert (night.roof.verdict, night.turns) == (UNREAD, [])
    for said in (verdict(True), verdict(True, "fairer"), verdict(False, "rain"), verdict(False, "hail")):
        night.roof.take(said)
    assert [each.reason for each in night.turns] == ["fair", "rain"]
    assert night.roof.verdict == Verdict(False, "hail", "station", 3.0)
    later = list[Verdict]()
    night.roof.listen(later.append)
    assert later == [night.roof.verdict]


def test_an_unsafe_guard_is_heard_first_too(made: Callable[..., Night]) -> None:
    night = made()
    night.roof.take(verdict(False, "rain", age_s=None))
    assert night.turns == [Verdict(False, "rain", "station", None)]


@pytest.mark.parametrize("safe", [1, "true", None, [True]])
def test_only_true_is_safe(made: Callable[..., Night], safe: Any) -> None:
    night = made()
    night.roof.take(verdict(safe))
    assert not night.roof.verdict.safe


@pytest.mark.parametrize(
    "said",
    [{}, {"verdict": None}, {"verdict": {"safe": True}}, {"verdict": {"safe": True, "reason": "", "input": ""}},
     verdict(True, age_s="young"), {"event": "roof-flown", "facts": {}}, {"event": "alarm"},
     {"event": "alarm", "facts": {"why": 3}}, {"event": "alarm", "facts": {}}, {"event": "alarm", "facts": None}],
)  # fmt: skip
def test_what_no_guard_of_ours_would_say_is_passed_over(made: Callable[..., Night], said: dict[str, Any]) -> None:
    night = made()
    night.roof.hear(night.events.append)
    night.roof.take(said)
    assert (night.roof.verdict, night.turns, night.events) == (UNREAD, [], [])


def test_a_message_may_hold_a_verdict_and_an_event(made: Callable[..., Night]) -> None:
    night = made()
    night.roof.hear(night.events.append)
    night.roof.take({**verdict(True), "event": "alarm", "facts": {"reason": "stuck"}})
    assert (night.alarms(), night.roof.verdict.safe) == (["stuck"], True)


def test_the_mounts_may_move_for_five_seconds_after_the_guard_was_heard_to_mean_the_roof_open(
    made: Callable[..., Night],
) -> None:
    night = made()

    async def story() -> list[bool]:
        before = night.roof.leave.holds()
        await night.clock.sleep(100.0)
        night.roof.is_open(night.clock.monotonic())
        now = night.roof.leave.holds()
        await night.clock.sleep(5.0)
        last = night.roof.leave.holds()
        await night.clock.sleep(0.01)
        return [before, now, last, night.roof.leave.holds()]

    assert night.play(story) == [False, True, True, False]


@pytest.mark.parametrize("ends", ["is_open", "lost", "withdraw", "give_back"])
def test_leave_ends_at_once_with_whatever_ends_it(made: Callable[..., Night], ends: str) -> None:
    night = made()

    async def story() -> bool:
        night.roof.is_open(night.clock.monotonic())
        match ends:
            case "is_open":
                night.roof.is_open(None)
            case "lost":
                night.roof.lost()
            case "withdraw":
                night.roof.withdraw()
            case _:
                giving = asyncio.ensure_future(night.roof.give_back())
                await asyncio.sleep(0)
                giving.cancel()
        return night.roof.leave.holds()

    assert night.play(story) is False


def moved(night: Night, is_meant: Callable[[float], bool | None], lasts_s: float = 60.0) -> float:
    """How long a mount moves. is_meant: what the guard says each second of the roof being open, if anything."""

    async def story() -> float:
        running = asyncio.ensure_future(night.roof.run())
        night.roof.is_open(night.clock.monotonic())
        moving = asyncio.ensure_future(night.roof.leave.during(night.clock.sleep(lasts_s)))
        for _ in range(int(lasts_s)):
            await asyncio.wait({moving}, timeout=1.0)
            if moving.done():
                break
            if (so := is_meant(night.clock.monotonic())) is not None:
                night.roof.is_open(night.clock.monotonic() if so else None)
        with suppress(DeviceError):
            await moving
        running.cancel()
        return night.clock.monotonic()

    return float(night.play(story))


def test_what_moves_goes_on_while_the_guard_means_the_roof_open_and_stops_as_soon_as_it_does_not(
    made: Callable[..., Night],
) -> None:
    assert moved(made(), lambda _: True) == 60.0
    assert moved(made(), lambda now_s: now_s < 20.0) == 20.0


def test_what_moves_is_stopped_within_two_seconds_of_its_leave_when_the_guard_says_nothing(
    made: Callable[..., Night],
) -> None:
    assert 5.0 < moved(made(), lambda _: None) <= 7.0


def watched(night: Night, story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Play a story while the keeper runs."""

    async def both() -> None:
        running = asyncio.ensure_future(night.roof.run())
        night.roof.hear(night.events.append)
        await story()
        running.cancel()

    night.play(both)


@pytest.mark.usefixtures("own_garbage")
@pytest.mark.parametrize("parks", [None, DeviceError("stuck"), KeyError("ours")])
def test_when_the_guard_stays_away_for_ten_seconds_people_are_called_and_mounts_parked_once(
    made: Callable[..., Night], parks: Exception | None, caplog: pytest.LogCaptureFixture
) -> None:
    night = made(parks=parks)

    async def story() -> None:
        for _ in range(2):
            await night.clock.sleep(60.0)
            night.guard.up.clear()
            night.roof.lost()
            assert night.roof.verdict == GONE
            await night.clock.sleep(300.0)
            night.guard.up.set()
            night.roof.greeted()

    watched(night, story)
    assert night.parked_s == [70.0, 430.0]
    assert night.alarms() == [f"{GONE.reason}, and none can be started"] * 2
    assert night.turns == [GONE]
    gc.collect()
    assert not caplog.records, "that they do not park is not told a second time"


def test_a_guard_that_is_back_within_ten_seconds_calls_nobody(made: Callable[..., Night]) -> None:
    night = made()

    async def story() -> None:
        await night.clock.sleep(60.0)
        night.guard.up.clear()
        night.roof.lost()
        await night.clock.sleep(9.9)
        night.guard.up.set()
        await night.clock.sleep(60.0)

    watched(night, story)
    assert (night.parked_s, night.events) == ([], [])


def test_a_guard_that_comes_and_goes_again_and_again_is_missed_and_people_are_called_once(
    made: Callable[..., Night],
) -> None:
    night = made()

    async def story() -> None:
        await night.clock.sleep(60.0)
        for _ in range(50):
            night.guard.up.clear()
            night.roof.lost()
            await night.clock.sleep(5.0)
            night.guard.up.set()
            night.roof.greeted()
            await night.clock.sleep(2.0)

    watched(night, story)
    assert len(night.alarms()) == 1
    assert 70.0 <= night.parked_s[0] <= 80.0


@pytest.mark.parametrize("ask", ["found", "give_back"])
def test_a_guard_that_does_not_keep_the_roof_ends_the_night_over_parked_mounts_and_people_are_told(
    made: Callable[..., Night], ask: str
) -> None:
    night = made(DeviceError("it does not keep the roof"), parks_for_s=50.0)

    async def story() -> None:
        await night.clock.sleep(10.5)
        night.roof.greeted(False)
        with pytest.raises(UserError, match="the guard keeps no roof 'dome': site/ has changed"):
            await asyncio.wait_for(getattr(night.roof, ask)(), 500.0)
        assert night.clock.monotonic() == pytest.approx(60.5)

    watched(night, story)
    assert night.parked_s == [10.5]
    assert [reason.split(":")[0] for reason in night.alarms()] == ["the guard keeps no roof 'dome'"]
    assert not night.roof.verdict.safe
    assert [turn.reason for turn in night.turns] == night.alarms()


def test_a_guard_that_does_not_keep_the_roof_is_told_of_though_nobody_asks(made: Callable[..., Night]) -> None:
    night = made()

    async def story() -> None:
        night.roof.greeted(False)
        await night.clock.sleep(100.0)

    watched(night, story)
    assert len(night.alarms()) == len(night.parked_s) == 1


def test_what_the_next_guard_keeps_is_asked_of_it(made: Callable[..., Night]) -> None:
    night = made(DeviceError("stuck"), "closed")
    night.roof.greeted(False)
    night.roof.greeted(True)
    assert night.play(night.roof.found) is Roof.CLOSED


@pytest.mark.parametrize("waits_s", [0.0, 60.0])
def test_a_guard_that_never_comes_is_missed_from_the_beginning(made: Callable[..., Night], waits_s: float) -> None:
    night = made()
    night.guard.up.clear()
    night.loop.freeze(waits_s)
    watched(night, lambda: night.clock.sleep(60.0))
    assert night.parked_s == [max(10.0, waits_s + 1.0)]


def test_an_answer_gives_no_leave_to_move_a_mount_but_only_the_word_that_the_roof_is_meant_to_be_open(
    made: Callable[..., Night],
) -> None:
    night = made(None)

    async def story() -> list[bool]:
        await night.roof.open()
        answered = night.roof.leave.holds()
        night.roof.is_open(night.clock.monotonic())
        return [answered, night.roof.leave.holds()]

    assert night.play(story) == [False, True]
    assert night.guard.asked == [("dome", "open", None)], "a roof opens for as long as it takes"
    night.roof.greeted()
    assert night.guard.sent == []


def test_a_word_that_has_waited_to_be_read_gives_no_leave_for_longer_than_it_was_worth(
    made: Callable[..., Night],
) -> None:
    night = made()

    async def story() -> list[bool]:
        said_s = night.clock.monotonic()
        await night.clock.sleep(4.0)
        night.roof.is_open(said_s)
        now = night.roof.leave.holds()
        await night.clock.sleep(1.5)
        return [now, night.roof.leave.holds()]

    assert night.play(story) == [True, False]


def test_an_opening_that_is_given_up_is_withdrawn_and_one_that_is_refused_is_not(made: Callable[..., Night]) -> None:
    night = made(DeviceError("rain"))

    async def story() -> None:
        with pytest.raises(DeviceError, match="rain"):
            await night.roof.open()
        assert night.guard.sent == []
        opening = asyncio.ensure_future(night.roof.open())
        await asyncio.sleep(0)
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening

    night.play(story)
    assert night.guard.sent == ["withdraw"]


def test_the_next_guard_is_told_what_the_one_before_may_not_have_heard(made: Callable[..., Night]) -> None:
    night = made("closed", None)
    night.roof.greeted()
    assert night.guard.sent == []
    night.roof.renew()
    night.roof.withdraw()
    night.roof.overhear(night.events.append)
    night.roof.greeted()
    assert night.guard.sent == ["renew", "withdraw", "withdraw"]
    night.roof.hear(night.events.append)
    night.roof.greeted()
    assert night.guard.sent[3:] == ["hear", "withdraw", "hear"]
    night.play(night.roof.give_back)
    night.roof.greeted()
    assert night.guard.sent[6:] == ["hear"], "given back, there is nothing to withdraw"


def test_what_is_opened_anew_is_withdrawn_no_more(made: Callable[..., Night]) -> None:
    night = made(None)
    night.roof.withdraw()
    night.play(night.roof.open)
    night.roof.greeted()
    assert night.guard.sent == ["withdraw"]


def test_whoever_gives_a_roof_back_waits_for_the_guard_that_has_seen_it_closed(made: Callable[..., Night]) -> None:
    night = made(DeviceError("stuck"), DeviceError("stuck"), "closed")
    night.guard.up.clear()

    async def story() -> float:
        giving = asyncio.ensure_future(night.roof.give_back())
        await night.clock.sleep(1000.0)
        assert night.guard.asked == []
        night.guard.up.set()
        await giving
        return night.clock.monotonic()

    assert night.play(story) == 1002.0
    assert night.guard.asked == [("dome", "give-back", None)] * 3


def test_a_rehearsal_takes_no_for_an_answer_at_its_end_and_not_before(made: Callable[..., Night]) -> None:
    night = made(*[DeviceError("stuck")] * 100, ends_s=5.0)

    async def story() -> float:
        with pytest.raises(DeviceError, match="stuck"):
            await night.roof.found()
        return night.clock.monotonic()

    assert night.play(story) == 5.0


@pytest.mark.parametrize("roof", list(Roof))
def test_a_roof_is_found_as_the_guard_says_it_stands(made: Callable[..., Night], roof: Roof) -> None:
    night = made(str(roof))
    assert night.play(night.roof.found) is roof
    assert night.guard.asked == [("dome", "found", None)]


def test_a_look_says_what_the_guard_says_and_knows_nothing_without_one(made: Callable[..., Night]) -> None:
    unknown = RoofStanding(Roof.UNKNOWN, None)
    spoilt = [DeviceError("gone"), None, "open", {"roof": "open"}, {"roof": "ajar", "parked": True}]
    night = made({"roof": "closed", "parked": True}, *spoilt)
    assert night.play(night.roof.look) == RoofStanding(Roof.CLOSED, True)
    for each in spoilt:
        lost = made(each)
        assert lost.play(lost.roof.look) == unknown


@pytest.mark.parametrize("moves", [True, False])
def test_the_guard_says_whether_a_roof_would_have_to_move(made: Callable[..., Night], moves: bool) -> None:
    night = made(moves)
    assert night.play(night.roof.check_opening) is moves
    assert night.guard.asked == [("dome", "check", 30.0)]


def test_what_moves_is_stopped_as_soon_as_the_guard_has_gone(made: Callable[..., Night]) -> None:
    night = made()

    async def story() -> float:
        night.roof.is_open(night.clock.monotonic())
        moving = asyncio.ensure_future(night.roof.leave.during(night.clock.sleep(60.0)))
        await night.clock.sleep(1.0)
        night.roof.lost()
        with pytest.raises(DeviceError, match="stopped"):
            await moving
        return night.clock.monotonic()

    assert night.play(story) == 1.0
