"""Holds the telescope on its target while a block exposes: guide, settle, look between frames, begin again once."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from obsy.engine.devices.ports import Clock, GuiderPort, Guiding
from obsy.engine.events import Log
from obsy.engine.events.guiding import (
    Dithered,
    DitherFailed,
    GuidingFailed,
    GuidingInterrupted,
    GuidingStarted,
    GuidingUnsettled,
)
from obsy.engine.safety.asking import ask
from obsy.errors import DeviceError


@dataclass(slots=True)
class BlockGuiding:
    """One block's guiding. Where it fails the block goes on without, unless its plan says `guiding: required`."""

    clock: Clock
    guider: GuiderPort
    log: Log
    which: Mapping[str, Any]
    required: bool
    until: datetime
    """When the last frame of the block must begin: nothing is waited for any longer."""
    takes: timedelta
    """How long it is until it has settled, if all is well."""
    guides: bool = field(default=False, init=False)
    may_begin_anew: bool = field(default=True, init=False)

    async def begin(self) -> None:
        """Guide and be calm. Raise DeviceError where that fails and is required."""
        began = self.clock.now()
        try:
            if not self._has_time():
                raise DeviceError("there was no time")
            settled = await self._in_time(self.guider.start)
        except DeviceError as error:
            self._fail(str(error), began)
            return
        self.guides = True
        spent_s = self._since(began)
        self.log((GuidingStarted if settled else GuidingUnsettled)(**self.which, spent_s=spent_s))
        if self.required and not settled:
            calmer = "allow its 'settle' more, or see the guider's window"
            raise DeviceError(f"{self.which['object']} is to be guided, and does not settle as declared: {calmer}")

    async def look(self) -> None:
        """Look between two frames whether it guides, and begin anew once. Raise DeviceError if it must and cannot."""
        if not self.guides:
            return
        why = ""
        try:
            state = await self.guider.state()
        except DeviceError as error:
            state, why = Guiding.STOPPED, str(error)
        if state is Guiding.GUIDING:
            return
        self.guides = state is Guiding.REGAINED
        again, self.may_begin_anew = self.may_begin_anew, self.may_begin_anew and self.guides
        again = again and self._has_time()
        why = why or ("the guider stopped" if state is Guiding.STOPPED else "the guide star was lost")
        then = "found again" if self.guides else "begun anew" if again else "given up"
        self.log(GuidingInterrupted(**self.which, reason=why, then=then))
        if not self.guides and again:
            await self.begin()
        elif not self.guides:
            self._fail(why, self.clock.now())

    async def dither(self, by_px: float, scale_arcsec: float) -> None:
        """Move by so much at most; what must be guided and is not calm then is begun anew, and ends if it is not."""
        began = self.clock.now()
        try:
            settled = await self._in_time(lambda: self.guider.dither(by_px * scale_arcsec))
        except DeviceError as error:
            settled = False
            self.log(DitherFailed(**self.which, reason=str(error)))
        else:
            self.log(Dithered(**self.which, by_px=by_px, with_="guider"))
            if not settled:
                self.log(GuidingUnsettled(**self.which, spent_s=self._since(began)))
        if self.required and not settled:
            await self.begin()

    def end(self) -> None:
        """Have it stop, and wait for nothing."""
        self.guider.halt()

    def _has_time(self) -> bool:
        return self.clock.now() + self.takes <= self.until

    async def _in_time(self, call: Callable[[], Awaitable[bool]]) -> bool:
        left_s = round((self.until - self.clock.now()).total_seconds(), 1)
        if left_s <= 0.0:
            raise DeviceError("there was no time")
        return await ask("there was no time: the guider", call, left_s)

    def _since(self, began: datetime) -> float:
        return round((self.clock.now() - began).total_seconds(), 3)

    def _fail(self, why: str, began: datetime) -> None:
        then = "gives up" if self.required else "goes on without"
        self.log(GuidingFailed(**self.which, reason=why, then=then, spent_s=self._since(began)))
        self.guider.halt()
        if self.required:
            raise DeviceError(f"{self.which['object']} is to be guided: {why}")
