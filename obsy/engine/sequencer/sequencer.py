"""Runs a block by moving each device itself: slew, filter, focus, centre, guide, then frame after frame, dithered."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from obsy.engine.devices.ports import Clock, Exposure, Job, LeasedMount, Pointing
from obsy.engine.events import Log
from obsy.engine.events.guiding import GuiderNotStopped
from obsy.engine.events.observing import ExposureStarted, Slewed
from obsy.engine.safety.asking import attempt
from obsy.engine.sequencer.camera_angle import CameraAngle
from obsy.engine.sequencer.centring import Aimed, TargetCentring
from obsy.engine.sequencer.devices import ImagingDevices
from obsy.engine.sequencer.dithering import Dithering, SideOfMeridian
from obsy.engine.sequencer.focus import FocusKeeper
from obsy.engine.sequencer.guiding import BlockGuiding
from obsy.engine.sequencer.meridian_crossing import MeridianCrossing
from obsy.engine.sequencer.setting_up import guided_s, usual_s
from obsy.engine.sequencer.unfollowed import UnfollowedPointing
from obsy.errors import DeviceError
from obsy.schemas.mount import Mount
from obsy.schemas.site import Location


class Sequencer:
    """The executor of one mount and the trains on it, for INDI, Alpaca and simulated devices.

    One block at a time: trains that share a mount expose in turn.
    """

    def __init__(
        self,
        clock: Clock,
        mount: LeasedMount,
        stands: tuple[Mount, Location],
        trains: Mapping[str, ImagingDevices],
        log: Log,
    ) -> None:
        """Stands: what is declared of the mount, and where it stands."""
        declared, side = stands[0], SideOfMeridian(*stands)
        self._clock, self._mount, self._declared, self._trains, self._log = clock, mount, declared, trains, log
        self._place, self._meridian = stands[1], MeridianCrossing(clock, mount, stands, log)
        self._centring = None if declared.centre is None else TargetCentring(clock, mount, declared.centre, log)
        self._dithering = {name: Dithering(clock, mount, side, each.train.scale, log) for name, each in trains.items()}
        self._angles = {
            name: CameraAngle(clock, each, log) for name, each in trains.items() if each.rotator is not None
        }
        self._focus = {
            name: FocusKeeper(clock, devices, log) for name, devices in trains.items() if devices.focuser is not None
        }

    @property
    def focused(self) -> Mapping[str, datetime]:
        """When each train's focus was last measured; those of which it was not are missing."""
        return {name: each.measured for name, each in self._focus.items() if each.measured is not None}

    async def run(self, job: Job) -> AsyncGenerator[Path, None]:
        """Each finished file; ends when all are taken or the next would end too late."""
        devices = self._trains[job.train]
        each, which = self._each(job), _which(job)
        guiding = None
        if devices.guider is not None and job.guiding != "none" and job.follows:
            required, takes = job.guiding == "required", timedelta(seconds=guided_s(devices.train))
            guiding = BlockGuiding(self._clock, devices.guider, self._log, which, required, job.end - each, takes)
        unfollowed = None if job.follows else self._unfollowed(job)
        try:
            aimed: Aimed | None = await self._prepare(job, each, which)
            for number in range(job.count):
                aimed = await self._before(job, number, aimed, guiding) if aimed else None
                if unfollowed is not None and not await unfollowed.ready(number, which):
                    return
                aimed = await self._on_its_side(job, number, aimed, guiding) if aimed else None
                if aimed is None or self._clock.now() + each > job.end:
                    return
                self._log(ExposureStarted(**which, filter=job.exposure.filter, exposure_s=job.exposure.seconds))
                yield await devices.camera.expose(self._exposure(job))
        finally:
            if guiding is not None:
                guiding.end()

    def _exposure(self, job: Job) -> Exposure:
        """The exposure, with where the rotator stands."""
        angle = self._angles.get(job.train)
        return job.exposure if angle is None else replace(job.exposure, rotation_deg=angle.stands_deg)

    def _each(self, job: Job) -> timedelta:
        """From one exposure to the next."""
        alone_s = job.exposure.seconds + self._trains[job.train].train.camera.download
        return timedelta(seconds=alone_s if job.anew else job.each_s or alone_s)

    def _unfollowed(self, job: Job) -> UnfollowedPointing:
        reads = timedelta(seconds=self._trains[job.train].train.camera.download)
        return UnfollowedPointing(self._clock, self._mount, (self._declared, self._place), job, reads, self._log)

    async def _prepare(self, job: Job, each: timedelta, which: Mapping[str, Any]) -> Aimed:
        """Point at the target, through its filter, in focus and in the middle; return where the mount was sent."""
        devices, aim = self._trains[job.train], self._aim(job)
        await self._rest_guiders(job, which)
        await devices.camera.stay_cool()
        if await self._meridian.slew(aim, which):
            self._note_flip()
        sent = self._clock.now()
        self._log(Slewed(**which, ra_deg=job.pointing.ra_deg, dec_deg=job.pointing.dec_deg))
        if devices.wheel is not None:
            await devices.wheel.select(job.exposure.filter or "")
        leaves = await self._meridian.leaves(aim) if job.follows else None
        sets_up = timedelta(seconds=usual_s(self._declared, devices.train))
        if leaves is not None and self._clock.now() + sets_up + each > leaves:
            if not await self._meridian.cross(aim, job.end - each, which):
                raise DeviceError(f"{job.object} crosses the meridian, and no time is left to change sides")
            self._note_flip()
            leaves, sent = None, self._clock.now()
        end = job.end if leaves is None else min(job.end, leaves)
        return await self._set_up(replace(job, end=end), Aimed(aim, sent), which)

    async def _set_up(self, job: Job, aimed: Aimed, which: Mapping[str, Any]) -> Aimed:
        """Have a target in focus and in the middle; return where the mount was sent."""
        devices, role, each = self._trains[job.train], job.exposure.filter or "", self._each(job)
        if job.train in self._focus:
            reserved = timedelta(seconds=usual_s(self._declared, devices.train))
            deadline = job.end - (job.count - job.for_focus) * each - reserved
            await self._focus[job.train].refresh(role, deadline, job.focus_s)
        if job.train in self._angles:
            await self._angles[job.train].reach(job, job.pointing, job.end - each, which)
        if self._centring is not None and job.follows:
            aimed = await self._centring.centre(devices, job.pointing, role, job.end - each, which)
        return aimed

    async def _before(self, job: Job, number: int, aimed: Aimed, guiding: BlockGuiding | None) -> Aimed | None:
        """Have it guided, with time for that before the mount's limit, and move a little where that is due."""
        found: Aimed | None = aimed
        if guiding is not None and (guiding.guides or not number):
            found = await self._on_its_side(job, number, aimed, guiding if number else None, guiding.takes)
            if found is None:
                return None
            await self._bound(guiding, job, found)
            if not number:
                await guiding.begin()
        if number and found and self._clock.now() + self._each(job) <= job.end and job.follows:
            await self._between(job, number, found, guiding)
        return found

    async def _bound(self, guiding: BlockGuiding, job: Job, aimed: Aimed) -> None:
        """Let nothing be waited for that would leave no time for a frame, in the block or before the mount's limit."""
        leaves, until = await self._meridian.leaves(aimed.pointing), job.end - self._each(job)
        guiding.until = until if leaves is None else min(until, leaves - timedelta(seconds=job.exposure.seconds))

    async def _on_its_side(
        self, job: Job, number: int, aimed: Aimed, guiding: BlockGuiding | None, before: timedelta = timedelta()
    ) -> Aimed | None:
        """Change sides if the next exposure would last beyond the mount's limit; return where the mount was sent.

        before: what may come before that exposure. None if no time is left to change sides: the block is over.
        """
        which = _which(job)
        now, each = self._clock.now(), self._each(job)
        leaves = await self._meridian.leaves(aimed.pointing) if job.follows and now + each <= job.end else None
        if leaves is None or now + before + timedelta(seconds=job.exposure.seconds) <= leaves:
            return aimed
        guided, aim, stood = guiding is not None and guiding.guides, self._aim(job), self._stands(job)
        await self._rest_guiders(job, which)
        if not await self._meridian.cross(aim, job.end - each, which):
            return None
        self._note_flip()
        left = replace(job, count=job.count - number, for_focus=min(job.for_focus, job.count - number - 1))
        found = await self._set_up(left, Aimed(aim, self._clock.now()), which)
        await self._meridian.check_turned(stood, self._stands(job, flipped=True), which)
        if guiding is not None and guided:
            await self._bound(guiding, job, found)
            await guiding.begin()
        return found

    def _stands(self, job: Job, *, flipped: bool = False) -> float | None:
        """How the camera stood when it was looked at last, degrees; None if nobody knows, or something turns it.

        A mount that may hang east before it is flipped need not turn its picture over.
        """
        if self._centring is None or job.train in self._angles or (self._meridian.may_hang_east and not flipped):
            return None
        return self._centring.up_deg.get(job.train)

    def _aim(self, job: Job) -> Pointing:
        """Where to send the mount for the target."""
        return self._centring.aim(job.pointing, job.train) if self._centring and job.follows else job.pointing

    def _note_flip(self) -> None:
        for each in self._focus.values():
            each.note_flip()
        if self._centring is not None:
            self._centring.note_flip()

    async def _rest_guiders(self, job: Job, which: Mapping[str, Any]) -> None:
        for name, other in self._trains.items():
            failed = await attempt(other.guider.stop()) if other.guider is not None else None
            if failed is not None and (name != job.train or job.guiding == "none"):  # else its start says so
                self._log(GuiderNotStopped(**{**which, "train": name}, reason=str(failed)))

    async def _between(self, job: Job, number: int, aimed: Aimed, guiding: BlockGuiding | None) -> None:
        """What comes before the next frame: see that it is guided, and move a little where that is due.

        A dither that leaves no time for the frame is left out.
        """
        if guiding is not None:
            await guiding.look()
        if job.dither is None or number % job.dither.every != 0:
            return
        train = self._trains[job.train].train
        by_guider = train.guider if guiding is not None and guiding.guides else None
        rests = timedelta(seconds=self._declared.settle if by_guider is None else by_guider.settle.lasting)
        if self._clock.now() + rests + self._each(job) <= job.end:
            await self._dithering[job.train].dither(job.dither, aimed, guiding, _which(job))


def _which(job: Job) -> dict[str, Any]:
    """Return what every event says of a block."""
    return {"train": job.train, "object": job.object, "block": job.exposure.asked.block}
