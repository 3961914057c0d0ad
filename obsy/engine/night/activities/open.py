"""Cool the cameras, open the roof, uncap the telescopes and wake the mounts; each is seen before the next."""

from obsy.engine.events.roof import MountUnparked
from obsy.engine.night.context import NightContext
from obsy.engine.night.together import together
from obsy.engine.safety.asking import ask
from obsy.engine.safety.opening import open_roof


async def run(context: NightContext) -> None:
    """Done when the end switch proves the roof open and every mount is unparked.

    Raises DeviceError if the roof may not open, or is not seen open.
    """
    devices = context.ports.devices.values()  # first, so that no roof opens for a camera that does not answer
    await together(*(each.camera.cool(each.train.camera.temperature) for each in devices))
    await open_roof(context.shelter, context.verdict, context.log)
    await together(*(each.panel.open() for each in devices if each.panel is not None))
    for mount in context.shelter.mounts:
        name = mount.declared.name
        await ask(f"the mount '{name}', told to wake,", mount.port.unpark, mount.moves_within_s)
        context.log(MountUnparked(mount=name))
