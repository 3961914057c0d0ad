"""Whatever ends a night, and however early, no roof is left open: not by a second ^C, nor before the tables begin."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any, cast

import pytest

import obsy
from obsy.engine.declare.instrument import Instrument
from obsy.engine.devices.simulated.clock import VirtualClock, VirtualLoop
from obsy.engine.events import Event
from obsy.engine.events.night import NightLookedBack
from obsy.engine.identity import Identity
from obsy.engine.intent import Intent
from obsy.engine.night.activities import ACTIVITIES
from obsy.engine.night.context import NightContext
from obsy.engine.night.loop import Loop
from obsy.engine.night.ports import Ports
from obsy.engine.night.tally import Tally
from obsy.engine.night_record import EnclosureRecord, NightRecord
from obsy.engine.processing.limited import WorkerLostError
from obsy.engine.runtime import session
from obsy.engine.runtime.guard.start import Start
from obsy.engine.runtime.session import play
from obsy.engine.runtime.setup import NightSetup
from obsy.engine.safety.guard import GuardedMount
from obsy.engine.safety.lease import LEASE_S, RENEWED_EVERY_S
from obsy.engine.safety.monitor import WeatherMonitor
from obsy.engine.safety.shelter import Shelter, ShelteredMount
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Block
from obsy.schemas.night import NightTable
from obsy.schemas.policy import Patience
from tests.support import fakes
from tests.support.lying import LyingMount, LyingRoof
from tests.support.requests import request
from tests.support.safety import NERPIO, RAIN, SAFETY, a_mount, an_enclosure, kept
from tests.support.stage import CALIBRATION, DAWN, DUSK, LATER, NIGHT, SITE, TABLE, TRAIN, BlockTaker

BEGIN = LATER
DAY_S = 86400.0
PARKS_S = 32.0
"""A mount of ours is parked, and seen to be, within so long."""


class Clock(VirtualClock):
    """Waits for work as a wall clock does, while the night goes on."""

    async def settle(self, work: "Future[Any]", due: datetime) -> Any:
        return await asyncio.wrap_future(work)


class Planner:
    """Work whenever it is asked for, until dawn."""

    night = NIGHT
    costs = MappingProxyType[str, Overheads]({})

    def intent(self, tally: Tally, now: datetime, away: object = ()) -> Intent:
        wanted = request()
        block = Block(wanted, 10, now, now + timedelta(minutes=10), 90.0, 40.0, -1.0)
        return Intent(NIGHT.date, "here", NIGHT.dusk, NIGHT.dawn, (block,) if now < DAWN else (), (), ())

    def lacking(self, tally: Tally, now: datetime) -> tuple[()]:
        return ()


class Silent:
    """Processing with nothing to tell."""

    async def keep_telling(self, context: object) -> None: ...

    def tell(self, context: object) -> None: ...


@dataclass
class Hill:
    """Enclosures that stood open, safe and observing when an earlier run was cut off a minute ago."""

    names: tuple[str, ...] = ("shed",)
    rain: dict[str, Callable[[], float]] = field(default_factory=dict)
    settled: "Future[None]" = field(default_factory=Future)

    def __post_init__(self) -> None:
        self.loop = VirtualLoop()
        self.clock, self.journal = Clock(BEGIN, self.loop), fakes.FakeJournal()
        self.roofs: dict[str, LyingRoof] = {}
        self.sensors: dict[str, fakes.FakeWeatherInput] = {}
        self.ports: dict[str, Ports] = {}
        stands = [self._stand(name) for name in self.names]
        nights = tuple(EnclosureRecord(name, "observing", True) for name in self.names)
        before = NightRecord({"event": "night-started"}, DUSK, self.clock.now(), "", nights, (), (), (), (), {})
        observatory = SimpleNamespace(
            rules={},
            comparisons=(),
            enclosures=[each.enclosure for each in stands],
            mounts=[each.mount for each in stands],
            instruments=stands,
            quality=SimpleNamespace(verdict=30.0, patience=Patience()),
            site=SITE,
            safety=SAFETY,
            nights=dict.fromkeys(self.names, TABLE),
            inputs_of=lambda roof: (RAIN,),
        )
        self.setup = SimpleNamespace(
            before=before,
            data_root=SimpleNamespace(incoming=Path("incoming")),
            observatory=observatory,
            planner=Planner(),
            journal=self.journal,
            commit=None,
            asked=SimpleNamespace(scenario=None, start=Start()),
            processing=SimpleNamespace(
                settled=lambda: self.settled,
                outcome=lambda path: fakes.done(fakes.Accepted()),
                finish=lambda night: fakes.done(()),
            ),
            tally=Tally,
            archived=lambda: (),
            looked_back=lambda: fakes.done(None),
            notices=Silent(),
        )

    def _stand(self, name: str) -> Instrument:
        enclosure = an_enclosure().model_copy(update={"name": name})
        declared = a_mount(f"m-{name}").model_copy(update={"enclosure": name})
        mount = LyingMount(self.clock, home=False)
        self.roofs[name] = LyingRoof(self.clock, (mount,), at=1.0)
        falls = lambda _: {"rain": self.rain.get(name, lambda: 0.0)()}  # noqa: E731
        sensor = self.sensors[name] = fakes.FakeWeatherInput(self.clock, falls)
        guarded = GuardedMount(mount, declared, SAFETY.sun, NERPIO, self.clock)
        executors = {declared.name: BlockTaker(guarded, self.clock)}
        mounts = {declared.name: guarded}
        sheltered = (ShelteredMount(declared, mount),)
        shelter = Shelter(self.clock, NERPIO, enclosure, self.roofs[name], sheltered, SAFETY, ends=NIGHT.end)
        keeper = kept(shelter, {"rain": sensor})
        self.ports[name] = Ports(self.clock, keeper, mounts, executors)
        return Instrument(TRAIN, declared, enclosure, SITE, CALIBRATION)

    def play(self, beside: Callable[[], Awaitable[None]] | None = None) -> None:
        """The night, and what happens beside it, whose failure ends the night. A night that does not end by itself is
        ended after a day of its own time: nothing here waits on the wall.
        """

        async def both() -> None:
            night = asyncio.current_task()
            assert night is not None
            happens = asyncio.create_task(self._beside(beside, night)) if beside else None
            try:
                async with asyncio.timeout(DAY_S):
                    await play(cast("NightSetup", self.setup), self.ports)
            finally:
                if happens is not None and not happens.cancel():
                    happens.result()

        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            runner.run(both())

    @staticmethod
    async def _beside(beside: Callable[[], Awaitable[None]], night: "asyncio.Task[Any]") -> None:
        try:
            await beside()
        except Exception:
            night.cancel()
            raise

    def events(self) -> list[str]:
        return [entry["event"] for entry in self.journal.entries]

    def assert_safe(self) -> None:
        for roof in self.roofs.values():
            assert roof.at == 0.0
            assert roof.struck == []
            assert all(mount.parked for mount in roof.mounts)


@pytest.fixture(autouse=True)
def _signals_are_heard() -> Iterator[None]:
    """Also where the tests were begun by `nohup`, or behind a shell, to ignore some."""
    kept = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGHUP)}
    for each in kept:
        signal.signal(each, signal.default_int_handler)
    yield
    for each, was in kept.items():
        signal.signal(each, was)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("after_s", [0.0, 5.0, 40.0])
@pytest.mark.parametrize("settled", [False, True])
def test_a_second_signal_does_not_leave_the_roof_open(how: signal.Signals, after_s: float, settled: bool) -> None:
    hill = Hill()
    if settled:  # else what an earlier run left is still being judged, and no table is followed yet
        hill.settled.set_result(None)

    async def twice() -> None:
        await asyncio.sleep(60.0)
        assert hill.roofs["shed"].at == 1.0
        for _ in range(3):
            signal.raise_signal(how)
            await asyncio.sleep(after_s)

    with pytest.raises(asyncio.CancelledError):
        hill.play(twice)
    hill.assert_safe()
    last = hill.journal.entries[-1]
    assert (last["event"], last["reason"], last["roof_is"]) == ("night-interrupted", "told to stop", "closed")


def test_a_further_signal_is_answered(capsys: pytest.CaptureFixture[str]) -> None:
    hill = Hill()

    async def twice() -> None:
        await asyncio.sleep(60.0)
        signal.raise_signal(signal.SIGINT)
        await asyncio.sleep(5.0)
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(asyncio.CancelledError):
        hill.play(twice)
    assert capsys.readouterr().err.count("closing goes on") == 1


def test_a_signal_that_the_process_was_begun_to_ignore_is_ignored() -> None:
    hill = Hill()
    hill.settled.set_result(None)
    keep = signal.signal(signal.SIGHUP, signal.SIG_IGN)

    async def hang_up() -> None:
        await asyncio.sleep(60.0)
        signal.raise_signal(signal.SIGHUP)

    try:
        hill.play(hang_up)
    finally:
        signal.signal(signal.SIGHUP, keep)
    assert hill.events()[-1] == "night-finished"


@pytest.mark.parametrize("at_s", [0.0, 5.0, 40.0])
def test_a_signal_while_an_open_roof_is_closed_first_does_not_leave_it_open(at_s: float) -> None:
    hill = Hill(rain={"shed": lambda: 5.0})

    async def once() -> None:
        await asyncio.sleep(at_s)
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(asyncio.CancelledError):
        hill.play(once)
    hill.assert_safe()


def a_fault(*_: object) -> Any:
    raise ZeroDivisionError("a fault of ours")


@pytest.mark.parametrize("part", ["tally", "archived", "settled", "intent", "weather", "journal"])
def test_a_fault_before_the_tables_begin_closes_every_roof_before_it_is_heard(part: str) -> None:
    hill = Hill(("shed", "dome"))
    if part == "settled":
        hill.settled.set_exception(ZeroDivisionError("a fault of ours"))
    else:
        hill.settled.set_result(None)
    match part:
        case "tally" | "archived":
            setattr(hill.setup, part, a_fault)
        case "intent":
            hill.setup.planner.intent = a_fault
        case "weather":
            hill.setup.before = SimpleNamespace(under=a_fault, begun=True, ended="")
        case "journal":
            hill.journal.write = a_fault  # type: ignore[method-assign]
    with pytest.raises(ZeroDivisionError):
        hill.play()
    hill.assert_safe()


@pytest.mark.long
def test_one_roof_that_sticks_keeps_no_other_open_after_a_fault() -> None:
    hill = Hill(("shed", "dome"))
    hill.settled.set_result(None)
    hill.setup.tally = a_fault
    hill.roofs["shed"].lies.tell("close", "refuses")
    with pytest.raises(ZeroDivisionError):
        hill.play()
    assert hill.roofs["dome"].at == 0.0
    assert "alarm" in hill.events()


def test_a_full_disk_when_the_night_begins_closes_the_roof() -> None:
    hill = Hill()
    hill.settled.set_result(None)

    def full(when: datetime, event: Event) -> None:
        raise OSError(28, "No space left on device")

    hill.journal.write = full  # type: ignore[method-assign]
    with pytest.raises(OSError, match="No space"):
        hill.play()
    hill.assert_safe()


def test_an_open_roof_that_was_taken_over_is_watched_while_another_is_being_closed() -> None:
    hill = Hill(("shed", "dome"))
    hill.settled.set_result(None)
    hill.roofs["dome"].at = 0.5
    hill.roofs["dome"].lies.tell("close", "silent", until=BEGIN + timedelta(minutes=6))
    hill.rain["shed"] = lambda: 5.0 if hill.clock.now() >= BEGIN + timedelta(minutes=1) else 0.0
    hill.play()
    told, what, _ = hill.roofs["shed"].moved[0]
    assert what == "close"
    assert told - BEGIN < timedelta(minutes=2)
    hill.assert_safe()


def test_an_open_roof_that_was_taken_over_is_watched_while_what_was_left_is_judged() -> None:
    hill = Hill()

    async def turn() -> None:
        await asyncio.sleep(300.0)
        assert hill.roofs["shed"].at == 1.0
        hill.rain["shed"] = lambda: 5.0
        await asyncio.sleep(120.0)
        hill.assert_safe()
        hill.settled.set_result(None)

    hill.play(turn)
    hill.assert_safe()
    moves = [(entry["from"], entry["to"], entry["on"]) for entry in hill.journal.entries if entry["event"] == "state"]
    assert moves[0] == ("opening", "closing", "unsafe")
    assert all(before[1] == after[0] for before, after in zip(moves, moves[1:], strict=False))
    assert hill.events()[-1] == "night-finished"


def test_weather_over_an_open_roof_that_cannot_be_watched_closes_it_and_people_are_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hill = Hill()

    async def turn() -> None:
        await asyncio.sleep(300.0)
        with monkeypatch.context() as broken:
            broken.setattr(WeatherMonitor, "look", a_fault)
            await asyncio.sleep(120.0)
        hill.assert_safe()
        hill.settled.set_result(None)

    hill.play(turn)
    hill.assert_safe()
    assert "the weather cannot be watched" in next(e["reason"] for e in hill.journal.entries if e["event"] == "alarm")


def test_an_open_roof_that_waits_into_the_dawn_is_closed() -> None:
    hill = Hill()

    async def turn() -> None:
        await asyncio.sleep((DAWN - BEGIN).total_seconds() - 60.0)
        assert hill.roofs["shed"].at == 1.0
        await asyncio.sleep(240.0)
        hill.assert_safe()
        hill.settled.set_result(None)

    hill.play(turn)
    assert hill.events()[-1] == "night-finished"


def test_a_closed_roof_that_opens_by_itself_while_what_was_left_is_judged_is_closed() -> None:
    hill = Hill()
    hill.roofs["shed"].at = 0.0
    hill.roofs["shed"].mounts[0].home = True

    async def turn() -> None:
        await asyncio.sleep(300.0)
        hill.roofs["shed"].at = 1.0
        await asyncio.sleep(120.0)
        hill.assert_safe()
        hill.settled.set_result(None)

    hill.play(turn)
    hill.assert_safe()
    assert "alarm" in hill.events()


def test_a_roof_that_was_closed_first_and_opens_by_itself_while_what_was_left_is_judged_is_closed() -> None:
    hill = Hill(rain={"shed": lambda: 5.0})

    async def turn() -> None:
        await asyncio.sleep(600.0)
        hill.assert_safe()
        hill.roofs["shed"].at = 1.0
        await asyncio.sleep(120.0)
        hill.assert_safe()
        hill.settled.set_result(None)

    hill.play(turn)
    hill.assert_safe()


# What the night says of itself, and to whom.


def opening(hill: Hill) -> dict[str, Any]:
    """The first entry of a night that is played to its end."""
    hill.settled.set_result(None)
    hill.play()
    return hill.journal.entries[0]


def interrupted_before(hill: Hill, *, state: str = "observing", safe: bool = True, ended: str = "") -> Hill:
    """The same, after another night: where each of its roofs' tables stood when it ended, and how it did."""
    nights = tuple(EnclosureRecord(name, state, safe) for name in hill.names)
    hill.setup.before = NightRecord(
        {"event": "night-started"}, DUSK, hill.clock.now(), ended, nights, (), (), (), (), {}
    )
    return hill


def shut(hill: Hill, *names: str) -> Hill:
    """The same, with roofs that are closed over parked mounts."""
    for name in names or hill.names:
        hill.roofs[name].at = 0.0
        hill.roofs[name].mounts[0].home = True
    return hill


def test_the_opening_says_all_that_its_decisions_can_be_made_again_from() -> None:
    hill = Hill()
    hill.setup.commit, hill.setup.asked.scenario = "abc1234", "clear"
    told = opening(hill)
    assert (told["event"], told["after"], told["version"]) == ("night-resumed", "cut off", obsy.__version__)
    assert (told["commit"], told["scenario"], told["seed"], told["site"]) == ("abc1234", "clear", None, "here")
    assert told["intent"]["night"] == str(NIGHT.date)
    assert NightTable.model_validate(told["tables"]["shed"]) == TABLE
    assert told["tables"]["shed"] == TABLE.model_dump(mode="json", exclude_defaults=True)
    assert (told["state"], told.get("states")) == ("opening", None), "one roof needs no list"


def test_the_opening_notes_what_the_night_counts_otherwise_than_it_is_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    assert opening(Hill()).get("overheads") is None
    monkeypatch.setattr(session, "told", lambda *_: {"newton": {"download_s": 3.5}})
    assert opening(Hill())["overheads"] == {"newton": {"download_s": 3.5}}


def test_a_night_that_goes_on_says_how_the_one_before_ended() -> None:
    assert opening(interrupted_before(Hill(), ended="night-interrupted"))["after"] == "night interrupted"


def test_a_night_before_which_nothing_began_is_not_resumed() -> None:
    hill = Hill()
    hill.setup.before = NightRecord({}, None, None, "", (), (), (), (), (), {})
    assert opening(shut(hill))["event"] == "night-started"


@pytest.mark.long
def test_of_several_roofs_the_night_begins_in_one_word_where_the_first_does_that_must_be_closed() -> None:
    told = opening(Hill(("shed", "dome", "hut"), rain={"dome": lambda: 5.0}))
    assert told["states"] == {"shed": "opening", "dome": "closing", "hut": "opening"}
    assert told["state"] == "closing"
    two = opening(shut(Hill(("shed", "dome")), "dome"))
    assert two["states"] == {"shed": "opening", "dome": TABLE.initial}
    assert two["state"] == "opening"
    assert opening(shut(Hill()))["state"] == TABLE.initial


@pytest.mark.parametrize(
    "change",
    [{}, {"safe": False}, {"state": "closing"}, {"state": "nowhere"}, "rain", "day"],
    ids=["", "unsafe", "closing", "no such state", "rain", "day"],
)
def test_an_open_roof_is_taken_over_only_if_the_night_stood_safely_under_it_and_it_is_safe_and_dark(
    change: dict[str, Any] | str,
) -> None:
    hill = Hill(rain={"shed": lambda: 5.0} if change == "rain" else {})
    if isinstance(change, dict):
        interrupted_before(hill, **change)
    if change == "day":
        asyncio.set_event_loop(None)
        hill.loop.freeze((DAWN - BEGIN).total_seconds() + 60.0)
    assert opening(hill)["state"] == ("closing" if change else "opening")
    first = hill.roofs["shed"].moved[0][1]
    assert first == "close"


def test_a_start_is_relieved_before_the_night_asks_for_its_roofs() -> None:
    hill, relieved = Hill(), list[int]()
    hill.setup.asked.start = Start(lambda: relieved.append(len(hill.journal.entries)))
    opening(hill)
    assert relieved == [0]


async def for_ever(context: NightContext) -> None:
    await asyncio.get_running_loop().create_future()


def test_nothing_is_at_work_when_the_night_is_over() -> None:
    for stops in (False, True):
        hill = Hill()
        hill.setup.notices = SimpleNamespace(keep_telling=for_ever, tell=lambda context: None)
        hill.settled.set_result(None)
        if stops:
            hill.setup.archived = a_fault
        left = list[asyncio.Task[Any]]()

        async def look(hill: Hill = hill, left: list[asyncio.Task[Any]] = left) -> None:
            with suppress(ZeroDivisionError):
                await play(cast("NightSetup", hill.setup), hill.ports)
            await asyncio.sleep(0.1)
            left += [each for each in asyncio.all_tasks() if each is not asyncio.current_task()]

        with asyncio.Runner(loop_factory=lambda hill=hill: hill.loop) as runner:  # type: ignore[misc]
            runner.run(look())
        assert left == []


def test_what_was_left_is_judged_only_after_the_roofs_that_must_be_closed_are() -> None:
    hill, seen = Hill(("shed", "dome"), rain={"shed": lambda: 5.0}), list[float]()

    def settled() -> "Future[None]":
        seen.append(hill.roofs["shed"].at)
        return fakes.done(None)

    hill.setup.processing.settled = settled
    hill.play()
    assert seen == [0.0]


def test_a_roof_that_must_be_closed_first_and_sticks_does_not_end_the_night() -> None:
    hill = Hill(rain={"shed": lambda: 5.0})
    hill.roofs["shed"].lies.tell("close", "refuses", until=BEGIN + timedelta(minutes=3))
    opening(hill)
    hill.assert_safe()


def test_a_roof_that_waits_into_the_dawn_is_let_go_of_and_not_only_no_more_asked_for() -> None:
    hill = Hill()

    async def turn() -> None:
        await asyncio.sleep((DAWN - BEGIN).total_seconds() + 240.0)
        hill.settled.set_result(None)

    hill.play(turn)
    began, what, _ = hill.roofs["shed"].moved[0]
    assert what == "close"
    assert DAWN <= began <= DAWN + timedelta(seconds=RENEWED_EVERY_S + PARKS_S)


def test_the_night_tells_of_its_first_roof_what_is_done_by_then() -> None:
    hill, told, tallies = Hill(("shed", "dome")), list[NightContext](), list[Tally]()
    hill.setup.notices = SimpleNamespace(keep_telling=Silent().keep_telling, tell=told.append)
    hill.setup.commit = "abc1234"

    def tally() -> Tally:
        tallies.append(Tally())
        return tallies[-1]

    hill.setup.tally = tally
    opening(hill)
    (first,) = told
    assert first.tally is tallies[1], "the second, made when all that was left had been judged"
    assert first.incoming == Path("incoming")
    assert first.rules.enclosure.name == "shed"
    assert [mount.name for mount in first.rules.mounts] == ["m-shed"]
    assert [each.mount.name for each in first.rules.instruments.values()] == ["m-shed"]
    assert first.rules.origin == Identity(site="here", commit="abc1234")
    assert SITE.name != "here"


def test_a_roof_that_names_no_site_is_the_observatorys() -> None:
    hill, told = Hill(), list[NightContext]()
    hill.setup.notices = SimpleNamespace(keep_telling=Silent().keep_telling, tell=told.append)
    hill.setup.observatory.enclosures = [
        each.model_copy(update={"site": None}) for each in hill.setup.observatory.enclosures
    ]
    opening(hill)
    assert told[0].rules.origin.site == SITE.name


@pytest.mark.parametrize(
    ("fault", "reason", "mount"),
    [
        (ZeroDivisionError("nought"), "nought", "parked"),
        (KeyError(), "KeyError()", "unknown"),
        (OSError("disk"), "disk", "not parked"),
    ],
)
def test_a_night_that_is_interrupted_says_why_and_how_all_is_seen_to_stand(
    fault: Exception, reason: str, mount: str
) -> None:
    hill = Hill(("shed", "dome"))
    hill.settled.set_result(None)

    def fail() -> None:
        raise fault

    hill.setup.archived = fail
    write, seen = hill.journal.write, hill.roofs["shed"].mounts[0]

    def then(when: datetime, event: Event) -> None:
        write(when, event)
        if event.name == "roof-closed" and event.facts()["enclosure"] == "shed":
            seen.home = mount != "not parked"
            seen.lies.tell("state", "refuses" if mount == "unknown" else "")

    hill.journal.write = then  # type: ignore[method-assign]
    with pytest.raises(type(fault)):
        hill.play()
    shed, dome = hill.journal.entries[-2:]
    assert [each["event"] for each in (shed, dome)] == ["night-interrupted"] * 2
    assert [each["reason"] for each in (shed, dome)] == [reason] * 2
    assert (dome["roof_is"], dome["mount_is"]) == ("closed", "parked")
    assert shed["mount_is"] == mount


def test_a_night_that_stops_before_it_has_written_a_word_writes_no_last_one() -> None:
    hill = Hill()
    hill.setup.tally = a_fault
    with pytest.raises(ZeroDivisionError):
        hill.play()
    assert not [event for event in hill.events() if event.startswith("night")]


@pytest.mark.parametrize("names", [("shed",), ("shed", "dome")])
def test_a_fault_after_every_table_has_ended_is_the_nights_last_word(names: tuple[str, ...]) -> None:
    hill = Hill(names)
    hill.settled.set_result(None)
    hill.setup.notices = SimpleNamespace(keep_telling=Silent().keep_telling, tell=a_fault)
    with pytest.raises(ZeroDivisionError):
        hill.play()
    last = hill.journal.entries[-1]
    assert (last["event"], last["reason"]) == ("night-ended-early", "ZeroDivisionError('a fault of ours')")
    assert hill.events().count("night-ended-early") == 1


def test_a_full_disk_hides_neither_why_the_night_stops_nor_what_it_stopped_for() -> None:
    hill = Hill()
    hill.settled.set_result(None)

    def full() -> None:
        hill.journal.write = no_room  # type: ignore[method-assign]
        raise ZeroDivisionError("a fault of ours")

    hill.setup.archived = full
    with pytest.raises(ZeroDivisionError):
        hill.play()
    hill.assert_safe()


def no_room(when: datetime, event: Event) -> None:
    raise OSError(28, "No space left on device")


def test_a_roof_that_its_table_answers_for_is_closed_by_that_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    hill, closes, asked = Hill(), ACTIVITIES["close"], list[datetime]()
    hill.settled.set_result(None)

    async def close(context: NightContext) -> None:
        asked.append(context.now())
        await closes(context)

    monkeypatch.setitem(ACTIVITIES, "close", close)

    async def once() -> None:
        await asyncio.sleep(60.0)
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(asyncio.CancelledError):
        hill.play(once)
    assert hill.events().count("roof-closed") == 1
    assert len(asked) == 1


def test_a_table_that_hangs_keeps_no_roof_open(monkeypatch: pytest.MonkeyPatch) -> None:
    hill = Hill()

    async def hang(loop: Loop, begin_in: str | None) -> None:
        await asyncio.sleep(300.0)
        hill.assert_safe()

    monkeypatch.setattr(Loop, "run", hang)
    opening(hill)


def slow(hill: Hill, name: str, seconds: float) -> None:
    """Let a roof's rain take so long to be read."""
    sensor = hill.sensors[name]
    read = sensor.read

    async def late() -> Any:
        await asyncio.sleep(seconds)
        return await read()

    sensor.read = late  # type: ignore[method-assign]


def test_a_roof_that_is_taken_over_stays_open_from_then_on_as_long_as_a_lease_lasts() -> None:
    hill = Hill()
    intent = hill.setup.planner.intent

    def plan(tally: Tally, now: datetime, away: object = ()) -> Intent:
        if now < BEGIN + timedelta(seconds=20):
            hill.loop.freeze(LEASE_S - 5.0)
        return cast("Intent", intent(tally, now))

    slow(hill, "shed", 8.0)
    hill.setup.planner.intent = plan
    opening(hill)
    assert hill.roofs["shed"].moved[0][0] > BEGIN + timedelta(minutes=5)


def test_a_roof_that_must_be_closed_first_waits_for_no_other() -> None:
    hill = interrupted_before(Hill(("shed", "dome")), safe=False)
    slow(hill, "dome", 8.0)
    opening(hill)
    assert hill.roofs["shed"].moved[0][0] < BEGIN + timedelta(seconds=PARKS_S + 2.0)


def test_how_good_the_night_was_is_told_before_its_last_word_and_no_fault_in_that_harms_it(
    capfd: pytest.CaptureFixture[str],
) -> None:
    hill, found = Hill(), NightLookedBack(value=3.0, best=4.0, share_percent=75.0, lost={"idle": 1.0})
    hill.settled.set_result(None)
    hill.setup.looked_back = lambda: fakes.done(found)
    hill.play()
    assert hill.events()[-2:] == ["hindsight", "night-finished"]

    hill = Hill()
    hill.settled.set_result(None)
    hill.setup.looked_back = a_fault
    hill.play()
    assert hill.events()[-1] == "night-finished"
    assert "hindsight" not in hill.events()
    assert "how good the night was cannot be told" in capfd.readouterr().err


def test_the_program_goes_on_while_it_is_worked_out_how_good_the_night_was() -> None:
    hill, found = Hill(), NightLookedBack(value=3.0, best=4.0, share_percent=75.0, lost={"idle": 1.0})
    hill.settled.set_result(None)
    asked: list[Future[NightLookedBack | None]] = []
    hill.setup.looked_back = lambda: asked.append(Future()) or asked[0]

    async def others() -> None:
        while not asked:
            await asyncio.sleep(60.0)
        assert "hindsight" not in hill.events()
        asked[0].set_result(found)

    hill.play(others)
    assert hill.events()[-2:] == ["hindsight", "night-finished"]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_whoever_ends_it_while_it_looks_back_loses_nothing_of_the_night(
    how: signal.Signals, capfd: pytest.CaptureFixture[str]
) -> None:
    hill, asked = Hill(), list[Future[NightLookedBack | None]]()
    hill.settled.set_result(None)
    hill.setup.looked_back = lambda: asked.append(Future()) or asked[0]

    async def told() -> None:
        while not asked:
            await asyncio.sleep(60.0)
        signal.raise_signal(how)

    hill.play(told)
    hill.assert_safe()
    assert hill.events()[-1] == "night-finished"
    assert "hindsight" not in hill.events()
    assert "how good the night was is not told" in capfd.readouterr().err


def test_of_a_process_that_died_of_it_it_is_said_in_words(capfd: pytest.CaptureFixture[str]) -> None:
    hill, lost = Hill(), Future[NightLookedBack | None]()
    lost.set_exception(WorkerLostError("it took longer than 60 s"))
    hill.settled.set_result(None)
    hill.setup.looked_back = lambda: lost
    hill.play()
    assert hill.events()[-1] == "night-finished"
    assert "how good the night was cannot be told: it took longer than 60 s" in capfd.readouterr().err
