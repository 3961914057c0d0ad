"""Cool the cameras, open the roof, uncap the telescopes and wake the mounts; each is seen before the next."""

from obsy.engine.devices.ports import Roof
from obsy.engine.events.roof import MountUnparked, RoofOpened, RoofOpening
from obsy.engine.night.context import NightContext
from obsy.engine.night.together import together
from obsy.errors import DeviceError


async def run(context: NightContext) -> None:
    """Done when the end switch proves the roof open and every mount is unparked.

    Raises DeviceError if the roof is asked to open without a safe verdict, or is not seen open.
    """
    if not context.verdict.safe:
        raise DeviceError(f"the roof stays closed: {context.verdict.reason}")
    devices = context.ports.devices.values()  # first, so that no roof opens for a camera that does not answer
    await together(*(each.camera.cool(each.train.camera.temperature) for each in devices))
    if await context.ports.enclosure.state() is not Roof.OPEN:
        context.log(RoofOpening())
        await context.ports.enclosure.open()
        if (seen := await context.ports.enclosure.state()) is not Roof.OPEN:
            raise DeviceError(f"the roof was asked to open and its switches say '{seen}'")
        context.log(RoofOpened())
    await together(*(each.panel.open() for each in devices if each.panel is not None))
    for name, mount in context.ports.mounts.items():
        await mount.unpark()
        context.log(MountUnparked(mount=name))
