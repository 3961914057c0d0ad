"""Hardware that exists only in memory, one fake for each port: it does as it is told, remembers, and can be broken."""

from collections.abc import AsyncGenerator, Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from obsy.engine.devices.mount_reckoning import Reckoning
from obsy.engine.devices.ports import Clock, Job, MountState, Pier, Pointing, Reading, Roof
from obsy.engine.events import Event
from obsy.errors import DeviceError

Truth = Callable[[datetime], Mapping[str, float] | None]
"""What an input would measure at a moment; None while it is dead."""


@dataclass
class FakeMount:
    """Parks level to the north within `moves_s`."""

    clock: Clock
    moves_s: float = 30.0
    parked: bool = True
    asked_to_park: list[datetime] = field(default_factory=list)

    async def park(self) -> None:
        self.asked_to_park.append(self.clock.now())
        await self.clock.sleep(self.moves_s)
        self.parked = True

    async def unpark(self) -> None:
        self.parked = False

    async def slew(self, pointing: Pointing) -> None:
        await self.clock.sleep(self.moves_s)

    async def reckoning(self) -> Reckoning:
        return Reckoning(0.0, 0.0, 0.0)

    async def tell(self) -> None: ...

    async def side_for(self, pointing: Pointing) -> Pier:
        return Pier.UNKNOWN

    async def stop(self) -> None: ...

    async def state(self) -> MountState:
        return self.state_now()

    def state_now(self) -> MountState:
        return MountState(self.parked, not self.parked, 0.0 if self.parked else 60.0, 0.0)


@dataclass
class FakeEnclosure:
    """A roof that notes when it moved, and whether the mount was in its way."""

    clock: Clock
    mount: FakeMount
    travel_s: float = 45.0
    roof: Roof = Roof.CLOSED
    moved: list[tuple[datetime, Roof]] = field(default_factory=list)
    struck: bool = False

    async def open(self) -> None:
        await self._move(Roof.OPEN)

    async def close(self) -> None:
        await self._move(Roof.CLOSED)

    async def stop(self) -> None: ...

    async def state(self) -> Roof:
        return self.state_now()

    def state_now(self) -> Roof:
        return self.roof

    async def _move(self, to: Roof) -> None:
        self.struck |= not self.mount.parked
        self.roof = Roof.MOVING
        await self.clock.sleep(self.travel_s)
        self.struck |= not self.mount.parked
        self.roof = to
        self.moved.append((self.clock.now(), to))


@dataclass
class FakeWeatherInput:
    """Measures the truth when it is asked; a dead one refuses, or says nothing for `silence_s`."""

    clock: Clock
    truth: Truth
    silence_s: float = 0.0

    async def read(self) -> Reading:
        values = self.truth(now := self.clock.now())
        if values is None:
            await self.clock.sleep(self.silence_s)
            raise DeviceError("no answer")
        return Reading(values, now)


@dataclass
class FakeExecutor:
    """Takes the time that a block takes, and delivers nothing but names."""

    clock: Clock
    focused: Mapping[str, datetime] = field(default_factory=dict)

    async def run(self, job: Job) -> AsyncGenerator[Path, None]:
        for number in range(job.count):
            await self.clock.sleep(job.exposure.seconds)
            yield Path(f"{job.object}_{self.clock.now().timestamp():.0f}_{number}.fits")


@dataclass(frozen=True)
class Accepted:
    """The verdict of a kind judge."""

    accepted: bool = True
    reason: str = ""
    measures: Mapping[str, float] = field(default_factory=dict)


class FakeProcessing:
    """Accepts every frame at once."""

    def outcome(self, path: Path) -> Future[Any]:
        return done(Accepted())

    def build(self, wanted: object, night: date) -> Future[Any]:
        return done(None)

    def finish(self, night: date) -> Future[Any]:
        return done(())


@dataclass
class FakeJournal:
    """A list."""

    entries: list[dict[str, Any]] = field(default_factory=list)

    def write(self, when: datetime, event: Event) -> None:
        self.entries.append({"time": when, "event": event.name, **event.facts()})

    def note(self, when: datetime, event: Event) -> None:
        with suppress(Exception):
            self.write(when, event)


def done(result: object) -> Future[Any]:
    """Work that is finished."""
    future: Future[Any] = Future()
    future.set_result(result)
    return future


@dataclass
class SetClock:
    """A clock that passes, and is set, by hand; it only tells the time."""

    wall: datetime
    ticks: float = 0.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.ticks

    def pass_by(self, seconds: float) -> None:
        self.wall, self.ticks = self.wall + timedelta(seconds=seconds), self.ticks + seconds

    def set_by(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)

    async def sleep(self, seconds: float) -> None:
        self.pass_by(seconds)

    async def settle(self, work: Future[Any], due: datetime) -> Any:
        return work.result()
