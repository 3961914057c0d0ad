"""Points at what no mount follows: sends it ahead of what flies, frame by frame, or lets it stand under the sky."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from obsy.engine.devices.ports import Clock, Job, MountPort, MountState, Pointing
from obsy.engine.events import Event, Log
from obsy.engine.events.observing import AimedAhead, StandsStill, StandsUnsaid, TracksOn
from obsy.engine.safety.asking import ask
from obsy.engine.sequencer.setting_up import aims_s
from obsy.engine.sidereal import ARCSEC_PER_S
from obsy.engine.sky.body import coordinates
from obsy.engine.sky.grid import Grid
from obsy.errors import DeviceError
from obsy.schemas.mount import Mount
from obsy.schemas.site import Location

TRIES = 3
"""So often a mount is sent to one frame, each time further ahead, or to a place over the ground, each time nearer."""
MORE_S = 2.0
"""It is sent so much further ahead than it was late."""
CLOSE_S = 4.0
"""In so long the sky turns by an arcminute: a place over the ground is met to that."""
STOPS_WITHIN_S = 5.0


@dataclass(slots=True)
class UnfollowedPointing:
    """How one block's target is pointed at that the mount does not follow. Each slew is the guarded mount's to refuse.

    A place over the ground is found among the stars at the moment, and then the mount stands. What flies, and a star
    that is to be taken standing, is awaited where it will be in the middle of the next frame.
    """

    clock: Clock
    mount: MountPort
    stands: tuple[Mount, Location]
    """What is declared of the mount, and where it stands."""
    job: Job
    reads: timedelta
    """From the end of a frame until its file is there."""
    log: Log
    lead_s: float = field(default=0.0, init=False)
    """How far ahead it is sent: as long as it has needed last, and as it is declared to need at least."""
    told: tuple[bool | None, ...] = field(default=(), init=False)
    """What was told last of whether it tracks, once it was to stand."""

    def __post_init__(self) -> None:
        self.lead_s = aims_s(self.stands[0])

    async def ready(self, number: int, which: Mapping[str, Any]) -> bool:
        """Return once a block's frame may begin, counted from 0; False where none can end in time any more."""
        if self.job.anew:
            return await self._ahead(which)
        if number == 0:
            await self._meet()
            if self.job.stands:
                await self._stand(which)
        return True

    async def _ahead(self, which: Mapping[str, Any]) -> bool:
        """Send the mount to where the target will be, and wait there for it."""
        job, exposed = self.job, timedelta(seconds=self.job.exposure.seconds)
        for _ in range(TRIES):
            begin = self.clock.now() + timedelta(seconds=self.lead_s)
            if job.begin is not None:
                begin = max(begin, job.begin)
            if begin + exposed + self.reads > job.end:
                return False
            there, sent = self._at(begin + exposed / 2), self.clock.now()
            await self.mount.slew(there)
            if job.stands:
                await self._stand(which)
            late_s = (self.clock.now() - begin).total_seconds()
            if late_s <= 0.0:
                took_s = (self.clock.now() - sent).total_seconds()
                self.lead_s = max(aims_s(self.stands[0]), took_s + MORE_S)  # one slow way is not every way
                ra_deg, dec_deg = round(there.ra_deg, 6), round(there.dec_deg, 6)
                self.log(AimedAhead(**which, ra_deg=ra_deg, dec_deg=dec_deg, at=begin + exposed / 2))
                await self.clock.sleep(-late_s)
                return True
            self.lead_s += late_s + MORE_S
        raise DeviceError(f"{job.object} flies on while the mount slews: it came late {TRIES} times")

    async def _meet(self) -> None:
        """Have the mount come to a place over the ground just as that is among the stars to which it was sent."""
        takes_s = self.stands[0].settle
        for number in range(TRIES):
            began = self.clock.now()
            await self.mount.slew(self._at(began + timedelta(seconds=takes_s)))
            took_s = (self.clock.now() - began).total_seconds()
            if abs(took_s - takes_s) <= CLOSE_S:
                return
            takes_s = takes_s if number == 0 else took_s  # the first way is the longest

    async def _stand(self, which: Mapping[str, Any]) -> None:
        """Have the mount track no more; one that does all the same is told of, and its frames are taken.

        Raises DeviceError where nobody knows what it does.
        """
        declared, refusal = self.stands[0], None
        try:
            await ask(f"the mount '{declared.name}', told to stand,", self.mount.stop)
        except DeviceError as fault:  # such as one that cannot: what it does says its state
            refusal = fault
        until = self.clock.now() + timedelta(seconds=STOPS_WITHIN_S)
        while (state := await ask("the mount", self.mount.state)).tracking and self.clock.now() < until:
            await self.clock.sleep(1.0)
        if state.tracking is None and (refusal is not None or state.altitude_deg is None):
            raise refusal or DeviceError(f"the mount '{declared.name}' was told to stand, and says nothing")
        known, self.told = self.told, (state.tracking,)
        if known != self.told:
            self.log(self._said_of(state, which))

    def _said_of(self, state: MountState, which: Mapping[str, Any]) -> Event:
        """Return what is told of a mount that was told to stand."""
        if state.tracking:
            return TracksOn(**which, drift_arcsec=round(ARCSEC_PER_S * self.job.exposure.seconds, 1))
        stands = StandsStill if state.tracking is False else StandsUnsaid
        return stands(**which, altitude_deg=state.altitude_deg, azimuth_deg=state.azimuth_deg)

    def _at(self, when: datetime) -> Pointing:
        """Return where the target is among the stars at a moment."""
        if self.job.unfollowed is None:
            return self.job.pointing
        ra_deg, dec_deg = coordinates(self.job.unfollowed, Grid(when, 1.0, 1), self.stands[1])
        return Pointing(float(ra_deg[0]), float(dec_deg[0]))
