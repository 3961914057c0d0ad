"""Bring everything to safety: mounts parked and seen parked, then the roof closed and seen closed, until it is."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from obsy.engine.devices.ports import Roof
from obsy.engine.events import Event, Log
from obsy.engine.events.roof import AlarmRaised, CloseFailed, MountParked, ParkFailed, RoofClosed, RoofClosing
from obsy.engine.journal import Hurry, tell_stderr
from obsy.engine.safety import seeing
from obsy.engine.safety.asking import ask
from obsy.engine.safety.shelter import Shelter, ShelteredMount
from obsy.errors import DeviceError

SOON_S = 1.0
"""How long, and only once, a disk that hangs may keep a roof waiting."""
AGAIN_S = 20.0
"""How long to wait before the next attempt."""


async def make_safe(shelter: Shelter, log: Log) -> None:
    """Return when the switches prove the roof closed.

    Raise DeviceError if it is not after as many attempts as the policy says. Whatever a device does, and whatever
    becomes of the journal, the next attempt is made.
    """
    say = _never_failing(log)
    for attempt in range(1, shelter.policy.retries + 1):
        try:
            await _bring_home(shelter, say)
        except Exception as error:  # a fault of ours too: what makes safe is the last that gives up
            say(CloseFailed(attempt=attempt, reason=str(error) or repr(error)))
            await shelter.clock.sleep(AGAIN_S)
        else:
            return
    say(AlarmRaised(reason="the roof does not close: it needs hands, now"))
    raise DeviceError(f"the roof is not seen closed after {shelter.policy.retries} attempts")


async def _bring_home(shelter: Shelter, say: Log) -> None:
    """Park, then close; a roof that clears the mounts waits for none."""
    if await _was_closed(shelter):
        return
    parking = [_try_to(park(mount, say)) for mount in shelter.mounts]
    if not shelter.clears:
        for failure in await asyncio.gather(*parking):
            if failure is not None:
                raise failure
        await _shut(shelter, say)
        return
    shut, *failures = await asyncio.gather(_try_to(_shut(shelter, say)), *parking)
    for mount, failure in zip(shelter.mounts, failures, strict=True):
        if failure is not None:
            say(ParkFailed(mount=mount.declared.name, reason=str(failure)))
    if shut is not None:
        raise shut


async def _was_closed(shelter: Shelter) -> bool:
    """Return whether the roof is seen closed, and stays so when it is told to close once more.

    A switch may be believed rather than seen, so the command is sent whatever it says, unless a mount might be struck;
    and no mount is moved under a closed roof.
    """
    if await seeing.roof(shelter) is not Roof.CLOSED:
        return False
    if not shelter.clears and any([await seeing.why_not_parked(mount) for mount in shelter.mounts]):
        return True
    await _try_to(ask("the roof, told to stay closed,", shelter.port.close, shelter.moves_within_s))
    return await seeing.roof(shelter) is Roof.CLOSED


async def _try_to(work: Coroutine[Any, Any, None]) -> DeviceError | None:
    """Return how it failed; None if it did not."""
    try:
        await work
    except DeviceError as error:
        return error
    return None


async def park(mount: ShelteredMount, log: Log) -> None:
    """Return when the mount is seen parked, whatever it answered. Raise DeviceError if it is not."""
    if not await seeing.why_not_parked(mount):
        return
    name = f"the mount '{mount.declared.name}'"
    await _try_to(ask(f"{name}, told to stop,", mount.port.stop))  # one that cannot be stopped may still park
    failure = await _try_to(ask(f"{name}, told to park,", mount.port.park, mount.moves_within_s))
    if why_not := await seeing.why_not_parked(mount):
        raise DeviceError(f"{why_not}: {failure or 'it was told to park'}")
    log(MountParked(mount=mount.declared.name))


async def _shut(shelter: Shelter, say: Log) -> None:
    """Return when the roof is seen closed, whatever it answered. The command goes out before it is written down."""
    failure = await _try_to(
        ask(
            "the roof, told to close,",
            shelter.port.close,
            within_s=shelter.moves_within_s,
            begun=lambda: say(RoofClosing()),
        )
    )
    if (seen := await seeing.roof(shelter)) is not Roof.CLOSED:
        raise DeviceError(f"the roof's switches say '{seen}': {failure or 'it was told to close'}")
    say(RoofClosed())


def _never_failing(log: Log) -> Log:
    """Return a log that cannot stop what makes safe: what it does not take, or not soon, is told on stderr."""
    disk = Hurry(SOON_S)

    def say(event: Event) -> None:
        try:
            disk.do(lambda: log(event))
        except (Exception, SystemExit) as trouble:  # a full disk, or any fault of whoever keeps the events
            tell_stderr(f"obsy: not written ({trouble!r}): {event}")

    return say
