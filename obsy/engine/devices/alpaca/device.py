"""One device on an Alpaca server, and how patient one must be with it."""

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from obsy.engine.devices.alpaca.answer import NOT_CONNECTED, NOT_IMPLEMENTED, AlpacaRefusal, value_of
from obsy.engine.devices.alpaca.line import ANSWERS_WITHIN_S, AlpacaLine, AlpacaSilence
from obsy.engine.devices.ports import Clock
from obsy.errors import DeviceError, DeviceTimeout

GLANCE_S = 0.5
CONNECTS_WITHIN_S = 30.0
"""Drivers of cameras that wake up take so long."""
MOST = 1e12
"""No device measures, counts or stands at more, in any unit."""
SHOWN = 40
"""So much of what is no number is shown."""
GONE_S = 10.0
"""A network may drop a packet: who has been silent for so long while something was waited for has gone."""


@dataclass(frozen=True, slots=True)
class AlpacaDevice:
    """A device by its address, such as `camera/0`.

    timeout_s: a move that takes longer has failed. glance_s: between two looks.
    """

    clock: Clock
    line: AlpacaLine
    name: str
    timeout_s: float
    glance_s: float = GLANCE_S

    async def ready(self, within_s: float = CONNECTS_WITHIN_S) -> None:
        """Return when its driver is connected, connecting one that is not. Raise DeviceError if it cannot be."""
        if await self.flag("connected"):
            return
        await self.tell("connected", within_s, Connected=True)
        if not await self.flag("connected"):
            raise AlpacaRefusal(self.name, "connected", NOT_CONNECTED, "")

    async def ask(self, member: str, **said: object) -> Any:
        """Return what it says. Raise AlpacaRefusal if it refuses, DeviceError if it does not answer."""
        page = await self.line.get(self._path(member), _written(said))
        return value_of(page.content, self.name, member, page.number)

    async def has(self, member: str) -> Any | None:
        """Return what it says, None if it has no such ability."""
        try:
            return await self.ask(member)
        except AlpacaRefusal as refusal:
            if refusal.number != NOT_IMPLEMENTED:
                raise
            return None

    async def flag(self, member: str) -> bool:
        """Return what it says of a yes or no; what is neither raises DeviceError: nothing is taken for granted."""
        said = await self.ask(member)
        if not isinstance(said, bool):
            raise DeviceError(f"'{self.name}' answers '{member}' by {said!r}, which is neither true nor false")
        return said

    async def number(self, member: str, **said: object) -> float:
        """Return a number. Raise DeviceError if it says none."""
        told = await self.ask(member, **said)
        number = told if isinstance(told, int | float) and not isinstance(told, bool) else math.nan
        if not -MOST <= number <= MOST:  # nor is NaN
            raise DeviceError(f"'{self.name}' answers '{member}' by {str(told)[:SHOWN]}, which is no number")
        return float(number)

    async def whole(self, member: str) -> int:
        """Return a whole number, such as the place of a word in a list. Raise DeviceError if it says none."""
        told = await self.number(member)
        if not told.is_integer():
            raise DeviceError(f"'{self.name}' answers '{member}' by {told:g}, which is no whole number")
        return int(told)

    async def number_if_said(self, member: str, **said: object) -> float | None:
        """Return a number, None if it says none now. Raise DeviceError if it does not answer."""
        try:
            return await self.number(member, **said)
        except AlpacaSilence:
            raise
        except DeviceError:
            return None

    async def tell(self, member: str, within_s: float = ANSWERS_WITHIN_S, /, **said: object) -> None:
        """Have it do something, and return when it has taken it. Raise as `ask` does."""
        page = await self.line.put(self._path(member), _written(said), within_s)
        value_of(page.content, self.name, member, page.number)

    async def until(
        self,
        seen: Callable[[], Awaitable[bool]],
        what: str,
        within_s: float | None = None,
        alone_s: Callable[[], float] = lambda: 0.0,
    ) -> None:
        """Return once it is seen. Raise DeviceTimeout if that takes too long, DeviceError if the device has gone.

        alone_s: how long it may be left alone after a look, if that is longer than between two looks; one that is
        silent is looked at often, so that it is known as soon as ever whether it has gone.
        """
        limit_s = self.timeout_s if within_s is None else within_s
        begun_s = heard_s = self.clock.monotonic()
        while True:
            rest_s = self.glance_s
            try:
                if await seen():
                    return
                heard_s, rest_s = self.clock.monotonic(), max(rest_s, alone_s())
            except AlpacaSilence as silence:
                if self.clock.monotonic() - heard_s >= GONE_S:
                    raise DeviceError(f"'{self.name}' has gone: {what} was not seen: {silence}") from silence
            if self.clock.monotonic() - begun_s >= limit_s:
                raise DeviceTimeout(f"{what} was not seen within {limit_s:g} s")
            await self.clock.sleep(rest_s)

    def _path(self, member: str) -> str:
        return f"/api/v1/{self.name}/{member}"


def _written(said: dict[str, object]) -> dict[str, str]:
    """Values as Alpaca has them: True, False, and numbers with a point."""
    return {name: str(value) for name, value in said.items()}
