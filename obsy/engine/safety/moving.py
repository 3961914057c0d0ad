"""Let a roof move, looking every second at the mounts it passes."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import partial

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
    whys: Iterable[Callable[[], Awaitable[str]]],
    begun: Callable[[], None] | None = None,
) -> None:
    """Return when the roof's port says that it has arrived.

    Raise DeviceError if it does not, or, with roof and mounts told to stop, as soon as there is a reason to.
    whys: each is asked every second for a reason, by itself: one that is slow to answer delays no other.
    """
    shelter.stance.travels = True
    moving = asyncio.ensure_future(ask(what, command, shelter.moves_within_s, begun))
    watches = [asyncio.ensure_future(_until(why)) for why in whys]
    try:
        await asyncio.wait({moving, *watches}, return_when=asyncio.FIRST_COMPLETED)
        if not moving.done():
            why = next(watch.result() for watch in watches if watch.done())
            await stop(shelter)
            shelter.stance.travels = True  # whatever was seen before it left its end
            raise DeviceError(f"{what} was stopped: {why}")
    finally:
        for each in (moving, *watches):
            each.cancel()
        await asyncio.wait({moving, *watches})
    moving.result()


async def _until(why: Callable[[], Awaitable[str]]) -> str:
    """Return the first reason that there is."""
    while True:
        await asyncio.sleep(LOOK_S)
        if found := await why():
            return found


def each_mount(
    shelter: Shelter, why: Callable[[ShelteredMount], Awaitable[str]]
) -> tuple[Callable[[], Awaitable[str]], ...]:
    """Return the question for every mount that the roof does not clear."""
    return tuple(partial(why, mount) for mount in (() if shelter.clears else shelter.mounts))


def whys_astray(shelter: Shelter) -> tuple[Callable[[], Awaitable[str]], ...]:
    """Return the question for every mount in the roof's way, what proves that it is out of its park; it is kept."""

    async def why(mount: ShelteredMount) -> str:
        found = await seeing.why_astray(mount)
        shelter.stance.astray |= bool(found)
        return found

    return each_mount(shelter, why)


async def first_reason(whys: Iterable[Callable[[], Awaitable[str]]]) -> str:
    """Ask all at the same time, and return the first reason that there is, without waiting for the others."""
    asked = [asyncio.ensure_future(why()) for why in whys]
    try:
        for answer in asyncio.as_completed(asked):
            if found := await answer:
                return found
        return ""
    finally:
        for each in asked:
            each.cancel()


async def stop(shelter: Shelter) -> None:
    """Tell the roof, and every mount that is not seen parked, to stop; what does not answer soon is left to itself."""
    await asyncio.gather(stop_roof(shelter), stop_mounts(shelter))


async def stop_mounts(shelter: Shelter) -> None:
    """Tell every mount that is not seen parked to stop."""
    await asyncio.gather(*(stop_mount(mount) for mount in shelter.mounts))


async def stop_roof(shelter: Shelter) -> None:
    """Tell the roof to stop."""
    await attempt(ask("the roof, told to stop,", shelter.port.stop, STOPS_WITHIN_S))


async def stop_mount(mount: ShelteredMount) -> None:
    """Tell a mount that is not seen parked to stop."""
    if await seeing.why_not_parked(mount):
        await attempt(ask(f"the mount '{mount.declared.name}', told to stop,", mount.port.stop, STOPS_WITHIN_S))


async def why_in_the_way(shelter: Shelter) -> str:
    """Return why a mount is not known to be out of the roof's way; empty if each is, or the roof clears them."""
    return await first_reason(each_mount(shelter, seeing.why_not_parked))
