"""Open a roof, but only on evidence: a safe verdict, a low Sun, and mounts that are out of its way."""

from obsy.engine.devices.ports import Roof
from obsy.engine.events import Log
from obsy.engine.events.roof import RoofOpened, RoofOpening
from obsy.engine.safety import moving, seeing
from obsy.engine.safety.shelter import Shelter
from obsy.engine.safety.sun import why_too_light
from obsy.engine.safety.verdict import Verdict
from obsy.errors import DeviceError


async def open_roof(shelter: Shelter, verdict: Verdict, log: Log) -> None:
    """Return when the switches prove the roof open; an open one is left as it is. From then on mounts may move.

    Raise DeviceError, with the roof unmoved, if it is not safe, too light, or a mount is in the way; DeviceError too
    if the roof is not seen open in the end, or was stopped because a mount left its park on the way. The event is
    logged before the roof moves; what `log` raises stops it.
    """
    if why_not := _why_not(shelter, verdict):
        raise DeviceError(f"the roof stays closed: {why_not}")
    if await seeing.roof(shelter) is not Roof.OPEN:
        await _open(shelter, log)
    shelter.stance.meant, shelter.stance.exposed = Roof.OPEN, True


def _why_not(shelter: Shelter, verdict: Verdict) -> str:
    if shelter.stance.closing.locked():
        return "it is being made safe"
    if not verdict.safe:
        return verdict.reason
    if shelter.place is None:
        return "nobody knows where it stands, and how high the Sun is there"
    return why_too_light(shelter.policy.sun, shelter.place, shelter.clock.now())


async def _open(shelter: Shelter, log: Log) -> None:
    stance = shelter.stance
    if why_not := await moving.why_in_the_way(shelter):
        raise DeviceError(f"the roof stays closed: {why_not}")
    log(RoofOpening())
    stance.meant, stance.exposed = Roof.MOVING, True

    async def why_stop() -> str:
        otherwise = "" if stance.meant is Roof.MOVING else "it is being made safe"
        return otherwise or await moving.why_in_the_way(shelter)

    await moving.move(shelter, "the roof, told to open,", shelter.port.open, why_stop)
    if (seen := await seeing.roof(shelter)) is not Roof.OPEN:
        raise DeviceError(f"the roof was asked to open and its switches say '{seen}'")
    if stance.meant is not Roof.MOVING:
        raise DeviceError("the roof was opened, and is being made safe")
    log(RoofOpened())
