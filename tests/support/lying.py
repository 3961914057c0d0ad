"""Devices that lie: each does as it is told until a moment, and from then on betrays whoever believes it."""

import asyncio
import builtins
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import ceil
from typing import Any

from obsy.engine.devices.mount_reckoning import Reckoning
from obsy.engine.devices.ports import Clock, MountState, Pier, Pointing, Roof
from obsy.errors import DeviceError

Deed = Callable[[], Awaitable[Any]]
ALWAYS = datetime.min
AGES_S = 1e6
"""Longer than any night."""


@dataclass
class Lies:
    """What a device does instead of what it is told, by the name of the call: one of LIES, from a moment on."""

    clock: Clock
    told: dict[str, tuple[str, datetime, datetime]] = field(default_factory=dict)

    def tell(self, call: str, lie: str, since: datetime | None = None, until: datetime | None = None) -> None:
        """Answer `call` with a lie between two moments."""
        begin = since.replace(tzinfo=None) if since else ALWAYS
        self.told[call] = (lie, begin, until.replace(tzinfo=None) if until else datetime.max)

    def of(self, call: str) -> str | None:
        """The lie that holds now."""
        if call not in self.told:
            return None
        lie, begin, end = self.told[call]
        return lie if begin <= self.clock.now().replace(tzinfo=None) < end else None

    async def through(self, call: str, deed: Deed) -> Any:
        """Do it, or what the lie says."""
        lie = self.of(call)
        if lie == "stutters":  # the first call fails, the next one does not
            del self.told[call]
            raise OSError("the line is noisy")
        return await (WAYS[lie](deed, self.clock) if lie in WAYS else deed())


async def _nothing(deed: Deed, clock: Clock) -> None:
    """It says that it is done."""


async def _silent(deed: Deed, clock: Clock) -> None:
    await clock.sleep(AGES_S)


async def _late(deed: Deed, clock: Clock) -> None:
    """It does it, and answers days later."""
    await deed()
    await clock.sleep(AGES_S)


async def _deaf(deed: Deed, clock: Clock) -> None:
    """It will not be told to stop, at first."""
    try:
        await clock.sleep(AGES_S)
    except asyncio.CancelledError:
        await clock.sleep(60.0)


async def _refuses(deed: Deed, clock: Clock) -> None:
    raise DeviceError("no")


async def _breaks(deed: Deed, clock: Clock) -> None:
    raise KeyError("a fault of the driver")


async def _cancels(deed: Deed, clock: Clock) -> None:
    raise asyncio.CancelledError


async def _exits(deed: Deed, clock: Clock) -> None:
    raise SystemExit(1)


async def _interrupts(deed: Deed, clock: Clock) -> None:
    raise KeyboardInterrupt


async def _ends(deed: Deed, clock: Clock) -> None:
    raise GeneratorExit


async def _unspeakable(deed: Deed, clock: Clock) -> None:
    class Mute(BaseException):
        def __repr__(self) -> str:
            raise ValueError("no words")

    raise Mute


WAYS = {
    "nothing": _nothing,
    "silent": _silent,
    "late": _late,
    "deaf": _deaf,
    "refuses": _refuses,
    "breaks": _breaks,
    "cancels": _cancels,
    "exits": _exits,
    "interrupts": _interrupts,
    "ends": _ends,
    "unspeakable": _unspeakable,
}
LIES = (*WAYS, "stutters")
"""What any call can do wrong."""


def _raises(kind: type[BaseException]) -> Callable[[Deed, Clock], Awaitable[None]]:
    async def raising(deed: Deed, clock: Clock) -> None:
        raise kind.__new__(kind)

    return raising


EXCEPTIONS = {
    f"raises {name}": _raises(kind)
    for name, kind in sorted(vars(builtins).items())
    if isinstance(kind, type) and issubclass(kind, BaseException) and not issubclass(kind, BaseExceptionGroup | Warning)
}
"""Every class of exception that Python has, as something that a call does."""
WAYS |= EXCEPTIONS
PLACES = ("elsewhere", "tracking", "nowhere", "garbage", "nan")
"""What a mount can say wrong of where it stands."""


@dataclass
class LyingMount:
    """A mount that is truly somewhere; `state` says what it says."""

    clock: Clock
    moves_s: float = 30.0
    home: bool = True
    moving: bool = False
    lies: Lies = field(init=False)

    def __post_init__(self) -> None:
        self.lies = Lies(self.clock)

    @property
    def parked(self) -> bool:
        """Whether it truly rests where it parks."""
        return self.home and not self.moving

    async def park(self) -> None:
        await self.lies.through("park", lambda: self._move(home=True))

    async def unpark(self) -> None:
        async def wake() -> None:
            self.home = False

        await self.lies.through("unpark", wake)

    async def slew(self, pointing: Pointing) -> None:
        await self.lies.through("slew", lambda: self._move(home=False))

    async def stop(self) -> None:
        async def stand() -> None:
            self.moving = False

        await self.lies.through("stop", stand)

    async def reckoning(self) -> Reckoning:
        return Reckoning(0.0, 0.0, 0.0)

    async def tell(self) -> None: ...

    async def side_for(self, pointing: Pointing) -> Pier:
        return Pier.UNKNOWN

    async def state(self) -> MountState:
        found: MountState = await self.lies.through("state", self._state)
        return found

    async def _state(self) -> MountState:
        altitude = 0.0 if self.parked else 60.0
        true = MountState(self.parked, not self.home, altitude, 0.0)
        match self.lies.of("place"):
            case "elsewhere":  # it claims to be parked, and stands where it stands
                return replace(true, parked=True, altitude_deg=60.0)
            case "tracking":
                return replace(true, parked=True, tracking=True, altitude_deg=0.0)
            case "nowhere":
                return replace(true, parked=True, altitude_deg=None, azimuth_deg=None)
            case "nan":
                return replace(true, parked=True, altitude_deg=float("nan"), azimuth_deg=float("nan"))
            case "garbage":
                return {"parked": True}  # type: ignore[return-value]
            case _:
                return true

    async def _move(self, *, home: bool) -> None:
        self.moving = True
        try:
            await self.clock.sleep(self.moves_s)
        finally:
            self.moving = False
        self.home = home


@dataclass
class LyingRoof:
    """A roof that is truly somewhere, from 0 (closed) to 1, and remembers every move over a mount in its way."""

    clock: Clock
    mounts: tuple[LyingMount, ...]
    travel_s: float = 45.0
    clears: bool = False
    at: float = 0.0
    moved: list[tuple[datetime, str, float]] = field(default_factory=list)
    """When, what it was told, and where it was then."""
    struck: list[datetime] = field(default_factory=list)
    halted: bool = False
    lies: Lies = field(init=False)

    def __post_init__(self) -> None:
        self.lies = Lies(self.clock)

    async def open(self) -> None:
        await self.lies.through("open", lambda: self._move(1.0, "open"))

    async def close(self) -> None:
        await self.lies.through("close", lambda: self._move(0.0, "close"))

    async def stop(self) -> None:
        async def stand() -> None:
            self.halted = True

        await self.lies.through("stop", stand)

    async def state(self) -> Roof:
        found: Roof = await self.lies.through("state", self._state)
        return found

    async def _state(self) -> Roof:
        return {0.0: Roof.CLOSED, 1.0: Roof.OPEN}.get(self.at, Roof.UNKNOWN)

    async def _move(self, to: float, told: str) -> None:
        if self.at == to:
            return
        self.moved.append((self.clock.now(), told, self.at))
        self._look()
        self.at, self.halted = (self.at + to) / 2, False
        for _ in range(ceil(self.travel_s)):
            await self.clock.sleep(min(1.0, self.travel_s))
            if self.halted:
                raise DeviceError("told to stop")
            self._look()
        self.at = to

    def _look(self) -> None:
        if not self.clears and not all(mount.parked for mount in self.mounts):
            self.struck.append(self.clock.now())
