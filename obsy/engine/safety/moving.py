"""Let a roof move, looking every second at the mounts it passes."""

import asyncio
from collections.abc import Awaitable, Callable

from obsy.engine.safety import seeing
from obsy.engine.safety.asking import ask, attempt
from obsy.engine.safety.shelter import Shelter, ShelteredMount
from obsy.errors import DeviceError

LOOK_S = 1.0
STOPS_WITHIN_S = 5.0


async def move(
    shelter: Shelter,
    what: str,
    command: Callable[[], Awaitable[None]],
    why_stop: Callable[[], Awaitable[str]],
    begun: Callable[[], None] | None = None,
) -> None:
    """Return when the roof's port says that it has arrived.

    Raise DeviceError if it does not, or, with roof and mounts told to stop, as soon as there is a reason to.
    """
    moving = asyncio.ensure_future(ask(what, command, shelter.moves_within_s, begun))
    try:
        while not (await asyncio.wait({moving}, timeout=LOOK_S))[0]:
            if why := await why_stop():
                await stop(shelter)
                raise DeviceError(f"{what} was stopped: {why}")
    finally:
        if not moving.done():
            moving.cancel()
            await asyncio.wait({moving})
    moving.result()


async def stop(shelter: Shelter) -> None:
    """Tell the roof, and every mount that is not seen parked, to stop; what does not answer soon is left to itself."""
    await asyncio.gather(_stop_roof(shelter), stop_mounts(shelter))


async def stop_mounts(shelter: Shelter) -> None:
    """Tell every mount that is not seen parked to stop."""
    await asyncio.gather(*(_stop(mount) for mount in shelter.mounts))


async def _stop_roof(shelter: Shelter) -> None:
    await attempt(ask("the roof, told to stop,", shelter.port.stop, STOPS_WITHIN_S))


async def _stop(mount: ShelteredMount) -> None:
    if await seeing.why_not_parked(mount):
        await attempt(ask(f"the mount '{mount.declared.name}', told to stop,", mount.port.stop, STOPS_WITHIN_S))


async def why_astray(shelter: Shelter) -> str:
    """Return what proves that a mount is in the roof's way; empty if the roof clears it, or nothing proves it."""
    found = [await seeing.why_astray(mount) for mount in (() if shelter.clears else shelter.mounts)]
    return next(filter(None, found), "")


async def why_in_the_way(shelter: Shelter) -> str:
    """Return why a mount is not known to be out of the roof's way; empty if each is, or the roof clears them."""
    if not shelter.mounts and not shelter.clears:
        return "no mount under the roof is known, and it may move only over parked ones"
    found = [await seeing.why_not_parked(mount) for mount in (() if shelter.clears else shelter.mounts)]
    return next(filter(None, found), "")
