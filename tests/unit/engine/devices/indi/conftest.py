"""An INDI server made of tables: what is pressed is answered as a driver would, or not at all."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from obsy.engine.devices.indi.connection import Blob, Vector
from obsy.engine.devices.indi.device import IndiDevice
from obsy.engine.devices.indi.roll_off import IndiRollOff
from obsy.engine.devices.ports import Roof
from obsy.errors import DeviceError

START = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)


class TurnedClock:
    """A Clock that moves only when someone sleeps."""

    def __init__(self) -> None:
        self.time, self.set_s = START, 0.0

    def monotonic(self) -> float:
        return (self.time - START).total_seconds() - self.set_s

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)
        await asyncio.sleep(0)


class TableLine:
    """A Line whose answers are written down beforehand: (property, switch) → what arrives then."""

    def __init__(self, clock: TurnedClock) -> None:
        self.clock, self.there, self.lost = clock, True, 0
        self.newest: dict[str, Vector] = {}
        self.goods: dict[str, Vector] = {}
        self.busies: dict[str, Vector] = {}
        self.counted_alerts, self.counted_turns = Counter[str](), Counter[str]()
        self.answers: dict[tuple[str, str], Callable[[], None]] = {}
        self.pressed: list[tuple[str, str]] = []
        self.numbers: dict[str, Mapping[str, float]] = {}
        self.obeys = set[str]()
        """Properties whose numbers become what is put, at once."""
        self.files: list[Blob] = []
        """What the next exposures send when they are over."""
        self.heard: list[tuple[float, Blob]] = []
        """What is on its way, and when it comes."""
        self.listens = False

    async def ready(self, device: str) -> None:
        if not self.there:
            raise DeviceError(f"'{device}' is gone")

    async def known(self, device: str) -> None:
        await self.ready(device)

    def vector(self, device: str, name: str) -> Vector | None:
        return self.newest.get(name)

    def good(self, device: str, name: str) -> Vector | None:
        return self.goods.get(name)

    def busy(self, device: str, name: str) -> Vector | None:
        return self.busies.get(name)

    def alerts(self, device: str, name: str) -> int:
        return self.counted_alerts[name]

    def turns(self, device: str, name: str) -> int:
        return self.counted_turns[name]

    def losses(self, device: str) -> int:
        return self.lost

    def press(self, device: str, name: str, switch: str) -> None:
        self.pressed.append((name, switch))
        self.answers.get((name, switch), lambda: self.say(name, switch))()

    def put(self, device: str, name: str, numbers: Mapping[str, float]) -> None:
        self.numbers[name] = numbers
        if name in self.obeys:
            was = self.newest[name].values if name in self.newest else {}
            self.newest[name] = Vector("Ok", {**was, **numbers}, self.clock.now())
        if name == "CCD_EXPOSURE" and self.files:
            self.heard.append((self.clock.monotonic() + numbers["CCD_EXPOSURE_VALUE"], self.files.pop(0)))

    def listen(self, device: str) -> None:
        self.listens = True

    def take(self, device: str, name: str) -> Blob | None:
        come = [each for each in self.heard if each[0] <= self.clock.monotonic()]
        self.heard = [each for each in self.heard if each not in come]
        return come[-1][1] if come and self.listens else None

    def say(self, name: str, switch: str, state: str = "Ok") -> None:
        was, now = self.newest.get(name), Vector(state, {switch: True} if switch else {}, self.clock.now())
        self.newest[name] = now
        self.counted_alerts[name] += state == "Alert"
        self.counted_turns[name] += was is None or now.chosen() not in (None, was.chosen())
        if state == "Busy":
            self.busies[name] = self.newest[name]

    def measure(self, state: str, **values: float) -> None:
        vector = Vector(state, values, self.clock.now())
        self.newest["WEATHER_PARAMETERS"] = vector
        if state == "Ok":
            self.goods["WEATHER_PARAMETERS"] = vector


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
def line(clock: TurnedClock) -> TableLine:
    return TableLine(clock)


TRAVEL_S = 20.0
"""Of the roof below."""


class RollingLine:
    """Makes the line of a test answer as `indi_rolloff_dome` does: Busy first, Ok when it has arrived."""

    def __init__(self, line, clock, lasts_s=10.0):
        self.line, self.clock, self.lasts_s, self.busy = line, clock, lasts_s, ""
        self.look, line.vector = line.vector, self.vector
        for switch in ("PARK", "UNPARK"):
            line.answers["DOME_PARK", switch] = lambda switch=switch: self.begin(switch)

    def begin(self, switch):
        was = self.line.newest.get("DOME_PARK")
        if was is not None and was.state == "Ok" and was.chosen() == switch:
            self.line.say("DOME_PARK", switch)  # "already parked"
            return
        self.busy, self.until = switch, self.clock.time + timedelta(seconds=self.lasts_s)
        self.line.say("DOME_PARK", switch, "Busy")

    def vector(self, device, name):
        if self.busy and self.clock.time >= self.until:
            self.line.say("DOME_PARK", self.busy)
            self.busy = ""
        return self.look(device, name)


@pytest.fixture
def roof(clock, line):
    return IndiRollOff(IndiDevice(clock, line, "RollOff Simulator", timeout_s=60), TRAVEL_S)


@pytest.fixture
def switched(clock, line):
    return IndiRollOff(IndiDevice(clock, line, "RollOff Simulator", timeout_s=60), TRAVEL_S, reads_switches=True)


@pytest.fixture(params=["roof", "switched"], ids=["motion", "switches"])
def closed(request, line, clock):
    """A roof that was seen to close, by either proof."""
    roof = request.getfixturevalue(request.param)
    RollingLine(line, clock)
    line.say("DOME_PARK", "UNPARK")
    asyncio.run(roof.close())
    assert asyncio.run(roof.state()) is Roof.CLOSED
    return roof
