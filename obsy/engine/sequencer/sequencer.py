"""Runs a block by moving each device itself: slew, filter, focus, centre, then frame after frame."""

from collections.abc import AsyncGenerator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from obsy.engine.devices.ports import Clock, Job, MountPort
from obsy.engine.events import Log
from obsy.engine.events.observing import ExposureStarted, Slewed
from obsy.engine.sequencer.centring import TargetCentring, usual_s
from obsy.engine.sequencer.devices import ImagingDevices
from obsy.engine.sequencer.focus import FocusKeeper
from obsy.schemas.mount import Mount


class Sequencer:
    """The executor of one mount and the trains on it, for INDI, Alpaca and simulated devices.

    One block at a time: trains that share a mount expose in turn.
    """

    def __init__(
        self, clock: Clock, mount: MountPort, declared: Mount, trains: Mapping[str, ImagingDevices], log: Log
    ) -> None:
        self._clock, self._mount, self._trains, self._log = clock, mount, trains, log
        self._declared = declared
        self._centring = None if declared.centre is None else TargetCentring(clock, mount, declared.centre, log)
        self._focus = {
            name: FocusKeeper(clock, devices, log) for name, devices in trains.items() if devices.focuser is not None
        }

    @property
    def focused(self) -> Mapping[str, datetime]:
        """When each train's focus was last measured; those of which it was not are missing."""
        return {name: each.measured for name, each in self._focus.items() if each.measured is not None}

    async def run(self, job: Job) -> AsyncGenerator[Path, None]:
        """Each finished file; ends when all are taken or the next would end too late."""
        devices, role = self._trains[job.train], job.exposure.filter or ""
        await devices.camera.stay_cool()
        await self._mount.slew(job.pointing if self._centring is None else self._centring.aim(job.pointing))
        which: dict[str, Any] = {"train": job.train, "object": job.object, "block": job.exposure.asked.block}
        self._log(Slewed(**which, ra_deg=job.pointing.ra_deg, dec_deg=job.pointing.dec_deg))
        if devices.wheel is not None:
            await devices.wheel.select(role)
        each = timedelta(seconds=job.each_s or job.exposure.seconds + devices.train.camera.download)
        if job.train in self._focus:
            reserved = timedelta(seconds=usual_s(self._declared, devices.train))
            deadline = job.end - (job.count - job.for_focus) * each - reserved
            await self._focus[job.train].refresh(role, deadline, job.focus_s)
        if self._centring is not None:
            await self._centring.centre(devices, job.pointing, role, job.end - each, which)
        for _ in range(job.count):
            if self._clock.now() + each > job.end:
                return
            exposure = job.exposure
            self._log(ExposureStarted(**which, filter=exposure.filter, exposure_s=exposure.seconds))
            yield await devices.camera.expose(exposure)
