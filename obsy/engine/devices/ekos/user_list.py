"""What a person has in EKOS before obsy puts a block there: their list and their sequence are never overwritten."""

import json

from obsy.engine.devices.ekos.bus import Bus, whole
from obsy.engine.devices.ekos.dialects import Version, said
from obsy.engine.devices.ekos.scheduler import CAPTURE, ENDED, SCHEDULER, state_told
from obsy.errors import DeviceError

TELLS: Version = (3, 7, 1)
"""Since this release the scheduler says which jobs it has."""
WORD = "--list-is-empty"
SAVE = "save it, clear it, and give the command again"


async def check_empty(bus: Bus, version: Version, *, promised: bool) -> None:
    """Raise DeviceError unless EKOS is idle and has no job that a block of obsy's would replace.

    promised: that its scheduler's list is empty, by a person, where no version before 3.7.1 can tell.
    """
    state = state_told(await bus.read(*SCHEDULER, "status"))
    if state not in ENDED:
        raise DeviceError(f"EKOS's scheduler is at work ({state.name.lower()}): stop it first")
    if (count := whole("getJobCount", await bus.call(*CAPTURE, "getJobCount"))) > 0:
        raise DeviceError(f"EKOS's capture module has a sequence of {count} jobs, which obsy's would replace: {SAVE}")
    if version < TELLS:
        if not promised:
            raise DeviceError(
                f"KStars {said(version)} does not tell whether its scheduler's list is empty, and obsy's blocks would "
                f"replace it: save it, clear it, and say '{WORD}'"
            )
    elif names := _names(await bus.read(*SCHEDULER, "jsonJobs")):
        raise DeviceError(f"EKOS's scheduler has the jobs {', '.join(names)}, which obsy's would replace: {SAVE}")


def _names(told: object) -> list[str]:
    """Return the jobs of a list. Raise DeviceError for an answer that is none: unknown is not empty."""
    try:
        jobs = json.loads(told) if isinstance(told, str) else None
    except ValueError:
        jobs = None
    if not isinstance(jobs, list):
        raise DeviceError(f"EKOS's scheduler was asked its jobs and answered {told!r}")
    return [str(each.get("name", "without a name")) if isinstance(each, dict) else "?" for each in jobs]
