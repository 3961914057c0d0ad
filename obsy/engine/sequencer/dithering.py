"""Moves the pointing a little between frames, by the guider if it guides, else by the mount."""

from collections.abc import Mapping
from datetime import datetime
from math import cos, pi, sin, sqrt
from typing import Any

from obsy.engine.devices.directions import altitude_azimuth, of_date
from obsy.engine.devices.ports import Clock, DitherPace, MountPort, Pointing
from obsy.engine.events import Log
from obsy.engine.events.guiding import Dithered, DitherFailed
from obsy.engine.sequencer.centring import ARCSEC_PER_DEG, Aimed, shifted
from obsy.engine.sequencer.guiding import BlockGuiding
from obsy.schemas.mount import Mount
from obsy.schemas.site import Location

GOLDEN_TURN = pi * (3.0 - sqrt(5.0))
PLACES, STRIDE = 50, 9
"""So many places there are before the first one comes again, and the step from one to the next."""
HALF_TURN_DEG = 180.0
TURNS = "the target has passed the meridian since the slew, and the mount would change sides for it"


def place(number: int) -> tuple[float, float]:
    """Return the place of a dither within a circle of radius 1, x and y; they fill it evenly.

    Source: Vogel 1979, "A better way to construct the sunflower head", Mathematical Biosciences 44, 179; its seeds are
    taken in an order that mixes inner and outer ones.
    """
    seed = number * STRIDE % PLACES
    radius = sqrt((seed + 0.5) / PLACES)
    return radius * cos(seed * GOLDEN_TURN), radius * sin(seed * GOLDEN_TURN)


class SideOfMeridian:
    """Which side of the meridian a place is on, for a mount that changes sides there."""

    def __init__(self, mount: Mount, site: Location) -> None:
        self._turns, self._site = mount.type == "german-equatorial", site

    def changed(self, aimed: Aimed, there: Pointing, now: datetime) -> bool:
        """Return whether a slew there would take the mount to the other side than the one it was aimed on."""
        return self._turns and self._is_east(aimed.pointing, aimed.since) is not self._is_east(there, now)

    def _is_east(self, pointing: Pointing, when: datetime) -> bool:
        _, azimuth = altitude_azimuth(*of_date(pointing.ra_deg, pointing.dec_deg, when), self._site, when)
        return azimuth < HALF_TURN_DEG


class Dithering:
    """The dithers of one train, block after block."""

    def __init__(self, clock: Clock, mount: MountPort, side: SideOfMeridian, scale_arcsec: float, log: Log) -> None:
        self._clock, self._mount, self._side, self._scale_arcsec, self._log = clock, mount, side, scale_arcsec, log
        self._number = 0

    async def dither(
        self, asked: DitherPace, aimed: Aimed, guiding: BlockGuiding | None, which: Mapping[str, Any]
    ) -> None:
        """Move, and settle; aimed: where the mount was sent in this block. Raise DeviceError if the mount fails."""
        if guiding is not None and guiding.guides:
            await guiding.dither(asked.by_px, self._scale_arcsec)
            return
        self._number += 1
        size_deg = asked.by_px * self._scale_arcsec / ARCSEC_PER_DEG
        east, north = (size_deg * each for each in place(self._number))
        now = self._clock.now()
        there = shifted(aimed.at(now), east, north)
        if self._side.changed(aimed, there, now):
            self._log(DitherFailed(**which, reason=TURNS))
            return
        await self._mount.slew(there)
        self._log(Dithered(**which, by_px=asked.by_px, with_="mount"))
