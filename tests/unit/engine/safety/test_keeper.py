"""The keeper believes no command and no night: what is not as it is meant to be is stopped, told and made safe."""

import asyncio
import gc
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from obsy.engine.declare.overrides import Overrides
from obsy.engine.devices.ports import MountState, Pointing, Reading, Roof
from obsy.engine.events import Event
from obsy.engine.safety import keeper as keepers
from obsy.engine.safety import seeing
from obsy.engine.safety.daylight import Direction
from obsy.engine.safety.guard import GuardedMount
from obsy.engine.safety.keeper import Keeper
from obsy.engine.safety.lease import LEASE_S, RoofStanding
from obsy.engine.safety.monitor import WeatherMonitor
from obsy.engine.safety.shelter import RoofStance
from obsy.engine.safety.verdict import Verdict
from obsy.errors import DeviceError
from obsy.schemas.override import Override
from obsy.schemas.policy import Safety
from tests.support.lying import LIES
from tests.support.safety import NERPIO, NIGHT, NOON, RAIN, SAFETY, Shed, a_mount, kept

OPENED = "the roof is meant to be closed, and its switches say 'open'"
UNASKED = "the roof is open, and for 30 s nobody has asked that it stays so"
SUN_AT_NOON = Direction(183.1, 31.9)
"""Of NOON at NERPIO, to 2 deg: azimuth and altitude."""
BRISK = SAFETY.model_copy(update={"dwell": 180.0})
"""The dwell is longer than to close takes, and no longer."""
DWELL_S = 210.0


@dataclass
class Scene:
    """A shed that is kept."""

    shed: Shed
    rain: float | None = 0.0

    def __post_init__(self) -> None:
        self.keeper = kept(self.shed.shelter, {"rain": self})
        self.keeper.hear(self.shed.events.append)
        self.turns: list[tuple[float, Verdict]] = []
        self.keeper.listen(lambda verdict: self.turns.append((self.shed.elapsed_s, verdict)))
        self.runner = asyncio.Runner(loop_factory=lambda: self.shed.loop)
        self.keeping: asyncio.Task[None] | None = None
        self.renewed, self.commands = True, 0

    async def read(self) -> Reading:
        """Its rain sensor."""
        if self.rain is None:
            raise DeviceError("no answer")
        return Reading({"rain": self.rain}, self.shed.clock.now())

    def watch(self, seconds: float) -> BaseException | None:
        """Keep it for so long; return what ended it before."""

        async def for_a_while() -> BaseException | None:
            if self.keeping is None:
                self.keeping = asyncio.ensure_future(self.keeper.run())
                await self.keeper.found()
            for _ in range(int(seconds)):
                if self.renewed:
                    self.keeper.renew()
                await self.shed.clock.sleep(1.0)
            await self.shed.clock.sleep(seconds % 1.0)
            return self.keeping.exception() if self.keeping.done() else None

        return self.runner.run(for_a_while())

    def ask(self, deed: Callable[[], Awaitable[Any]]) -> Any:
        """Ask something of the keeper; return the answer, or the DeviceError."""

        async def answer() -> Any:
            with suppress(asyncio.CancelledError):
                try:
                    return await deed()
                except DeviceError as error:
                    return error

        return self.runner.run(answer())

    def opened(self) -> "Scene":
        """The same, open, after a safe dwell."""
        assert self.watch(DWELL_S) is None

        async def renew() -> None:
            while True:
                self.keeper.renew()
                await self.shed.clock.sleep(5.0)

        async def opens() -> None:
            renewing = asyncio.ensure_future(renew())
            await self.keeper.open()
            renewing.cancel()

        assert self.ask(opens) is None
        assert self.shed.roof.at == 1.0
        return self

    def alarms(self) -> list[str]:
        return [event.facts()["reason"] for event in self.shed.events if event.name == "alarm"]

    def told(self) -> list[str]:
        return [event.name for event in self.shed.events if event.name not in ("weather", "evidence")]

    def close(self) -> None:
        self.runner.close()
        self.shed.loop.close()


@pytest.fixture
def made(request: pytest.FixtureRequest) -> Callable[..., Scene]:
    def make(**what: Any) -> Scene:
        scene = Scene(Shed(**{"lasts_s": 1e6, "policy": BRISK, **what}))
        request.addfinalizer(scene.close)
        return scene

    return make


@pytest.fixture
def closed(made: Callable[..., Scene]) -> Callable[..., Scene]:
    """A roof that is closed as it is meant to be, when it has been safe for a dwell."""

    def make(**what: Any) -> Scene:
        scene = made(**what)
        assert scene.watch(DWELL_S) is None
        assert scene.told() == []
        return scene

    return make


@pytest.fixture
def opened_by_itself(closed: Callable[..., Scene]) -> Callable[..., Scene]:
    """A roof that is meant to be closed, and is not."""

    def make(**what: Any) -> Scene:
        scene = closed(**what)
        scene.shed.roof.at = 1.0
        return scene

    return make


def test_what_is_as_it_is_meant_to_be_is_left_alone(closed: Callable[..., Scene]) -> None:
    for scene, meant in ((closed(), Roof.CLOSED), (closed().opened(), Roof.OPEN)):
        moved = list(scene.shed.roof.moved)
        assert scene.keeper.meant is meant
        assert scene.watch(120.0) is None
        assert (scene.alarms(), scene.shed.roof.moved) == ([], moved)


def test_a_roof_that_opened_by_itself_is_told_of_and_closed(opened_by_itself: Callable[..., Scene]) -> None:
    scene = opened_by_itself()
    assert scene.watch(100.0) is None
    assert (scene.alarms(), scene.shed.roof.at) == ([OPENED], 0.0)
    assert scene.turns[-1][1] == Verdict(False, OPENED), "it counts as unsafe, and owes a dwell"


# Leases.


def test_a_roof_opens_when_it_is_asked_to_and_stays_open_while_that_is_renewed(
    closed: Callable[..., Scene],
) -> None:
    scene = closed().opened()
    assert scene.watch(600.0) is None
    assert scene.shed.roof.at == 1.0
    assert scene.told() == ["roof-opened"]


def test_a_lease_that_nobody_renews_ends_in_half_a_minute_and_people_are_called(
    closed: Callable[..., Scene],
) -> None:
    scene = closed().opened()
    scene.renewed, begun = False, scene.shed.elapsed_s
    scene.watch(LEASE_S - 6.0)
    assert scene.shed.roof.at == 1.0
    scene.watch(9.0)
    assert scene.alarms() == [UNASKED]
    scene.watch(100.0)
    assert scene.shed.roof.at == 0.0
    assert scene.turns[-1][1] == Verdict(False, UNASKED)
    assert scene.shed.roof.moved[-1][1] == "close"
    assert (scene.shed.roof.moved[-1][0] - scene.shed.start).total_seconds() - begun <= LEASE_S + 2.0


def test_a_renewal_that_comes_too_late_revives_no_lease(closed: Callable[..., Scene]) -> None:
    scene = closed().opened()

    async def late() -> None:
        scene.keeper._lease_s = scene.shed.clock.monotonic() - 0.5
        scene.keeper.renew()
        assert scene.keeper._lease_s < scene.shed.clock.monotonic()

    scene.ask(late)
    scene.watch(60.0)
    assert scene.shed.roof.at == 0.0


def test_a_lease_that_has_ended_is_not_renewed_by_asking_again(closed: Callable[..., Scene]) -> None:
    scene = closed().opened()
    scene.ask(scene.keeper.give_back)
    assert scene.watch(600.0) is None
    assert scene.shed.roof.at == 0.0
    assert scene.told() == ["roof-opened", "roof-closing", "roof-closed"]


def test_rain_closes_a_roof_whoever_renews(closed: Callable[..., Scene]) -> None:
    scene = closed().opened()
    scene.rain = 3.0
    assert scene.watch(31.0 + 50.0) is None
    assert scene.shed.roof.at == 0.0
    assert scene.alarms() == []
    assert scene.turns[-1][1].reason == "rain 3.0 mm/h, above 0"


def test_a_sensor_that_dies_closes_a_roof_within_its_greatest_age_and_5_seconds(
    closed: Callable[..., Scene],
) -> None:
    scene = closed().opened()
    scene.rain, begun = None, scene.shed.elapsed_s
    assert scene.watch(120.0) is None
    told, what, _ = scene.shed.roof.moved[-1]
    assert what == "close"
    assert (told - scene.shed.start).total_seconds() <= begun + 65.0


@pytest.mark.parametrize("rain", [3.0, None])
def test_no_roof_opens_in_the_rain_or_before_the_dwell(made: Callable[..., Scene], rain: float | None) -> None:
    scene = made()
    scene.rain = rain
    scene.watch(DWELL_S)
    assert "the roof stays closed: rain" in str(scene.ask(scene.keeper.open))
    assert "the roof stays closed: rain" in str(scene.ask(scene.keeper.check_opening))
    scene.rain = 0.0
    scene.watch(150.0)
    assert "not yet" in str(scene.ask(scene.keeper.open))
    assert scene.shed.roof.moved == []


def test_a_night_that_lets_go_of_an_opening_roof_finds_it_closed(closed: Callable[..., Scene]) -> None:
    scene = closed()

    async def lets_go() -> None:
        opening = asyncio.ensure_future(scene.keeper.open())
        await scene.shed.clock.sleep(10.0)
        opening.cancel()
        await asyncio.wait({opening})

    scene.ask(lets_go)
    assert scene.shed.roof.at not in (0.0, 1.0)
    scene.watch(60.0)
    assert scene.shed.roof.at == 0.0
    assert scene.told()[-1] == "roof-closed"


def test_a_lease_that_ends_while_the_roof_opens_stops_and_closes_it(closed: Callable[..., Scene]) -> None:
    scene = closed()
    said = scene.ask(scene.keeper.open)
    assert "is being made safe" in str(said)
    scene.renewed = False
    scene.watch(80.0)
    assert scene.shed.roof.at == 0.0


@pytest.mark.parametrize("lie", sorted(set(LIES) - {"late"}))
def test_a_roof_that_does_not_open_as_it_is_told_is_closed(closed: Callable[..., Scene], lie: str) -> None:
    scene = closed()
    scene.shed.roof.lies.tell("open", lie)
    assert isinstance(scene.ask(scene.keeper.open), DeviceError)
    scene.shed.roof.at = 1.0
    scene.watch(120.0)
    assert scene.shed.roof.at == 0.0


def test_a_roof_that_opens_sooner_than_it_can_is_closed_and_not_told_to_open_again(
    closed: Callable[..., Scene],
) -> None:
    scene = closed()
    scene.shed.roof.travel_s = 1.0
    assert "is not believed to be open" in str(scene.ask(scene.keeper.open))
    scene.watch(1200.0)
    assert scene.shed.roof.at == 0.0
    assert "is not believed to be open" in scene.alarms()[0]
    assert "when all is well again, 'obsy guard --release' lets it open" in str(scene.ask(scene.keeper.open))
    assert [told for _, told, _ in scene.shed.roof.moved] == ["open", "close"]


def test_so_is_one_whose_asker_has_gone_before_it_was_open(closed: Callable[..., Scene]) -> None:
    scene = closed()
    scene.shed.roof.travel_s = 1.0

    async def asked_and_left() -> None:
        asker = asyncio.ensure_future(scene.keeper.open())
        await scene.shed.clock.sleep(0.1)
        assert scene.keeper._opening is not None
        scene.keeper._opening.add_done_callback(lambda _: asker.cancel())
        await asyncio.wait({asker})
        assert asker.cancelled()

    scene.ask(asked_and_left)
    scene.watch(120.0)
    assert scene.shed.roof.at == 0.0
    assert "'obsy guard --release'" in str(scene.ask(scene.keeper.open))


def test_a_verdict_that_turns_as_the_roof_is_seen_open_is_no_opening(closed: Callable[..., Scene]) -> None:
    scene = closed()

    def rain(event: Event) -> None:
        if event.name == "roof-opened":
            scene.shed.loop.call_soon(scene.keeper.withdraw)

    scene.keeper.hear(rain)
    found = scene.ask(scene.keeper.open)
    assert "being made safe" in str(found)
    scene.watch(120.0)
    assert scene.shed.roof.at == 0.0


# Nights that may still move a mount when their lease ends.


@pytest.mark.parametrize("lets_go_after_s", [0.0, 4.0])
def test_a_roof_closes_over_parked_mounts_only_when_no_night_moves_them_any_more(
    closed: Callable[..., Scene], lets_go_after_s: float
) -> None:
    scene = closed().opened()
    scene.keeper.let_go = lambda: scene.shed.clock.sleep(lets_go_after_s)
    begun = scene.shed.clock.now()
    scene.rain = 1.0
    scene.ask(scene.keeper.give_back)
    closes = next(at for at, what, _ in scene.shed.roof.moved if what == "close" and at >= begun)
    assert lets_go_after_s <= (closes - begun).total_seconds() < lets_go_after_s + 2.0


def test_a_roof_waits_for_a_mount_that_a_night_has_sent_off_before_it_let_go(closed: Callable[..., Scene]) -> None:
    scene = closed().opened()

    async def sends_it_off() -> None:
        await scene.shed.clock.sleep(3.0)
        scene.shed.mounts[0].home = False

    scene.keeper.let_go = sends_it_off
    scene.ask(scene.keeper.give_back)
    assert (scene.shed.roof.at, scene.shed.mounts[0].home, scene.shed.roof.struck) == (0.0, True, [])


def test_a_fault_of_whoever_asks_the_nights_closes_the_roof_all_the_same(closed: Callable[..., Scene]) -> None:
    scene = closed().opened()

    async def breaks() -> None:
        raise KeyError("ours")

    scene.keeper.let_go = breaks
    assert scene.ask(scene.keeper.give_back) is None
    assert scene.shed.roof.at == 0.0


def test_a_keeper_that_has_ended_refuses_whoever_waits_for_it_and_commands_nothing_any_more(
    closed: Callable[..., Scene],
) -> None:
    scene = closed().opened()
    scene.shed.mounts[0].home, scene.shed.mounts[0].moves_s = False, 80.0

    async def ends_while_it_closes() -> list[object]:
        waiting = asyncio.ensure_future(scene.keeper.give_back())
        await scene.shed.clock.sleep(20.0)
        assert scene.keeping is not None
        scene.keeping.cancel()
        found = await asyncio.gather(waiting, return_exceptions=True)
        for each in (scene.keeper.open, scene.keeper.give_back, scene.keeper.check_opening):
            found += await asyncio.gather(each(), return_exceptions=True)
        scene.keeper.withdraw()
        scene.commands = len(scene.shed.roof.moved)
        await scene.shed.clock.sleep(1000.0)
        return found

    found = scene.ask(ends_while_it_closes)
    assert all(isinstance(each, DeviceError) and keepers.ENDED in str(each) for each in found)
    assert len(found) == 4
    assert len(scene.shed.roof.moved) == scene.commands
    assert scene.shed.roof.at == 1.0


def test_who_asks_how_a_roof_was_found_is_told_that_its_keeper_has_ended(made: Callable[..., Scene]) -> None:
    scene = made()

    async def ends_at_once() -> object:
        keeping = asyncio.ensure_future(scene.keeper.run())
        asking = asyncio.ensure_future(scene.keeper.found())
        await asyncio.sleep(0)
        keeping.cancel()
        return (await asyncio.gather(asking, return_exceptions=True))[0]

    assert isinstance(scene.ask(ends_at_once), DeviceError) or scene.shed.roof.at == 0.0


def test_while_it_closes_no_roof_opens(closed: Callable[..., Scene]) -> None:
    scene = closed().opened()

    async def both() -> None:
        scene.keeper.withdraw()
        with pytest.raises(DeviceError, match="it is being made safe"):
            await scene.keeper.open()
        assert scene.shed.shelter.stance.meant is Roof.UNKNOWN
        with pytest.raises(DeviceError, match="it is being made safe"):
            await scene.keeper.check_opening()

    scene.ask(both)


def test_a_mount_that_moves_when_the_lease_ends_is_stopped_before_it_is_parked(closed: Callable[..., Scene]) -> None:
    scene = closed().opened()
    mount = scene.shed.mounts[0]
    guarded = GuardedMount(mount, a_mount(), SAFETY.sun, NERPIO, scene.shed.clock)
    guarded.under(scene.keeper.leave)
    told: list[str] = []
    for name in ("stop", "park"):
        setattr(mount, name, noting(told, mount, name))

    mount.home = False

    async def slews() -> str:
        slewing = asyncio.ensure_future(guarded.slew(Pointing(0.0, 80.0)))
        await scene.shed.clock.sleep(10.0)
        scene.keeper.withdraw()
        await scene.shed.clock.sleep(0.1)
        assert not mount.moving or told
        await asyncio.wait({slewing})
        return str(slewing.exception())

    assert "is not meant to be open any more" in scene.ask(slews)
    scene.watch(100.0)
    assert told[0] == "LyingMount.stop"
    assert scene.shed.roof.at == 0.0
    assert scene.shed.roof.struck == []


# The first look.


def found_open(made: Callable[..., Scene], **what: Any) -> Scene:
    scene = made(**what)
    scene.shed.roof.at = 1.0
    for mount in scene.shed.mounts:
        mount.home = False
    return scene


def test_a_roof_that_is_found_open_stays_so_while_it_is_safe_and_dark_and_asked_for(made: Callable[..., Scene]) -> None:
    scene = found_open(made)
    scene.watch(300.0)
    assert scene.ask(scene.keeper.found) is Roof.OPEN
    assert (scene.shed.roof.at, scene.keeper.verdict.safe) == (1.0, True)
    scene.renewed = False
    scene.watch(LEASE_S + 90.0)
    assert scene.shed.roof.at == 0.0


@pytest.mark.parametrize("wrong", ["rain", "day", "sensor"])
def test_a_roof_that_is_found_open_and_may_not_be_is_closed(made: Callable[..., Scene], wrong: str) -> None:
    scene = found_open(made, start=NOON if wrong == "day" else NIGHT)
    scene.rain = {"rain": 2.0, "sensor": None}.get(wrong, 0.0)
    scene.watch(0.0)
    assert scene.keeper.meant is Roof.UNKNOWN, "from the first moment"
    scene.watch(100.0)
    assert scene.ask(scene.keeper.found) is Roof.OPEN
    assert scene.shed.roof.at == 0.0
    assert scene.shed.roof.struck == []


def test_a_roof_that_is_found_halfway_is_closed(made: Callable[..., Scene]) -> None:
    scene = made()
    scene.shed.roof.at = 0.5
    scene.watch(0.0)
    assert scene.keeper._closing is not None, "from the first moment"
    assert scene.keeper._stance.exposed
    scene.watch(100.0)
    assert scene.ask(scene.keeper.found) is Roof.UNKNOWN
    assert scene.shed.roof.at == 0.0


def test_a_roof_that_is_found_closed_is_told_to_close_once_more(made: Callable[..., Scene]) -> None:
    scene, told = made(), []
    scene.shed.roof.close = noting(told, scene.shed.roof, "close")  # type: ignore[method-assign]
    scene.shed.roof.stop = noting(told, scene.shed.roof, "stop")  # type: ignore[method-assign]
    scene.watch(10.0)
    assert told == ["LyingRoof.close"]
    assert scene.shed.shelter.stance.meant is Roof.CLOSED


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("call", ["state", "close", "stop"])
def test_whatever_a_roof_does_wrong_when_it_is_looked_at_first_it_is_closed_in_the_end(
    made: Callable[..., Scene], call: str, lie: str
) -> None:
    scene = found_open(made)
    scene.rain = 2.0
    scene.shed.roof.lies.tell(call, lie, NIGHT, NIGHT + timedelta(minutes=6))
    assert scene.watch(420.0) is None
    while scene.shed.roof.at != 0.0 and scene.shed.elapsed_s < 700.0:
        assert scene.watch(40.0) is None
    assert scene.shed.roof.at == 0.0
    assert scene.shed.roof.struck == []


def test_how_it_stands_is_told(closed: Callable[..., Scene]) -> None:
    scene = closed()
    assert scene.ask(scene.keeper.look) == RoofStanding(Roof.CLOSED, True)
    scene.shed.mounts[0].home = False
    assert scene.ask(scene.keeper.look) == RoofStanding(Roof.CLOSED, False)
    scene.shed.mounts[0].lies.tell("state", "refuses")
    assert scene.ask(scene.keeper.look) == RoofStanding(Roof.CLOSED, None)


def test_what_happens_before_anybody_hears_is_kept_for_them(made: Callable[..., Scene]) -> None:
    scene = found_open(made)
    heard: list[Event] = []
    scene.keeper._audience._hears, scene.rain = None, 2.0
    scene.watch(100.0)
    assert scene.told() == []
    scene.keeper.hear(heard.append)
    assert [event.name for event in heard if event.name not in ("weather", "evidence")] == [
        "mount-parked",
        "roof-closing",
        "roof-closed",
    ]


# What is, and not what was commanded.


def noting(told: list[str], device: Any, name: str) -> Callable[[], Awaitable[None]]:
    """A device's call that is noted before it is made."""
    call = getattr(device, name)

    async def note() -> None:
        told.append(f"{type(device).__name__}.{name}")
        await call()

    return note


def test_all_that_moves_is_told_to_stop_before_anything_else_is_told_to_move(
    opened_by_itself: Callable[..., Scene],
) -> None:
    scene, told = opened_by_itself(), []
    for device, names in ((scene.shed.roof, ("stop", "close")), (scene.shed.mounts[0], ("stop", "park"))):
        for name in names:
            setattr(device, name, noting(told, device, name))
    scene.shed.mounts[0].home = False
    assert scene.watch(100.0) is None
    assert sorted(told[:2]) == ["LyingMount.stop", "LyingRoof.stop"]
    assert {"LyingMount.park", "LyingRoof.close"} <= set(told[2:])


def test_from_the_first_moment_no_mount_may_move(
    opened_by_itself: Callable[..., Scene], monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, meant = opened_by_itself(), []
    monkeypatch.setattr(keepers, "make_safe", lambda *_: asyncio.sleep(1e5))
    scene.keeper.listen(lambda _: meant.append(scene.shed.shelter.stance.meant))
    assert scene.watch(100.0) is None
    assert meant[1:] == [Roof.UNKNOWN]


def break_it(*_: object) -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize("tool", ["distrust", "say", "listener"])
def test_whoever_cannot_be_told_keeps_no_roof_open(
    opened_by_itself: Callable[..., Scene], tool: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = opened_by_itself()
    match tool:
        case "distrust":
            monkeypatch.setattr(scene.keeper._monitor, "distrust", break_it)
        case "say":
            scene.keeper.hear(break_it)
        case _:
            scene.keeper._audience._listeners.insert(0, break_it)
    assert scene.watch(100.0) is None
    assert scene.shed.roof.at == 0.0


def test_a_stop_that_breaks_keeps_no_roof_open(
    opened_by_itself: Callable[..., Scene], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    scene = opened_by_itself()
    monkeypatch.setattr("obsy.engine.safety.moving.stop", break_it)
    assert scene.watch(100.0) is None
    assert scene.shed.roof.at == 0.0
    assert "obsy: nothing was stopped: " in capsys.readouterr().err


def test_a_closing_that_breaks_by_a_fault_of_ours_is_begun_again(
    opened_by_itself: Callable[..., Scene], monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, make_safe, broken = opened_by_itself(), keepers.make_safe, [1, 2, 3]

    async def breaks(*what: Any) -> None:
        if broken:
            broken.pop()
            raise ZeroDivisionError
        await make_safe(*what)

    monkeypatch.setattr(keepers, "make_safe", breaks)
    assert scene.watch(100.0) is None
    assert scene.shed.roof.at == 0.0


def test_who_gives_a_roof_back_hears_of_a_fault_of_its_closing_and_waits_on_where_that_is_broken_off(
    closed: Callable[..., Scene], monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, make_safe, faults = closed().opened(), keepers.make_safe, [asyncio.CancelledError(), ZeroDivisionError()]

    async def breaks(*what: Any) -> None:
        if faults:
            raise faults.pop()
        await make_safe(*what)

    monkeypatch.setattr(keepers, "make_safe", breaks)
    with pytest.raises(ZeroDivisionError):
        scene.ask(scene.keeper.give_back)
    assert scene.ask(scene.keeper.give_back) is None
    assert (scene.shed.roof.at, faults) == (0.0, [])


@pytest.mark.usefixtures("own_garbage")
def test_what_ends_a_closing_is_never_said_to_have_been_overlooked(
    closed: Callable[..., Scene], monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, complaints = closed().opened(), list[Any]()
    scene.shed.loop.set_exception_handler(lambda _, what: complaints.append(what))

    async def breaks(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(keepers, "make_safe", breaks)
    scene.keeper.let_go = breaks
    scene.ask(withdrawn(scene))
    scene.watch(3.0)
    scene.keeper._closing = scene.keeper._shelter.stance.let_go = None
    gc.collect()
    assert complaints == []


def withdrawn(scene: "Scene") -> Callable[[], Awaitable[None]]:
    async def withdraw() -> None:
        scene.keeper.withdraw()

    return withdraw


def test_what_counts_as_unsafe_closes_the_roof_at_once_and_what_cannot_count_closes_it_too(
    closed: Callable[..., Scene], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    scene = closed().opened()

    async def distrusted() -> Roof:
        scene.keeper._monitor.distrust("a hand on the roof")
        return scene.keeper.meant

    assert scene.ask(distrusted) is Roof.UNKNOWN
    scene = closed().opened()
    monkeypatch.setattr(scene.keeper._monitor, "distrust", lambda _: 1 / 0)
    scene.renewed = False
    scene.watch(LEASE_S + 60.0)
    assert (scene.alarms(), scene.shed.roof.at) == ([UNASKED], 0.0)
    assert f"obsy: {UNASKED}; and it does not count as unsafe: ZeroDivisionError" in capsys.readouterr().err


def test_a_verdict_that_turns_while_the_roof_opens_closes_it_at_once(closed: Callable[..., Scene]) -> None:
    scene = closed()

    async def distrusted() -> Roof:
        opening = asyncio.ensure_future(scene.keeper.open())
        await scene.shed.clock.sleep(10.0)
        assert scene.keeper.meant is Roof.MOVING
        scene.keeper._monitor.distrust("a hand on the roof")
        found = scene.keeper.meant
        await asyncio.wait({opening})
        return found

    assert scene.ask(distrusted) is Roof.UNKNOWN


def test_an_opening_lets_go_before_the_roof_is_stopped_which_is_told_once(closed: Callable[..., Scene]) -> None:
    scene, told = closed(), []

    async def opens() -> None:
        try:
            await scene.shed.clock.sleep(1e6)
        finally:
            await scene.shed.clock.sleep(2.0)
            told.append("let go")

    async def withdrawn_twice() -> None:
        opening = asyncio.ensure_future(scene.keeper.open())
        await scene.shed.clock.sleep(10.0)
        for _ in range(2):
            scene.keeper.withdraw()
            await scene.shed.clock.sleep(100.0)
        await asyncio.wait({opening})
        assert isinstance(opening.exception(), DeviceError)

    scene.shed.roof.open = opens  # type: ignore[method-assign]
    scene.shed.roof.stop = noting(told, scene.shed.roof, "stop")  # type: ignore[method-assign]
    scene.ask(withdrawn_twice)
    assert told == ["let go", "LyingRoof.stop"]


def test_what_moves_lets_go_though_the_nights_say_that_they_have(closed: Callable[..., Scene]) -> None:
    scene = closed().opened()

    async def nothing() -> None:
        pass

    async def lets_go() -> bool:
        moving = asyncio.ensure_future(scene.keeper.leave.during(scene.shed.clock.sleep(1000.0)))
        await scene.shed.clock.sleep(1.0)
        scene.keeper.let_go = nothing
        scene.keeper.withdraw()
        await asyncio.wait({moving}, timeout=10.0)
        return isinstance(moving.done() and moving.exception(), DeviceError)

    assert scene.ask(lets_go) is True


@pytest.mark.parametrize(("is_open", "is_news"), [(False, False), (False, True), (True, False), (True, True)])
def test_a_fault_of_ours_counts_as_unsafe_and_is_made_safe_unless_the_roof_is_closed_and_it_is_no_news(
    closed: Callable[..., Scene], is_open: bool, is_news: bool
) -> None:
    scene = closed().opened() if is_open else closed()

    async def fails() -> bool:
        scene.keeper._fails("a fault of ours", is_news)
        return scene.keeper._is_closing()

    assert scene.ask(fails) is (is_open or is_news)
    assert scene.alarms() == ["a fault of ours"] * is_news
    assert scene.keeper.verdict == Verdict(False, "a fault of ours")


def test_what_another_hand_has_moved_is_made_safe_at_once(closed: Callable[..., Scene]) -> None:
    scene = closed()

    async def moved() -> bool:
        scene.keeper._moved("a hand on the roof")
        return scene.keeper._is_closing()

    assert scene.ask(moved) is True


@pytest.mark.usefixtures("own_garbage")
def test_who_asks_a_keeper_that_ended_before_it_could_look_is_told_so_and_nobody_else_complains(
    made: Callable[..., Scene], monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, complaints = made(), list[Any]()
    scene.shed.loop.set_exception_handler(lambda _, what: complaints.append(what))
    monkeypatch.setattr(scene.keeper, "withdraw", lambda: 1 / 0)

    async def ended() -> None:
        with pytest.raises(ZeroDivisionError):
            await scene.keeper.run()

    scene.ask(ended)
    found = scene.keeper._found
    assert found is not None and found.done()
    scene.keeper._found = found = None
    gc.collect()
    assert complaints == []


def test_a_roof_that_is_said_to_be_opening_while_nobody_opens_it_is_closed(closed: Callable[..., Scene]) -> None:
    scene = closed().opened()
    scene.shed.shelter.stance.meant = Roof.MOVING
    scene.watch(60.0)
    assert (scene.alarms(), scene.shed.roof.at) == ([], 0.0)


def test_where_the_first_look_breaks_by_a_fault_of_ours_the_roof_is_found_nowhere(
    made: Callable[..., Scene], monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = made()
    monkeypatch.setattr(scene.keeper._monitor, "look", lambda: 1 / 0)
    scene.watch(1.0)
    assert scene.ask(scene.keeper.found) is Roof.UNKNOWN


def test_a_keeper_may_be_asked_before_it_has_looked_and_says_all_that_it_knows_to_whoever_begins_to_hear(
    made: Callable[..., Scene],
) -> None:
    scene, heard = made(), list[Event]()
    scene.keeper.renew()
    scene.watch(60.0)
    scene.keeper.hear(heard.append)
    assert heard[-1].facts()["standing"] is not None


def test_whoever_begins_to_hear_is_told_what_is_overridden(made: Callable[..., Scene]) -> None:
    scene, heard = made(), list[Event]()
    times = {"since": "2026-11-21 18:00 UTC", "until": "2026-11-22 06:00 UTC"}
    said = {"kind": "override", "name": "windy", "owner": "Ana", "reason": "gusts", "limits": {"wind": "above 80 km/h"}}
    overrides = Overrides((Override.model_validate(said | times),))
    shelter = scene.shed.shelter
    scene.keeper = Keeper(shelter, WeatherMonitor(shelter.clock, shelter.policy, (RAIN,), {"rain": scene}, overrides))
    scene.watch(5.0)
    scene.keeper.hear(heard.append)
    assert heard[-1].facts()["override"] == "windy"


def test_rounds_are_made_from_the_first_look_on(made: Callable[..., Scene]) -> None:
    scene = made()
    scene.shed.roof.lies.tell("state", "silent", until=NIGHT + timedelta(seconds=10))

    async def current() -> list[bool]:
        scene.keeping, found = asyncio.ensure_future(scene.keeper.run()), []
        for after_s in (5.0, 50.0, 100.0):
            await scene.shed.clock.sleep(after_s)
            found.append(scene.keeper.rounds.are_current)
        return found

    assert scene.ask(current) == [True, True, True]


def test_a_keeper_that_has_ended_leaves_nothing_running(made: Callable[..., Scene]) -> None:
    scene = made(clearance="free")

    async def silent() -> Reading:
        await scene.shed.clock.sleep(1e6)
        raise DeviceError("no answer")

    async def left() -> set[str]:
        keeping = asyncio.ensure_future(scene.keeper.run())
        await scene.keeper.found()
        await scene.shed.clock.sleep(100.0)
        scene.read = silent  # type: ignore[method-assign]
        scene.shed.mounts[0].lies.tell("state", "silent")
        scene.shed.roof.lies.tell("state", "silent")
        await scene.shed.clock.sleep(25.0)  # a reading has begun, and is not given up yet
        keeping.cancel()
        await scene.shed.clock.sleep(1.0)
        return {str(each) for each in asyncio.all_tasks() - {asyncio.current_task()}}

    assert scene.ask(left) == set()


class Mute:
    """What cannot be printed or reckoned with."""

    def __repr__(self) -> str:
        raise ValueError("no words")


@pytest.mark.parametrize("answer", [{"parked": Mute()}, Mute(), MountState(True, False, Mute(), 0.0)])  # type: ignore[arg-type]
def test_an_answer_that_cannot_be_printed_ends_no_watch(opened_by_itself: Callable[..., Scene], answer: object) -> None:
    scene = opened_by_itself()
    keep = scene.shed.mounts[0].state

    async def state() -> Any:
        return answer if scene.shed.elapsed_s < DWELL_S + 60.0 else await keep()

    scene.shed.mounts[0].state = state  # type: ignore[method-assign]
    assert scene.watch(300.0) is None
    assert scene.shed.roof.at == 0.0


@pytest.mark.parametrize(("question", "what"), [("roof", "roof"), ("mount_state", "mount 'gem-0'")])
def test_what_cannot_be_watched_is_made_safe(
    closed: Callable[..., Scene], monkeypatch: pytest.MonkeyPatch, question: str, what: str
) -> None:
    scene, look = closed(), getattr(seeing, question)

    async def once_broken(shelter: Any) -> Roof:
        monkeypatch.setattr(seeing, question, look)
        raise ZeroDivisionError

    monkeypatch.setattr(seeing, question, once_broken)
    assert scene.watch(30.0) is None
    assert scene.alarms() == [f"the {what} cannot be watched: ZeroDivisionError()"]


@pytest.mark.parametrize("rain", [0.0, 2.0, None])
def test_by_the_choice_of_the_policy_it_closes_over_a_mount_only_while_the_weather_is_unsafe(
    opened_by_itself: Callable[..., Scene], rain: float | None
) -> None:
    choice = {"limits": {"rain": "above 0 mm/h"}, "dwell": "10 min", "if_not_parked": "close after 1 min"}
    scene = opened_by_itself(policy=Safety.model_validate(choice))
    scene.rain = rain
    scene.shed.mounts[0].home = False
    scene.shed.mounts[0].lies.tell("park", "refuses")
    assert scene.watch(300.0) is None
    assert (scene.shed.roof.at == 0.0) is (rain != 0.0)


def test_by_day_it_closes_over_a_mount_by_the_choice_of_the_policy_in_any_weather(made: Callable[..., Scene]) -> None:
    choice = {"limits": {"rain": "above 0 mm/h"}, "dwell": "10 min", "if_not_parked": "close after 1 min"}
    scene = found_open(made, start=NOON, policy=Safety.model_validate(choice))
    scene.shed.mounts[0].lies.tell("park", "refuses")
    assert scene.watch(300.0) is None
    assert scene.shed.roof.at == 0.0


def test_a_roof_that_opened_by_itself_is_told_to_close_also_when_its_switch_says_that_it_is_closed_again(
    opened_by_itself: Callable[..., Scene],
) -> None:
    scene = opened_by_itself()
    scene.watch(1.5)
    assert scene.shed.shelter.stance.exposed


def test_a_mount_that_leaves_its_park_under_a_closed_roof_is_stopped_and_told_of_once(
    closed: Callable[..., Scene],
) -> None:
    scene, stopped = closed(), []
    mount, begun = scene.shed.mounts[0], scene.shed.elapsed_s

    async def stop() -> None:
        stopped.append(scene.shed.elapsed_s - begun)

    mount.stop, mount.home = stop, False  # type: ignore[method-assign]
    assert scene.watch(170.0) is None
    (why,) = scene.alarms()
    assert why.startswith("under the closed roof the mount 'gem-0' is not parked")
    assert scene.turns[-1][1] == Verdict(False, why)
    assert stopped == [1.0]
    assert not mount.home
    assert scene.shed.roof.moved == []


def test_a_mount_that_goes_on_moving_under_a_closed_roof_is_stopped_again_and_again(
    closed: Callable[..., Scene],
) -> None:
    scene, stopped = closed(), []
    mount, begun = scene.shed.mounts[0], scene.shed.elapsed_s

    async def state() -> MountState:
        return MountState(False, False, min(60.0, scene.shed.elapsed_s - begun), 0.0)

    async def stop() -> None:
        stopped.append(scene.shed.elapsed_s - begun)

    mount.stop, mount.state = stop, state  # type: ignore[method-assign]
    assert scene.watch(10.5) is None
    assert stopped == [float(second) for second in range(1, 11)]
    assert len(scene.alarms()) == 1


def test_a_mount_that_comes_home_and_leaves_again_is_told_of_again(closed: Callable[..., Scene]) -> None:
    scene = closed()
    mount, keep, begun = scene.shed.mounts[0], scene.shed.mounts[0].state, scene.shed.elapsed_s

    async def state() -> MountState:
        mount.home = 10.0 < scene.shed.elapsed_s - begun < 20.0
        mount.moving = scene.shed.elapsed_s - begun >= 20.0
        return await keep()

    mount.state = state  # type: ignore[method-assign]
    assert scene.watch(40.0) is None
    assert len(scene.alarms()) == 2


@pytest.mark.parametrize("lie", ["silent", "refuses"])
def test_a_mount_that_is_silent_calls_nobody_and_delays_no_look_at_the_roof(
    closed: Callable[..., Scene], lie: str
) -> None:
    scene = closed()
    scene.shed.mounts[0].lies.tell("state", lie)
    assert scene.watch(60.0) is None
    assert scene.alarms() == []
    scene = closed(clearance="free")
    scene.shed.mounts[0].lies.tell("state", lie)
    scene.watch(5.0)
    scene.shed.roof.at = 1.0
    assert scene.watch(3.0) is None
    assert scene.alarms() == [OPENED]


@pytest.mark.parametrize("lie", ["silent", "refuses"])
def test_switches_that_are_silent_delay_no_other_look(closed: Callable[..., Scene], lie: str) -> None:
    scene = closed().opened()
    scene.shed.roof.lies.tell("state", lie, NIGHT, scene.shed.clock.now() + timedelta(seconds=60))
    scene.rain, begun = 2.0, scene.shed.elapsed_s
    scene.watch(35.0)
    told, verdict = scene.turns[-1]
    assert (verdict.safe, told - begun <= 31.0) == (False, True)
    scene.watch(120.0)
    assert scene.shed.roof.at == 0.0


@pytest.mark.parametrize("lie", ["silent", "deaf", "refuses"])
def test_switches_that_say_nothing_for_ten_seconds_are_a_violation_however_they_do_it(
    closed: Callable[..., Scene], lie: str
) -> None:
    scene = closed().opened()
    scene.shed.roof.lies.tell("state", lie)
    scene.watch(9.0)
    assert scene.alarms() == []
    scene.watch(3.0)
    assert scene.alarms() == ["the roof's switches have said nothing that can be understood for 10 s"]


def test_a_dome_that_clears_its_mounts_and_opens_by_itself_waits_for_none_that_is_silent(
    closed: Callable[..., Scene],
) -> None:
    scene = closed(clearance="free")
    scene.shed.mounts[0].lies.tell("state", "silent")
    scene.shed.mounts[0].lies.tell("stop", "silent")
    scene.shed.roof.at, begun = 1.0, scene.shed.clock.now()
    scene.watch(60.0)
    assert (scene.shed.roof.moved[-1][0] - begun).total_seconds() <= 2.0
    assert scene.shed.roof.at == 0.0


def test_under_a_roof_that_clears_it_a_mount_may_stand_anywhere(closed: Callable[..., Scene]) -> None:
    scene = closed(clearance="free")
    scene.shed.mounts[0].home = False
    assert scene.watch(60.0) is None
    assert scene.alarms() == []


def pointing_at(scene: Scene, where: Direction) -> Scene:
    """The same, with every mount pointing there, and none that parks."""

    async def state() -> MountState:
        return MountState(False, True, where.latitude, where.longitude)

    for mount in scene.shed.mounts:
        mount.state, mount.home = state, False  # type: ignore[method-assign]
    return scene


def by_day(made: Callable[..., Scene], where: Direction = SUN_AT_NOON, at: float = 1.0, **what: Any) -> Scene:
    scene = pointing_at(made(start=NOON, **what), where)
    scene.shed.roof.at = at
    return scene


def about_the_sun(scene: Scene) -> list[str]:
    return [why for why in scene.alarms() if "of the Sun" in why]


def test_by_day_a_mount_that_points_at_the_sun_under_a_roof_that_is_not_closed_is_told_of(
    made: Callable[..., Scene],
) -> None:
    for clearance in ("parked", "free"):
        scene = by_day(made, clearance=clearance)
        assert scene.watch(60.0) is None
        (why,) = about_the_sun(scene)
        assert why.startswith("the mount 'gem-0' points within")
        assert "of the Sun; the policy says farther than 30 deg" in why


def away(azimuth_deg: float) -> Direction:
    return Direction(azimuth_deg, SUN_AT_NOON.latitude)


def without_a_place(scene: Scene) -> Scene:
    scene.shed.shelter = replace(scene.shed.shelter, place=None)
    scene.__post_init__()
    return scene


@pytest.mark.parametrize(
    "scene",
    [
        lambda made: by_day(made, away(90.0)),
        lambda made: by_day(made, at=0.0),
        lambda made: pointing_at(made(start=NIGHT), SUN_AT_NOON),
        lambda made: without_a_place(by_day(made)),
    ],
    ids=["away", "closed", "night", "nowhere"],
)
def test_away_from_the_sun_or_under_a_closed_roof_or_by_night_nobody_is_called_for_the_sun(
    made: Callable[..., Scene], scene: Callable[..., Scene]
) -> None:
    kept_so = scene(made)
    assert kept_so.watch(60.0) is None
    assert about_the_sun(kept_so) == []


def test_where_nobody_knows_how_high_the_sun_stands_no_roof_stays_open(made: Callable[..., Scene]) -> None:
    scene = without_a_place(found_open(made))
    scene.watch(120.0)
    assert scene.shed.roof.at == 0.0


def test_when_the_sun_rises_over_an_open_roof_it_is_closed_and_people_are_called(closed: Callable[..., Scene]) -> None:
    morning = datetime(2026, 11, 22, 6, 20, tzinfo=UTC)  # the Sun passes -6 deg at 6:27
    scene = closed(start=morning - timedelta(minutes=5)).opened()
    scene.watch(450.0)
    (why,) = scene.alarms()
    assert why.startswith("the roof is open, and the Sun stands at")
    assert scene.shed.roof.at == 0.0


# Time, and other hands.


@pytest.mark.parametrize("by_s", [8 * 3600.0, -9 * 3600.0])
def test_a_clock_that_is_set_makes_no_night_of_the_day(made: Callable[..., Scene], by_s: float) -> None:
    scene = made(start=NOON)
    scene.watch(10.0)
    walls = scene.shed.clock.now
    scene.shed.clock.now = lambda: walls() + timedelta(seconds=by_s)  # type: ignore[method-assign]
    scene.watch(DWELL_S + 60.0)
    assert scene.keeper.verdict.safe, "the dwell is over"
    assert "the roof stays closed: the Sun stands at" in str(scene.ask(scene.keeper.open))
    assert scene.shed.roof.moved == []


def test_by_night_a_clock_that_is_set_to_day_closes_the_roof(closed: Callable[..., Scene]) -> None:
    scene = closed().opened()
    walls = scene.shed.clock.now
    scene.shed.clock.now = lambda: walls() + timedelta(hours=12)  # type: ignore[method-assign]
    scene.watch(100.0)
    assert scene.shed.roof.at == 0.0


def test_a_roof_that_another_hand_has_moved_stays_closed_until_it_has_been_day(closed: Callable[..., Scene]) -> None:
    evening = datetime(2026, 11, 22, 6, 10, tzinfo=UTC)  # the Sun passes -6 deg at 6:27
    scene = closed(start=evening).opened()
    scene.shed.roof.at = 0.0
    scene.watch(DWELL_S + 60.0)
    assert scene.keeper.verdict.safe
    said = str(scene.ask(scene.keeper.open))
    assert said.startswith("the roof stays closed: the roof is meant to be open, and its switches say 'closed'; ")
    scene.watch(600.0)
    assert scene.keeper._held == "", "the next night begins anew"


def test_whoever_takes_a_roof_over_believes_its_switch_no_more_than_the_one_before(made: Callable[..., Scene]) -> None:
    shed = made().shed
    shed.roof.at, shed.mounts[0].home = 1.0, False

    async def stuck() -> Roof:
        return Roof.CLOSED

    async def keep_for(seconds: float) -> None:
        shelter = replace(shed.shelter, stance=RoofStance())
        keeping = asyncio.ensure_future(Keeper(shelter, WeatherMonitor(shed.clock, SAFETY, (), {})).run())
        await shed.clock.sleep(seconds)
        keeping.cancel()

    async def one_after_the_other() -> None:
        await keep_for(20.0)  # it parks the mount, and is cut off
        await keep_for(200.0)

    shed.roof.state = stuck  # type: ignore[method-assign]
    shed.run(one_after_the_other())
    assert shed.mounts[0].parked
    assert shed.roof.at == 0.0
    assert shed.roof.struck == []


def test_a_person_releases_what_another_hand_has_closed_if_it_is_seen_closed_over_parked_mounts(
    closed: Callable[..., Scene],
) -> None:
    scene = closed().opened()
    scene.shed.roof.at = 0.0
    assert "only a roof that is proven closed" in str(scene.ask(scene.keeper.release)), "it is open, as far as is known"
    scene.watch(DWELL_S + 60.0)
    scene.shed.mounts[0].lies.tell("place", "elsewhere")
    assert "over parked mounts" in str(scene.ask(scene.keeper.release))
    scene.shed.mounts[0].lies.told.clear()
    scene.shed.roof.lies.tell("state", "refuses")
    assert "its switches say 'unknown'" in str(scene.ask(scene.keeper.release))
    scene.shed.roof.lies.told.clear()
    assert "'obsy guard --release' lets it open" in str(scene.ask(scene.keeper.open))
    assert scene.ask(scene.keeper.release) == "the roof is meant to be open, and its switches say 'closed'"
    assert scene.told()[-1] == "roof-released"
    assert scene.ask(scene.keeper.release) == "", "once"
    assert scene.told().count("roof-released") == 1, "what nothing holds is not said to be released"
    scene.watch(DWELL_S)
    assert scene.ask(scene.keeper.check_opening) is True


def test_a_park_that_hangs_calls_people_in_the_time_that_closing_takes_and_again(closed: Callable[..., Scene]) -> None:
    scene = closed().opened()
    scene.shed.mounts[0].home = False
    scene.shed.mounts[0].lies.tell("park", "silent")
    scene.rain, begun = 2.0, scene.shed.elapsed_s
    within_s = scene.shed.shelter.home_within_s
    assert within_s < 300.0
    scene.watch(31.0 + within_s)
    late = [why for why in scene.alarms() if "not been proven closed" in why]
    assert late == [f"the roof has not been proven closed within {within_s:.0f} s: it needs hands"]
    scene.watch(within_s + 2.0)
    assert len([why for why in scene.alarms() if "not been proven closed" in why]) == 2
    assert scene.shed.elapsed_s - begun < 700.0


def test_while_one_mount_is_silent_another_that_leaves_its_park_stops_the_roof_within_a_second(
    closed: Callable[..., Scene],
) -> None:
    scene = closed(count=2).opened()
    still, stray = scene.shed.mounts

    async def both() -> None:
        scene.keeper.withdraw()
        await scene.shed.clock.sleep(5.0)
        assert 0.0 < scene.shed.roof.at < 1.0
        still.lies.tell("state", "silent")
        stray.home = False
        await scene.shed.clock.sleep(3.0)
        assert scene.shed.roof.halted

    assert scene.ask(both) is None
    assert len(scene.shed.roof.struck) <= 2


def test_under_a_closed_roof_a_silent_mount_delays_no_look_at_another(closed: Callable[..., Scene]) -> None:
    scene = closed(count=2)
    scene.shed.mounts[0].lies.tell("state", "silent")
    scene.watch(3.0)
    scene.shed.mounts[1].home = False
    scene.watch(2.0)
    assert len(scene.alarms()) == 1


def test_a_roof_that_answers_before_it_has_arrived_is_stopped_when_a_mount_leaves_its_park(
    closed: Callable[..., Scene],
) -> None:
    scene = closed().opened()
    roof, travels = scene.shed.roof, scene.shed.roof._move
    moving: list[asyncio.Future[None]] = []

    async def close() -> None:
        if roof.at != 0.0 and not moving:
            moving.append(asyncio.ensure_future(travels(0.0, "close")))
        await asyncio.sleep(0)

    roof.close = close  # type: ignore[method-assign]

    async def closes() -> None:
        scene.keeper.withdraw()
        await scene.shed.clock.sleep(20.0)
        scene.shed.mounts[0].home = False
        await scene.shed.clock.sleep(3.0)

    assert scene.ask(closes) is None
    assert moving[0].exception() is not None, "told to stop"
    assert len(roof.struck) <= 2


def test_a_mount_that_tracks_past_its_limits_under_an_open_roof_is_stopped_and_one_that_does_not_stop_is_parked() -> (
    None
):
    scene, stops = Scene(Shed(policy=BRISK)).opened(), list[bool]()
    mount, obeys = scene.shed.mounts[0], True

    async def state() -> MountState:
        tracks = not (stops and obeys)
        return MountState(parked=False, tracking=tracks, altitude_deg=3.0, azimuth_deg=150.0)

    async def stop() -> None:
        stops.append(True)

    mount.state, mount.stop = state, stop  # type: ignore[method-assign]
    scene.watch(300.0)
    assert [why for why in scene.alarms() if "tracks at 3.0 deg, and reaches down to 15 deg: it is stopped" in why]
    assert (scene.shed.roof.at, len(stops)) == (1.0, 1)
    obeys = False
    scene.watch(300.0)
    assert "roof-closing" not in scene.told()[-3:], "no roof passes over it"
    assert any("it was told to stop" in why for why in scene.alarms())
    assert scene.keeper.verdict.safe is False
    scene.close()
