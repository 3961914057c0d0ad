"""Brings a target to the middle of the frame: expose, see where the telescope points, slew by what it missed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import atan2, cos, degrees, hypot, radians, sin
from typing import Any

from obsy.engine.devices.ports import Clock, MountPort, Pier, Pointing, SolvedPointing
from obsy.engine.events import Log
from obsy.engine.events.observing import Centred, CentringFailed, PointingMeasured, PointingUnknown
from obsy.engine.separation import separation_deg
from obsy.engine.sequencer.devices import ImagingDevices
from obsy.engine.sequencer.looking import LONGEST, look
from obsy.engine.sequencer.meridian_crossing import side_of
from obsy.engine.sequencer.setting_up import SOLVED_S
from obsy.errors import DeviceError
from obsy.schemas.centring import Centring

ARCSEC_PER_DEG = 3600.0
HOLDS_FOR = timedelta(minutes=30)
"""A target that was centred so lately, on this side of the pier, is found again by the same slew."""
THE_SAME_DEG = 0.5
"""So near, a mount misses by the same amount as before."""
UNSEEN = ", which was corrected and not looked at again"
CLOSEST_TO_POLE = 0.01
"""Cosine of a declination beyond which right ascension says too little to divide by."""


@dataclass(frozen=True, slots=True)
class Aimed:
    """A pointing and when the telescope came to it; what moves is followed from there."""

    pointing: Pointing
    since: datetime

    def at(self, when: datetime) -> Pointing:
        """Return the place at a time."""
        hours = (when - self.since).total_seconds() / 3600
        east, north = (rate * hours / ARCSEC_PER_DEG for rate in (self.pointing.ra_rate, self.pointing.dec_rate))
        return shifted(self.pointing, east, north)


def shifted(pointing: Pointing, east_deg: float, north_deg: float) -> Pointing:
    """Return a pointing so far away on the sky, over short ways."""
    dec_deg = max(-90.0, min(90.0, pointing.dec_deg + north_deg))
    ra_deg = pointing.ra_deg + east_deg / max(cos(radians((pointing.dec_deg + dec_deg) / 2)), CLOSEST_TO_POLE)
    return replace(pointing, ra_deg=ra_deg % 360.0, dec_deg=dec_deg)


def turned(place: Pointing, one: Pointing, other: Pointing) -> Pointing:
    """Return a place after the turn of the sky that takes one pointing to another by the shortest way.

    Near a pole a mount misses by a turn still, and by no fixed way east and north. Source: Rodrigues' formula.
    """
    v, a, b = (_vector(each) for each in (place, one, other))
    axis = (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])
    cosine, along = (sum(m * n for m, n in zip(*pair, strict=True)) for pair in ((a, b), (axis, v)))
    across = (axis[1] * v[2] - axis[2] * v[1], axis[2] * v[0] - axis[0] * v[2], axis[0] * v[1] - axis[1] * v[0])
    x, y, z = (cosine * v[n] + across[n] + axis[n] * along / (1 + cosine) for n in range(3))
    return replace(place, ra_deg=degrees(atan2(y, x)) % 360.0, dec_deg=degrees(atan2(z, hypot(x, y))))


def _vector(pointing: Pointing) -> tuple[float, float, float]:
    ra, dec = radians(pointing.ra_deg), radians(pointing.dec_deg)
    return cos(dec) * cos(ra), cos(dec) * sin(ra), sin(dec)


def _apart(one: Pointing, other: Pointing) -> float:
    return separation_deg((one.ra_deg, one.dec_deg), (other.ra_deg, other.dec_deg))


@dataclass(frozen=True, slots=True)
class _CentredTarget:
    """A target that was centred."""

    target: Pointing
    stood: Pointing
    """Where it was when the mount was sent."""
    sent: Pointing
    """Where the mount had to be sent, beside it."""
    when: datetime
    pier: Pier

    def holds(self, pointing: Pointing, pier: Pier, now: datetime) -> bool:
        """Return whether a slew to where it was found a moment ago needs no look: not if the mount may have flipped."""
        flipped = pier is Pier.UNKNOWN or pier is not self.pier
        return pointing == self.target and not flipped and now - self.when <= HOLDS_FOR


class TargetCentring:
    """What a mount declares of centring, carried out with the camera that takes the block.

    The mount is slewed by what it missed and never told where it points: it would believe that for all that follows,
    its park position included, over which the roof closes.
    """

    def __init__(self, clock: Clock, mount: MountPort, declared: Centring, log: Log) -> None:
        self._clock, self._mount, self._declared, self._log = clock, mount, declared, log
        self._found: dict[str, _CentredTarget] = {}
        """Of the last target that was centred, by train: the middle of another one's frame is another place."""
        self.up_deg: dict[str, float] = {}
        """How each train's camera stood when it was looked at last, east of north; without those that nobody knows."""

    def note_flip(self) -> None:
        """Look again at whatever was centred before the mount changed sides, also where it does not say that it did."""
        self._found.clear()
        self.up_deg.clear()

    def aim(self, pointing: Pointing, train: str) -> Pointing:
        """Return where to send the mount, so that it comes to a target: beside it, if it has just been there."""
        found = self._found.get(train)
        if found is None or _apart(found.target, pointing) > THE_SAME_DEG:
            return pointing
        return turned(pointing, found.stood, found.sent)

    async def centre(
        self, devices: ImagingDevices, pointing: Pointing, role: str, until: datetime, which: Mapping[str, Any]
    ) -> Aimed:
        """Have the target in the middle, or go on as declared; return where the mount was sent.

        until: by when it must be over. which: what every event says of the block. Raise DeviceError if the camera or
        the mount fails, and for a target that is not close where giving up is declared.
        """
        began, pier = self._clock.now(), await side_of(self._mount)
        train = devices.train.name
        told, wanted = Aimed(self.aim(pointing, train), began), Aimed(pointing, began)
        if train in self._found and self._found[train].holds(pointing, pier, began):
            return told
        seconds, why = self._declared.exposing, "there was no time"
        for number in range(1, int(self._declared.at_most) + 1):
            if self._clock.now() + timedelta(seconds=seconds + devices.train.camera.download + SOLVED_S) > until:
                break
            middle = self._clock.now() + timedelta(seconds=seconds / 2)
            found = await look(self._clock, devices, wanted.at(middle), (role, seconds), "the centring")
            if isinstance(found, str):
                self._log(PointingUnknown(**which, reason=found, exposure_s=seconds))
                why = f"the pointing is not known: {found}"
                seconds = min(2 * seconds, LONGEST * self._declared.exposing)
                continue
            if isinstance(found, SolvedPointing):
                self.up_deg[train] = found.up_deg
            there = wanted.at(middle)
            off, place = round(_apart(found, there) * ARCSEC_PER_DEG, 1), (found.ra_deg, found.dec_deg)
            self._log(PointingMeasured(**which, ra_deg=round(place[0], 6), dec_deg=round(place[1], 6), off_arcsec=off))
            if off <= self._declared.within:
                now, stood = self._clock.now(), wanted.at(told.since)
                self._found[train] = _CentredTarget(pointing, stood, told.pointing, now, await side_of(self._mount))
                spent = round((self._clock.now() - began).total_seconds(), 3)
                self._log(Centred(**which, off_arcsec=off, tries=number, spent_s=spent))
                return told
            why = f"it is {off:.0f} arcsec off after {number} {'try' if number == 1 else 'tries'}"
            if number < int(self._declared.at_most) or self._declared.otherwise == "go on":
                told = await self._correct(told, found, there)
                why += UNSEEN
        self._found.pop(train, None)
        self._fail(why, round((self._clock.now() - began).total_seconds(), 3), which)
        return told

    async def _correct(self, told: Aimed, found: Pointing, there: Pointing) -> Aimed:
        pointing = turned(told.at(self._clock.now()), found, there)
        await self._mount.slew(pointing)
        return Aimed(pointing, self._clock.now())

    def _fail(self, why: str, spent_s: float, which: Mapping[str, Any]) -> None:
        goes_on = self._declared.otherwise == "go on"
        self._log(CentringFailed(**which, reason=why, spent_s=spent_s, then="goes on" if goes_on else "gives up"))
        if not goes_on:
            raise DeviceError(f"{which['object']} could not be centred: {why}")
