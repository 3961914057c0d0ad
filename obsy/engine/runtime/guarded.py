"""What every night shares that moves devices under a guard: its line to the guard, its end, and its mounts."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from functools import partial

from obsy.engine.declare.observatory import Observatory
from obsy.engine.devices.clock import WallClock
from obsy.engine.devices.ports import Clock, MountPort
from obsy.engine.events import Event
from obsy.engine.night.ports import Ports
from obsy.engine.runtime.guard.line import GuardLine
from obsy.engine.runtime.guard.wire import dial, guard_of
from obsy.engine.runtime.session import play
from obsy.engine.runtime.setup import NightSetup
from obsy.engine.runtime.signals import end_at_the_first
from obsy.engine.safety.closing import park
from obsy.engine.safety.guard import GuardedMount
from obsy.engine.safety.lease import RoofKeeper
from obsy.engine.safety.shelter import ShelteredMount
from obsy.engine.sequencer.devices import ImagingDevices
from obsy.engine.sequencer.sequencer import Sequencer
from obsy.errors import DeviceError
from obsy.schemas.address import ServerAddress

GUARD_S = 60.0
"""So long a guard that answers may take until it reaches its roofs, and says where its INDI server is."""
Hardware = Callable[[NightSetup, WallClock], AbstractAsyncContextManager[Mapping[str, Ports]]]
"""The devices of each enclosure, for as long as a night has them."""


def run_on(hardware: Hardware, setup: NightSetup) -> None:
    """Run a night on these devices under the real clock. Told to end by a signal, it closes the roof first."""

    async def night() -> None:
        end_at_the_first()
        async with hardware(setup, WallClock()) as ports:
            await play(setup, ports)

    asyncio.run(night())


@asynccontextmanager
async def guard_line(setup: NightSetup) -> AsyncIterator[GuardLine]:
    """The line to the guard of the site, which the start has found or begun."""
    guard = guard_of(setup.asked.root, setup.observatory.site.name)
    line = GuardLine(partial(dial, guard), setup.asked.start.begin_guard)
    running = asyncio.create_task(line.run())
    try:
        yield line
    finally:
        running.cancel()


async def indi_server(guard: GuardLine) -> ServerAddress | None:
    """Return where the guard's INDI server listens, None if it reaches the roofs without one.

    Raise DeviceError if it does not reach them in time.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(GUARD_S):
            while guard.names is None:
                await asyncio.sleep(0.1)
            return guard.indi
    raise DeviceError(f"the guard of the roof does not reach it: {guard.trouble or 'it does not answer'}")


def come_home(observatory: Observatory, bare: Mapping[str, MountPort]) -> Callable[[], Awaitable[None]]:
    """Return what parks these mounts without the guard."""
    mounts = [ShelteredMount(each, bare[each.name]) for each in observatory.mounts if each.name in bare]

    async def home() -> None:
        await asyncio.gather(*(park(each, lambda event: None) for each in mounts))

    return home


def guarded(observatory: Observatory, bare: Mapping[str, MountPort], clock: Clock) -> dict[str, GuardedMount]:
    """Return these mounts, which go only where and when they may."""
    sun, place = observatory.safety.sun, observatory.site.location
    mounts = (each for each in observatory.mounts if each.name in bare)
    return {each.name: GuardedMount(bare[each.name], each, sun, place, clock) for each in mounts}


def sequenced(
    setup: NightSetup,
    clock: Clock,
    keeper: RoofKeeper,
    bare: Mapping[str, MountPort],
    trains: Mapping[str, ImagingDevices],
) -> Ports:
    """Return what stands in an enclosure whose blocks obsy takes itself, with what these mounts carry of the trains."""

    def log(event: Event) -> None:
        setup.journal.write(clock.now(), event)

    observatory = setup.observatory
    mounts = guarded(observatory, bare, clock)
    carried: dict[str, dict[str, ImagingDevices]] = {name: {} for name in mounts}
    for each in observatory.instruments:
        if each.mount.name in carried:
            carried[each.mount.name][each.name] = trains[each.name]
    return Ports(
        clock=clock,
        keeper=keeper,
        mounts=mounts,
        executors={
            each.name: Sequencer(clock, mounts[each.name], (each, observatory.site.location), carried[each.name], log)
            for each in observatory.mounts
            if each.name in mounts
        },
        devices={name: devices for each in carried.values() for name, devices in each.items()},
    )
