"""Open a roof, but only on evidence: a safe verdict, a low Sun, and mounts that are out of its way."""

from obsy.engine.devices.ports import Roof
from obsy.engine.events import Log
from obsy.engine.events.roof import RoofOpened, RoofOpening
from obsy.engine.safety import moving, seeing
from obsy.engine.safety.shelter import RoofStance, Shelter
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
    stance = shelter.stance
    before, stance.meant = stance.meant, Roof.MOVING  # whoever makes it safe meanwhile changes that
    try:
        is_open = await seeing.roof(shelter) is Roof.OPEN
        in_the_way = "" if is_open else await moving.why_in_the_way(shelter)
        if why_not := _why_not_now(stance) or in_the_way:
            raise DeviceError(f"the roof stays closed: {why_not}")
        if not is_open:
            log(RoofOpening())
    except BaseException:
        stance.meant = before if stance.meant is Roof.MOVING else stance.meant
        raise
    stance.exposed = True
    if not is_open:
        await _open(shelter, log)
    stance.meant = Roof.OPEN


def _why_not(shelter: Shelter, verdict: Verdict) -> str:
    if shelter.stance.closing.locked():
        return "it is being made safe"
    if not verdict.safe:
        return verdict.reason
    if shelter.place is None:
        return "nobody knows where it stands, and how high the Sun is there"
    return why_too_light(shelter.policy.sun, shelter.place, shelter.clock.now())


def _why_not_now(stance: RoofStance) -> str:
    return "" if stance.meant is Roof.MOVING else "it is being made safe"


async def _open(shelter: Shelter, log: Log) -> None:
    async def why_stop() -> str:
        return _why_not_now(shelter.stance) or await moving.why_in_the_way(shelter)

    await moving.move(shelter, "the roof, told to open,", shelter.port.open, why_stop)
    if (seen := await seeing.roof(shelter)) is not Roof.OPEN:
        raise DeviceError(f"the roof was asked to open and its switches say '{seen}'")
    if _why_not_now(shelter.stance):
        raise DeviceError("the roof was opened, and is being made safe")
    log(RoofOpened())
