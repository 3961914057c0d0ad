"""Holds the telescope on its target while a block exposes: guide, settle, look between frames, begin again once."""

from collections.abc import Mapping
from datetime import datetime
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
from obsy.errors import DeviceError


class BlockGuiding:
    """One block's guiding. Where it fails the block goes on without, unless its plan says `guiding: required`."""

    def __init__(self, clock: Clock, guider: GuiderPort, log: Log, which: Mapping[str, Any], required: bool) -> None:
        self._clock, self._guider, self._log = clock, guider, log
        self._which, self._required = which, required
        self._may_begin_anew = True
        self.guides = False

    async def begin(self) -> None:
        """Guide and be calm. Raise DeviceError where that fails and is required."""
        began = self._clock.now()
        try:
            settled = await self._guider.start()
        except DeviceError as error:
            self._fail(str(error), began)
            return
        self.guides = True
        spent_s = self._since(began)
        self._log((GuidingStarted if settled else GuidingUnsettled)(**self._which, spent_s=spent_s))
        if self._required and not settled:
            calmer = "allow its 'settle' more, or see the guider's window"
            raise DeviceError(f"{self._which['object']} is to be guided, and does not settle as declared: {calmer}")

    async def look(self) -> None:
        """Look between two frames whether it guides, and begin anew once. Raise DeviceError if it must and cannot."""
        if not self.guides:
            return
        why = ""
        try:
            state = await self._guider.state()
        except DeviceError as error:
            state, why = Guiding.STOPPED, str(error)
        if state is Guiding.GUIDING:
            return
        self.guides = state is Guiding.REGAINED
        again, self._may_begin_anew = self._may_begin_anew, self._may_begin_anew and self.guides
        why = why or ("the guider stopped" if state is Guiding.STOPPED else "the guide star was lost")
        then = "found again" if self.guides else "begun anew" if again else "given up"
        self._log(GuidingInterrupted(**self._which, reason=why, then=then))
        if not self.guides and again:
            await self.begin()
        elif not self.guides:
            self._fail(why, self._clock.now())

    async def dither(self, by_px: float, scale_arcsec: float) -> None:
        """Move by so much at most."""
        try:
            settled = await self._guider.dither(by_px * scale_arcsec)
        except DeviceError as error:
            self._log(DitherFailed(**self._which, reason=str(error)))
            return
        self._log(Dithered(**self._which, by_px=by_px, with_="guider"))
        if not settled:
            self._log(GuidingUnsettled(**self._which, spent_s=0.0))

    def end(self) -> None:
        """Have it stop, and wait for nothing."""
        self._guider.halt()

    def _since(self, began: datetime) -> float:
        return round((self._clock.now() - began).total_seconds(), 3)

    def _fail(self, why: str, began: datetime) -> None:
        then = "gives up" if self._required else "goes on without"
        self._log(GuidingFailed(**self._which, reason=why, then=then, spent_s=self._since(began)))
        self._guider.halt()
        if self._required:
            raise DeviceError(f"{self._which['object']} is to be guided: {why}")
