"""Turns the camera as a plan asks: expose, see how it stands on the sky, turn the rotator by what it missed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import remainder
from typing import Any

from obsy.engine.devices.directions import off_turn_deg
from obsy.engine.devices.ports import Clock, Job, Pointing, RotatorPort, SolvedPointing
from obsy.engine.events import Log
from obsy.engine.events.observing import PointingUnknown
from obsy.engine.events.turning import AngleMeasured, CameraTurned, TurningFailed
from obsy.engine.sequencer.devices import ImagingDevices
from obsy.engine.sequencer.looking import LONGEST, look
from obsy.engine.sequencer.setting_up import HALF_TURN_DEG, SOLVED_S
from obsy.errors import DeviceError
from obsy.schemas.rotator import Rotator

MOVED_DEG = 0.2
"""A rotator that says to stand farther from where it stood has been turned since."""
TURN_DEG = 360.0
BACKWARDS = "it turns the other way than declared: write 'counts: {}' in its rotator"


def way_deg(here_deg: float, by_deg: float, declared: Rotator) -> float:
    """Return the place of a rotator's scale that is nearest to one so far on, or half a turn from there, in its range.

    A frame that is upside down frames the same field, and so a range of half a turn has every angle.
    """
    low, high = (0.0, TURN_DEG) if declared.range is None else (declared.range.above, declared.range.below)
    first = (here_deg + by_deg) % HALF_TURN_DEG
    places = [each for k in range(3) if low <= (each := first + k * HALF_TURN_DEG) <= high]
    return min(places, key=lambda each: abs(each - here_deg))


@dataclass(slots=True)
class _Known:
    """What solving has told of one rotator."""

    zero_deg: float
    """The camera's angle on the sky where the scale is 0, to half a turn."""
    confirmed_deg: float
    """Where it stood when that was seen last."""


class CameraAngle:
    """How one train's camera stands on the sky, and its rotator."""

    def __init__(self, clock: Clock, devices: ImagingDevices, log: Log) -> None:
        """Raise ValueError if the train has no rotator."""
        if devices.rotator is None or devices.train.rotator is None:
            raise ValueError(f"the train '{devices.train.name}' has no rotator")
        self._clock, self._devices, self._log = clock, devices, log
        self._rotator: RotatorPort = devices.rotator
        self._declared: Rotator = devices.train.rotator
        self._way = 1.0 if self._declared.counts == "east" else -1.0
        self._known: _Known | None = None
        self.stands_deg: float | None = None
        """Where the rotator said to stand when it was looked at last, by its own scale; None if it does not say."""

    async def reach(self, job: Job, pointing: Pointing, until: datetime, which: Mapping[str, Any]) -> None:
        """Have the camera stand as the job asks, or go on as declared.

        until: by when it must be over. Raise DeviceError if the camera fails, and where giving up is declared.
        """
        if job.angle_deg is None:
            return
        began, why = self._clock.now(), ""
        try:
            why = await self._reached(job, pointing, until, which)
        except _RotatorFault as fault:
            self._known, why = None, str(fault)
        spent = round((self._clock.now() - began).total_seconds(), 3)
        if not why:
            return
        goes_on = self._declared.turn.otherwise == "go on"
        self._log(TurningFailed(**which, reason=why, spent_s=spent, then="goes on" if goes_on else "gives up"))
        if not goes_on:
            raise DeviceError(f"the camera could not be turned for {which['object']}: {why}")

    async def _reached(self, job: Job, pointing: Pointing, until: datetime, which: Mapping[str, Any]) -> str:
        """Turn and look until it is close; return why it is not, empty if it is."""
        turn, wanted, seconds = self._declared.turn, job.angle_deg or 0.0, self._declared.turn.exposing
        if await self._is_known(wanted):
            return ""
        if self._known is not None:
            await self._turn(wanted - self._sky(await self._stands()))
        why, before = "there was no time", None
        for number in range(1, int(turn.at_most) + 1):
            if self._clock.now() + timedelta(seconds=seconds + self._reads_s) > until:
                break
            how = job.exposure.filter or "", seconds
            found = await look(self._clock, self._devices, pointing, how, "the turning of the camera")
            if not isinstance(found, SolvedPointing):
                why = found if isinstance(found, str) else "the solver tells no angle"
                self._log(PointingUnknown(**which, reason=why, exposure_s=seconds))
                seconds = min(2 * seconds, LONGEST * turn.exposing)
                continue
            off = await self._off(wanted, found, which)
            if abs(off) <= turn.within:
                where = round(self.stands_deg or 0.0, 2)
                self._log(CameraTurned(**which, off_deg=round(off, 2), rotator_deg=where, tries=number))
                return ""
            looks = f"{number} {'look' if number == 1 else 'looks'}"
            why = f"it is {abs(off):.1f} deg off after {looks}{self._learn_way(before, off)}"
            if number < int(turn.at_most):
                before = off
                await self._turn(off)
        return why

    async def _off(self, wanted_deg: float, found: SolvedPointing, which: Mapping[str, Any]) -> float:
        """Return how far the camera is to turn east, to half a turn, and keep what was seen."""
        here, off = await self._stands(), remainder(wanted_deg - found.up_deg, HALF_TURN_DEG)
        self._log(AngleMeasured(**which, angle_deg=round(found.up_deg, 2), off_deg=round(off, 2)))
        self._known = _Known(found.up_deg - self._way * here, here)
        return off

    def _learn_way(self, before_deg: float | None, off_deg: float) -> str:
        """Turn the other way from now on if the camera went so, and say so; a quarter of a turn looks alike both ways.

        before_deg: how far off it was, and so asked to turn; None before it was turned.
        """
        if before_deg is None or not 2 * self._declared.turn.within < abs(before_deg) < HALF_TURN_DEG / 4:
            return ""
        went = remainder(before_deg - off_deg, HALF_TURN_DEG)
        if abs(went + before_deg) >= abs(went) / 2:
            return ""
        said = BACKWARDS.format("west" if self._way > 0 else "east")
        self._way, self._known = -self._way, None
        return f"; {said}"

    async def _is_known(self, wanted_deg: float) -> bool:
        """Whether it stands where it was seen to be well, so that no look is needed."""
        here, known = await self._stands(), self._known
        if known is None or off_turn_deg(here, known.confirmed_deg) > MOVED_DEG:
            return False
        return off_turn_deg(self._sky(here), wanted_deg, HALF_TURN_DEG) <= self._declared.turn.within

    def _sky(self, place_deg: float) -> float:
        """How the camera stands on the sky, to half a turn, where the rotator stands at a place."""
        return (self._known.zero_deg if self._known is not None else 0.0) + self._way * place_deg

    async def _turn(self, by_deg: float) -> None:
        """Turn the camera by so much east, or to the same half a turn on."""
        here = await self._stands()
        try:
            await self._rotator.turn(way_deg(here, self._way * by_deg, self._declared))
        except DeviceError as fault:
            raise _RotatorFault(str(fault)) from fault

    async def _stands(self) -> float:
        self.stands_deg = None
        try:
            self.stands_deg = await self._rotator.position()
        except DeviceError as fault:
            raise _RotatorFault(str(fault)) from fault
        return self.stands_deg

    @property
    def _reads_s(self) -> float:
        return self._devices.train.camera.download + SOLVED_S


class _RotatorFault(DeviceError):
    """A rotator that fails costs the block only where that is declared."""
