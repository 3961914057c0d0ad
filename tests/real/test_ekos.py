"""EKOS itself takes two frames of a real sky, is interrupted, loses KStars, and leaves nothing behind.

One house serves every test, since it takes half a minute: `played` is what was seen in it.
"""

import asyncio
import os
import signal
import sys
import time
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from astropy.io import fits
from astropy.stats import sigma_clipped_stats
from astropy.time import Time
from photutils.detection import DAOStarFinder

from obsy.engine.devices.clock import WallClock
from obsy.engine.devices.ekos.executor import EkosExecutor, Workplace
from obsy.engine.devices.ekos.house import House, open_house
from obsy.engine.devices.ekos.installed import kstars_version, templates_for
from obsy.engine.devices.ekos.rig import Site, simulated_rig
from obsy.engine.devices.ekos.schedule import Manner
from obsy.engine.devices.ekos.scheduler import State
from obsy.engine.devices.ports import Exposure, Job, MountState, Pointing, Reading
from obsy.engine.frames.complete import is_complete
from obsy.errors import DeviceError

pytestmark = [pytest.mark.real, pytest.mark.slow]

LATITUDE_DEG = 45.0
NAME = "m31 & <friends>"


@dataclass
class Played:
    """What was seen, in the order in which it happened."""

    target: Pointing
    files: list[Path] = field(default_factory=list)
    heads: list[fits.Header] = field(default_factory=list)
    stars: int = 0
    first_frame_s: float = 0.0
    weather: Reading | None = None
    after_cancel: State | None = None
    parked: MountState | None = None
    without_kstars: str = ""
    left: list[str] = field(default_factory=list)


def midnight(now: datetime) -> tuple[Site, Pointing]:
    """A site where it is local midnight now, and a target 5 degrees east of its zenith: no clock need be turned."""
    longitude = (-15.0 * (now.hour + now.minute / 60.0) + 180.0) % 360.0 - 180.0
    zenith = Time(now).sidereal_time("mean", longitude).deg
    return Site(LATITUDE_DEG, longitude, 100.0), Pointing((zenith + 7.0) % 360.0, LATITUDE_DEG)


def job(target: Pointing, seconds: float, count: int) -> Job:
    exposure = Exposure("light", seconds, "R", gain=100, offset=10, binning=1, object=NAME)
    return Job(NAME, target, exposure, count, end=datetime.now(UTC) + timedelta(minutes=3))


def running(folder: Path) -> list[str]:
    """The programs whose surroundings name a folder; those that have ended and wait to be buried have none."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if process.name != str(os.getpid()) and str(folder).encode() in (process / "environ").read_bytes():
                found.append((process / "comm").read_text().strip())
    return found


def count_stars(path: Path) -> int:
    counts = fits.getdata(path).astype(float)
    _, median, scatter = sigma_clipped_stats(counts)
    found = DAOStarFinder(threshold=10 * scatter, fwhm=3.0)(counts - median)
    return 0 if found is None else len(found)


async def play(folder: Path) -> Played:
    site, target = midnight(datetime.now(UTC))
    seen = Played(target)
    rig = simulated_rig(focal_mm=300.0)
    house = House(folder / "house", site, rig, programs=Path(__file__).parent / "bin")
    began = time.monotonic()
    async with open_house(house) as ekos_house:
        manner = Manner(templates_for(kstars_version()), ekos_house.profile)
        executor = EkosExecutor(ekos_house.ekos, WallClock(), rig, manner, Workplace(folder / "frames", is_complete))
        await over_indi(seen, ekos_house, site)
        async with aclosing(executor.run(job(target, seconds=2.0, count=2))) as files:
            async for path in files:
                seen.first_frame_s = seen.first_frame_s or time.monotonic() - began
                seen.files.append(path)
                seen.heads.append(fits.getheader(path))
        seen.stars = count_stars(seen.files[0])
        await interrupt(executor.run(job(target, seconds=60.0, count=5)))
        seen.after_cancel = await ekos_house.ekos.state()
        await park_over_indi(seen, ekos_house, site)
        await lose_kstars(seen, executor, target)
    seen.left = running(folder)
    return seen
