"""What a night may ask of the keeper of its roof, and no more: everybody else's view of `Keeper`."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

from obsy.engine.devices.ports import Roof
from obsy.engine.events import Log
from obsy.engine.safety.asking import LETS_GO_S
from obsy.engine.safety.verdict import Verdict
from obsy.errors import DeviceError

LEASE_S = 30.0
"""A roof that nobody has asked for so long to stay open is closed."""
RENEWED_EVERY_S = 10.0
"""How often whoever wants it open asks again."""


@dataclass(frozen=True, slots=True)
class RoofStanding:
    """How a roof and the mounts under it are seen to stand."""

    roof: Roof
    parked: bool | None
    """Whether every mount is seen parked; None if one of them says nothing."""


class RoofKeeper(Protocol):
    """Whoever owns a roof: it opens, and stays open, only on a lease, and is closed whatever becomes of the night."""

    leave: "Leave"
    """To move the mounts."""

    @property
    def verdict(self) -> Verdict:
        """The newest verdict on the weather, and on all else that must not be."""
        ...

    async def run(self) -> None:
        """Keep the roof for ever; cancelled, leave it as it is."""
        ...

    async def found(self) -> Roof:
        """Return how it stands by the switches, once it has been looked at; open only if it may stay so for now."""
        ...

    def listen(self, tell: Callable[[Verdict], None]) -> None:
        """Tell of the verdict now, if there is one, and of each turn from now on."""
        ...

    def hear(self, say: Log) -> None:
        """Say what happens to the roof from now on, and what nobody has heard yet."""
        ...

    async def check_opening(self) -> bool:
        """Return whether the roof would have to move to be open. Raise DeviceError if it may not open now."""
        ...

    async def open(self) -> None:
        """Return when it is seen open, on a lease. Raise DeviceError if it may not open, or is not seen open."""
        ...

    def renew(self) -> None:
        """Let the lease last from now on, if it has not ended."""
        ...

    def withdraw(self) -> None:
        """End the lease: no mount moves from now on, and the roof is being made safe."""
        ...

    async def give_back(self) -> None:
        """End the lease, and return when the roof is seen closed. Raise DeviceError if a rehearsal ends before."""
        ...

    async def look(self) -> RoofStanding:
        """Return how it all stands now."""
        ...


class Leave:
    """Leave to move mounts while a lease holds; when it ends, what moves is stopped, whoever set it going."""

    def __init__(self, holds: Callable[[], bool]) -> None:
        """holds: whether the roof over them is meant to be open."""
        self.holds = holds
        self._moves: set[asyncio.Future[None]] = set()

    def check(self) -> None:
        """Raise DeviceError if no mount may be moved."""
        if not self.holds():
            raise DeviceError("the mount stays where it is: the roof is not meant to be open")

    async def during(self, move: Coroutine[Any, Any, None]) -> None:
        """Move. Raise DeviceError if there is no leave, or it ends before."""
        moving = asyncio.ensure_future(move)
        self._moves.add(moving)
        try:
            self.check()
            await moving
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling() > 0:
                raise
            raise DeviceError("the mount was stopped: the roof is not meant to be open any more") from None
        finally:
            moving.cancel()
            self._moves.discard(moving)

    def revoke(self) -> None:
        """Let nothing that moves send another command."""
        for each in self._moves:
            each.cancel()

    async def end(self) -> None:
        """Return when all that moved has let go, or will not."""
        self.revoke()
        if self._moves:
            await asyncio.wait(self._moves, timeout=LETS_GO_S)
