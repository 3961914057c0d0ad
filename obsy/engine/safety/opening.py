"""Open a roof, but only on evidence: a safe verdict, a low Sun, and mounts that are out of its way."""

from obsy.engine.devices.ports import Roof
from obsy.engine.events import Log
from obsy.engine.events.roof import RoofOpened, RoofOpening
from obsy.engine.safety import seeing
from obsy.engine.safety.asking import ask
from obsy.engine.safety.shelter import Shelter
from obsy.engine.safety.sun import why_too_light
from obsy.engine.safety.verdict import Verdict
from obsy.errors import DeviceError


async def open_roof(shelter: Shelter, verdict: Verdict, log: Log) -> None:
    """Return when the switches prove the roof open; an open one is left as it is.

    Raise DeviceError, with the roof unmoved, if it is not safe, too light, or a mount is in the way; DeviceError too
    if the roof is not seen open in the end. The event is logged before the roof moves; what `log` raises stops it.
    """
    if why_not := "" if verdict.safe else verdict.reason:
        raise DeviceError(f"the roof stays closed: {why_not}")
    if shelter.place is None:
        raise DeviceError("the roof stays closed: nobody knows where it stands, and how high the Sun is there")
    if why_not := why_too_light(shelter.policy.sun, shelter.place, shelter.clock.now()):
        raise DeviceError(f"the roof stays closed: {why_not}")
    if await seeing.roof(shelter) is Roof.OPEN:
        return
    for mount in () if shelter.clears else shelter.mounts:
        if why_not := await seeing.why_not_parked(mount):
            raise DeviceError(f"the roof stays closed: {why_not}")
    log(RoofOpening())
    await ask("the roof, told to open,", shelter.port.open, shelter.moves_within_s)
    if (seen := await seeing.roof(shelter)) is not Roof.OPEN:
        raise DeviceError(f"the roof was asked to open and its switches say '{seen}'")
    log(RoofOpened())
