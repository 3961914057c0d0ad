"""Before a mount wakes it is told its place and its time: one that reckons with others points elsewhere."""

from obsy.engine.devices.mount_reckoning import Reckoning
from obsy.engine.events import Log
from obsy.engine.events.roof import MountSetRight
from obsy.engine.safety.asking import ask, attempt
from obsy.engine.safety.shelter import ShelteredMount
from obsy.errors import DeviceError
from obsy.schemas.mount import Reckons

USUAL = Reckons.model_construct(place=0.1, time=10.0)
"""Beyond it a difference is told, where nothing is declared."""
UNKNOWN = Reckoning()


async def set_right(mount: ShelteredMount, log: Log) -> None:
    """Tell a mount its place and its time, and see that it knows them.

    Raise DeviceError if it reckons, after that, with what is farther off than its `reckons` allows, or does not say:
    where it is sent to then is not where it points. Nothing is refused where nothing is declared.
    """
    name, declared = mount.declared.name, mount.declared.reckons
    before = await _reckoning(mount)
    if found := before.beyond(declared or USUAL):
        log(MountSetRight(mount=name, found=found))
    failed = await attempt(ask(f"the mount '{name}', told its place and its time,", mount.port.tell))
    if declared is None:
        return
    after = await _reckoning(mount)
    why = after.beyond(declared) or after.unsaid()
    if why:
        told = f", though it was told better ({failed})" if failed is not None else ", though it was told better"
        cure = "set it in its driver or hand box, or take 'reckons' out of the mount if you answer for it"
        raise DeviceError(f"the mount '{name}' stays parked: {why}{told}: {cure}")


async def _reckoning(mount: ShelteredMount) -> Reckoning:
    try:
        said = await ask(f"the mount '{mount.declared.name}', asked for its place and its time,", mount.port.reckoning)
    except DeviceError:
        return UNKNOWN
    return said if isinstance(said, Reckoning) else UNKNOWN
