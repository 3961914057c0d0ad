"""Cool the camera, open the roof, uncap the telescope and wake the mount; each is seen before the next."""

from obsy.engine.devices.ports import Roof
from obsy.engine.night.duty import Duty
from obsy.errors import DeviceError


async def run(duty: Duty) -> None:
    """Done when the end switch proves the roof open and the mount is unparked.

    Raises DeviceError if the roof is asked to open without a safe verdict, or is not seen open.
    """
    if not duty.verdict.safe:
        raise DeviceError(f"the roof stays closed: {duty.verdict.reason}")
    if duty.ports.instrument is not None:  # first, so that no roof opens for a camera that does not answer
        await duty.ports.instrument.camera.cool(duty.rules.train.camera.temperature)
    if await duty.ports.enclosure.state() is not Roof.OPEN:
        duty.log("roof-opening")
        await duty.ports.enclosure.open()
        if (seen := await duty.ports.enclosure.state()) is not Roof.OPEN:
            raise DeviceError(f"the roof was asked to open and its switches say '{seen}'")
        duty.log("roof-opened")
    if duty.ports.instrument is not None and duty.ports.instrument.panel is not None:
        await duty.ports.instrument.panel.open()
    await duty.ports.mount.unpark()
    duty.log("mount-unparked")
