"""EKOS as seen over D-Bus."""

import asyncio
from contextlib import suppress
from enum import IntEnum
from pathlib import Path

from obsy.engine.devices.ekos.bus import Bus, whole
from obsy.errors import DeviceError, DeviceTimeout

EKOS = ("/KStars/Ekos", "org.kde.kstars.Ekos")
SCHEDULER = ("/KStars/Ekos/Scheduler", "org.kde.kstars.Ekos.Scheduler")
CAPTURE = ("/KStars/Ekos/Capture", "org.kde.kstars.Ekos.Capture")
INDI = ("/KStars/INDI", "org.kde.kstars.INDI")
QUIT = ("/kstars/MainWindow_1/actions/quit", "org.qtproject.Qt.QAction")

WEATHER = "Weather conditions"
"""What the scheduler says of the weather, whenever that comes in: of a list it is no complaint."""
STARTED, _ERROR = 2, 3
"""Of EKOS, and of its devices."""
CAPTURING = 2
"""What the capture module says while it exposes, and for ever if the camera's driver dies meanwhile."""
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


ENDED = {SchedulerState.IDLE, SchedulerState.ABORTED}
"""What it says when nothing runs."""


def state_told(answer: object) -> SchedulerState:
    """Return what the scheduler says it does. Raise DeviceError for an answer that is no state that is known."""
    try:
        return SchedulerState(whole("status", answer))
    except ValueError:
        raise DeviceError(f"EKOS's scheduler says it is in the state {answer!r}, which obsy does not know") from None


class Ekos:
    """KStars' observatory side."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus

    async def answers(self) -> bool:
        """Whether KStars runs and has built its observatory side."""
        try:
            await self.bus.read(*EKOS, "ekosStatus")
        except DeviceError:
            return False
        return True

    async def start(self, profile: str, patience_s: float) -> None:
        """Start a profile and return when EKOS and every device of it are there."""
        if await self.bus.call(*EKOS, "setProfile", profile) is not True:
            raise DeviceError(f"EKOS has no profile '{profile}'; it has {await self.bus.call(*EKOS, 'getProfiles')}")
        await self.bus.call(*EKOS, "start")
        await self._become_ready(profile, patience_s)

    async def load(self, schedule: Path) -> None:
        """Replace every job by those of a file; raises DeviceError if the scheduler complains of what it read."""
        await self.bus.call(*SCHEDULER, "removeAllJobs")
        before = len(await self.log())
        loaded = await self.bus.call(*SCHEDULER, "loadScheduler", str(schedule))
        complaints = [line for line in (await self.log())[: -before or None] if WEATHER not in line]
        # True says only that the file could be opened: a job it could not read is missing, with a line in the log.
        if loaded is not True or complaints:
            raise DeviceError(f"EKOS was given {schedule} and answered: {'; '.join(complaints) or loaded}")

    async def run(self) -> None:
        """Set the scheduler going."""
        await self.bus.call(*SCHEDULER, "start")

    async def state(self) -> SchedulerState:
        """What the scheduler does now."""
        return state_told(await self.bus.read(*SCHEDULER, "status"))

    async def is_exposing(self) -> bool:
        """Whether the capture module says that it exposes. Raise DeviceError if EKOS has stopped."""
        return whole("status", await self.bus.read(*CAPTURE, "status")) == CAPTURING

    async def log(self) -> list[str]:
        """What the scheduler has said, newest first."""
        said = await self.bus.read(*SCHEDULER, "logText")
        return [str(line) for line in said if line] if isinstance(said, list) else []

    async def abort(self) -> None:
        """Stop the scheduler, its jobs and the exposure that runs."""
        await self.bus.call(*SCHEDULER, "stop")
        with suppress(DeviceError):  # the capture module exists only while EKOS runs
            await self.bus.call(*CAPTURE, "abort")
        await self.bus.call(*SCHEDULER, "removeAllJobs")

    async def quit(self) -> None:
        """Ask KStars to end as a person would."""
        await self.bus.call(*QUIT, "trigger")

    async def _become_ready(self, profile: str, patience_s: float) -> None:
        try:
            async with asyncio.timeout(patience_s):
                while (found := await self._statuses()) != [STARTED, STARTED]:
                    if _ERROR in found:
                        raise DeviceError(f"EKOS could not start the profile '{profile}' (EKOS, INDI: {found})")
                    await asyncio.sleep(_GLANCE_S)
        except TimeoutError:
            raise DeviceTimeout(f"EKOS had not started the profile '{profile}' after {patience_s:g} s") from None

    async def _statuses(self) -> list[int]:
        return [whole(name, await self.bus.read(*EKOS, name)) for name in ("ekosStatus", "indiStatus")]
