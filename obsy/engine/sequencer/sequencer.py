"""Runs a block by moving each device itself: slew, filter, focus, then frame after frame."""

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from pathlib import Path

from obsy.engine.devices.ports import Clock, Job, MountPort
from obsy.engine.events import Log
from obsy.engine.events.observing import ExposureStarted, Slewed
from obsy.engine.sequencer.devices import ImagingDevices
from obsy.engine.sequencer.focus import FocusKeeper
from obsy.schemas.train import Train


class Sequencer:
    """The Executor of INDI, Alpaca and simulated devices."""

    def __init__(self, clock: Clock, mount: MountPort, instrument: ImagingDevices, train: Train, log: Log) -> None:
        """Nothing has been focused yet."""
        self._clock = clock
        self._mount = mount
        self._instrument = instrument
        self._train = train
        self._log = log
        self._focus = FocusKeeper(clock, instrument, train, log)

    async def run(self, job: Job) -> AsyncGenerator[Path, None]:
        """Each finished file; ends when all are taken or the next would end too late."""
        await self._mount.slew(job.pointing)
        self._log(Slewed(object=job.object, ra_deg=job.pointing.ra_deg, dec_deg=job.pointing.dec_deg))
        await self._instrument.wheel.select(job.exposure.filter or "")
        await self._focus.refresh(job.exposure.filter or "", self._last_start(job))
        for _ in range(job.count):
            if self._clock.now() + self._each(job) > job.end:
                return
            self._log(ExposureStarted(object=job.object, filter=job.exposure.filter, exposure_s=job.exposure.seconds))
            yield await self._instrument.camera.expose(job.exposure)

    def _each(self, job: Job) -> timedelta:
        return timedelta(seconds=job.exposure.seconds + self._train.camera.download)

    def _last_start(self, job: Job) -> datetime:
        """When the first frame must begin if all are to be taken."""
        return job.end - job.count * self._each(job)
