"""Cool the cameras, open the roof, uncap the telescopes and wake the mounts; each is seen before the next."""

import asyncio

from obsy.engine.devices.ports import MountPort, Roof
from obsy.engine.events.observing import ExecutorMissing, ExecutorThere
from obsy.engine.events.roof import MountUnparked, RoofOpening
from obsy.engine.night.context import NightContext
from obsy.engine.night.together import together
from obsy.engine.safety.asking import ask, attempt
from obsy.engine.safety.reckoning import set_right
from obsy.engine.safety.shelter import ShelteredMount
from obsy.errors import DeviceError

ASKED_EVERY_S = 5.0
"""How often a program that takes the blocks is asked whether it is there again."""


async def run(context: NightContext) -> None:
    """Done when the end switch proves the roof open and every mount is unparked.

    Raises DeviceError if the roof may not open, or is not seen open. Where nothing is there that could take a block, it
    waits under the closed roof.
    """
    await _until_there(context)
    if (await context.keeper.look()).roof is Roof.OPEN:  # taken over: what a killed night left tracking has no work
        await asyncio.gather(*(_still(name, mount) for name, mount in context.ports.mounts.items()))
    devices = context.ports.devices.values()  # first, so that no roof opens for a camera that does not answer
    await together(*(each.camera.cool(each.train.camera.temperature) for each in devices))
    for each in context.rules.mounts:  # nor for a mount that would point elsewhere
        await set_right(ShelteredMount(each, context.ports.mounts[each.name]), context.log)
    if await context.keeper.check_opening():
        context.log(RoofOpening())  # a disk that does not take it keeps the roof as it is
    await context.keeper.open()
    await together(*(each.panel.open() for each in devices if each.panel is not None))
    for name, mount in context.ports.mounts.items():
        context.log(MountUnparked(mount=name))
        await mount.unpark()


async def _until_there(context: NightContext) -> None:
    """Return once a block could be taken, told once; no roof stands open for it meanwhile."""
    told = ""
    while why := await context.ports.hindrance():
        if (await context.keeper.look()).roof is not Roof.CLOSED:
            raise DeviceError(why)
        if not told:
            context.log(ExecutorMissing(reason=why))
        told = why
        await context.ports.clock.sleep(ASKED_EVERY_S)
    if told:
        context.log(ExecutorThere())


async def _still(name: str, mount: MountPort) -> None:
    await attempt(ask(f"the mount '{name}', told to stop,", mount.stop))
