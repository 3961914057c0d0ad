"""EKOS as seen over D-Bus, and a job as the files it loads: what to point at (.esl), and what to take there (.esq)."""

import asyncio
from contextlib import suppress
from enum import IntEnum
from pathlib import Path

from obsy.engine.devices.ekos.bus import Bus
from obsy.engine.devices.ekos.profile import PROFILE, EkosEquipment
from obsy.engine.devices.ports import Job
from obsy.engine.render import render
from obsy.errors import DeviceError, DeviceTimeout

DEGREES_PER_HOUR = 15.0
STEPS = ("Track",)
"""Of each job, before its frames; what EKOS focuses, solves and guides by itself is not wired."""


def write_schedule(job: Job, equipment: EkosEquipment, templates: str, folder: Path, captures: Path) -> Path:
    """Write schedule.esl and sequence.esq into a folder; return the .esl.

    templates: of the dialect that the installed version reads. captures: where EKOS is to put the frames.
    Raise DeviceError if EKOS cannot take such a job with this equipment.
    """
    sequence, schedule = folder / "sequence.esq", folder / "schedule.esl"
    sequence.write_text(_sequence(job, equipment, templates, captures), encoding="utf-8")
    text = render(
        f"{templates}/schedule.esl",
        profile=PROFILE,
        name=job.object,
        ra_hours=_decimal(job.pointing.ra_deg / DEGREES_PER_HOUR, 8),
        dec_deg=_decimal(job.pointing.dec_deg, 7),
        sequence=sequence,
        steps=STEPS,
    )
    schedule.write_text(text, encoding="utf-8")
    return schedule


def wheel_label(role: str | None, equipment: EkosEquipment) -> str:
    """What the wheel calls a role; KStars would keep the filter that is in if it did not know the name."""
    if role is None or role not in equipment.labels:
        known = ", ".join(equipment.labels)
        raise DeviceError(f"the wheel '{equipment.wheel}' has no filter for the role '{role}'; it has {known}")
    return equipment.labels[role]


def _sequence(job: Job, equipment: EkosEquipment, templates: str, captures: Path) -> str:
    exposure = job.exposure
    if exposure.kind != "light":
        raise DeviceError(f"EKOS was asked for a {exposure.kind} frame; obsy lets it take lights only")
    return render(
        f"{templates}/sequence.esq",
        exposure_s=_decimal(exposure.seconds, 3),
        binning=exposure.binning,
        columns=equipment.columns,
        rows=equipment.rows,
        cooled=job.temperature_c is not None,
        temperature_c=_decimal(job.temperature_c or 0.0, 1),
        filter=wheel_label(exposure.filter, equipment) if equipment.wheel is not None else "",
        count=job.count,
        captures=captures,
        gain=exposure.gain,
        offset=exposure.offset,
    )


def _decimal(value: float, places: int) -> str:
    """A plain decimal number, as the C locale writes it; KStars reads an exponent or a comma as 0."""
    return f"{value:.{places}f}"


EKOS = ("/KStars/Ekos", "org.kde.kstars.Ekos")
SCHEDULER = ("/KStars/Ekos/Scheduler", "org.kde.kstars.Ekos.Scheduler")
CAPTURE = ("/KStars/Ekos/Capture", "org.kde.kstars.Ekos.Capture")
QUIT = ("/kstars/MainWindow_1/actions/quit", "org.qtproject.Qt.QAction")

_SUCCESS, _ERROR = 2, 3
_GLANCE_S = 0.5


class SchedulerState(IntEnum):
    """What the scheduler says it does."""

    IDLE = 0
    STARTUP = 1
    RUNNING = 2
    PAUSED = 3
    SHUTDOWN = 4
    ABORTED = 5
    LOADING = 6


class Ekos:
    """KStars' observatory side."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    async def answers(self) -> bool:
        """Whether KStars runs and has built its observatory side."""
        try:
            await self._bus.read(*EKOS, "ekosStatus")
        except DeviceError:
            return False
        return True

    async def start(self, profile: str, patience_s: float) -> None:
        """Start a profile and return when EKOS and every device of it are there."""
        if await self._bus.call(*EKOS, "setProfile", profile) is not True:
            raise DeviceError(f"EKOS has no profile '{profile}'; it has {await self._bus.call(*EKOS, 'getProfiles')}")
        await self._bus.call(*EKOS, "start")
        await self._become_ready(profile, patience_s)

    async def load(self, schedule: Path) -> None:
        """Replace every job by those of a file; raises DeviceError if the scheduler complains of what it read."""
        await self._bus.call(*SCHEDULER, "removeAllJobs")
        before = len(await self.log())
        loaded = await self._bus.call(*SCHEDULER, "loadScheduler", str(schedule))
        complaints = (await self.log())[: -before or None]
        # True says only that the file could be opened: a job it could not read is missing, with a line in the log.
        if loaded is not True or complaints:
            raise DeviceError(f"EKOS was given {schedule} and answered: {'; '.join(complaints) or loaded}")

    async def run(self) -> None:
        """Set the scheduler going."""
        await self._bus.call(*SCHEDULER, "start")

    async def state(self) -> SchedulerState:
        """What the scheduler does now."""
        return SchedulerState(int(str(await self._bus.read(*SCHEDULER, "status"))))

    async def log(self) -> list[str]:
        """What the scheduler has said, newest first."""
        said = await self._bus.read(*SCHEDULER, "logText")
        return [str(line) for line in said if line] if isinstance(said, list) else []

    async def abort(self) -> None:
        """Stop the scheduler, its jobs and the exposure that runs."""
        await self._bus.call(*SCHEDULER, "stop")
        with suppress(DeviceError):  # the capture module exists only while EKOS runs
            await self._bus.call(*CAPTURE, "abort")
        await self._bus.call(*SCHEDULER, "removeAllJobs")

    async def quit(self) -> None:
        """Ask KStars to end as a person would."""
        await self._bus.call(*QUIT, "trigger")

    async def _become_ready(self, profile: str, patience_s: float) -> None:
        try:
            async with asyncio.timeout(patience_s):
                while (found := await self._statuses()) != [_SUCCESS, _SUCCESS]:
                    if _ERROR in found:
                        raise DeviceError(f"EKOS could not start the profile '{profile}' (EKOS, INDI: {found})")
                    await asyncio.sleep(_GLANCE_S)
        except TimeoutError:
            raise DeviceTimeout(f"EKOS had not started the profile '{profile}' after {patience_s:g} s") from None

    async def _statuses(self) -> list[int]:
        return [int(str(await self._bus.read(*EKOS, name))) for name in ("ekosStatus", "indiStatus")]
