"""Cool the camera, open the roof, uncap the telescope and wake the mount; each is seen before the next."""

from obsy.engine.devices.ports import Roof
from obsy.engine.events.roof import MountUnparked, RoofOpened, RoofOpening
from obsy.engine.night.context import NightContext
from obsy.errors import DeviceError


async def run(context: NightContext) -> None:
    """Done when the end switch proves the roof open and the mount is unparked.

    Raises DeviceError if the roof is asked to open without a safe verdict, or is not seen open.
    """
    if not context.verdict.safe:
        raise DeviceError(f"the roof stays closed: {context.verdict.reason}")
    if context.ports.instrument is not None:  # first, so that no roof opens for a camera that does not answer
        await context.ports.instrument.camera.cool(context.rules.train.camera.temperature)
    if await context.ports.enclosure.state() is not Roof.OPEN:
        context.log(RoofOpening())
        await context.ports.enclosure.open()
        if (seen := await context.ports.enclosure.state()) is not Roof.OPEN:
            raise DeviceError(f"the roof was asked to open and its switches say '{seen}'")
        context.log(RoofOpened())
    if context.ports.instrument is not None and context.ports.instrument.panel is not None:
        await context.ports.instrument.panel.open()
    await context.ports.mount.unpark()
    context.log(MountUnparked())
