"""Open a roof, but only on evidence: a safe verdict, a low Sun, and mounts that are out of its way."""

from obsy.engine.devices.ports import Roof
from obsy.engine.events import Log
from obsy.engine.events.roof import RoofOpened
from obsy.engine.safety import moving, seeing
from obsy.engine.safety.daylight import why_too_light
from obsy.engine.safety.shelter import RoofStance, Shelter
from obsy.engine.safety.verdict import Verdict
from obsy.errors import DeviceError


class HastyRoof(DeviceError):
    """A roof says that it is open sooner than it can be; its driver may echo what it was told."""


async def check_opening(shelter: Shelter, verdict: Verdict) -> bool:
    """Return whether a roof would have to move to be open.

    Raise DeviceError if it is not safe or too light, or if a roof that is not open is not seen closed, or not free.
    """
    if why_not := _why_not(shelter, verdict):
        raise DeviceError(f"the roof stays closed: {why_not}")
    if (seen := await seeing.roof(shelter)) is Roof.OPEN:
        return False
    if seen is not Roof.CLOSED:
        raise DeviceError(f"the roof stays as it is: its switches say '{seen}', and only a closed roof is opened")
    if in_the_way := await moving.why_in_the_way(shelter):
        raise DeviceError(f"the roof stays closed: {in_the_way}")
    return True


async def check_release(shelter: Shelter) -> None:
    """Raise DeviceError unless a roof is meant and seen closed, over parked mounts: only so is it let open again."""
    seen = await seeing.roof(shelter)
    if shelter.stance.meant is not Roof.CLOSED or seen is not Roof.CLOSED:
        raise DeviceError(f"only a roof that is proven closed is released, and its switches say '{seen}'")
    if in_the_way := await moving.why_in_the_way(shelter):
        raise DeviceError(f"only a roof over parked mounts is released: {in_the_way}")


async def open_roof(shelter: Shelter, verdict: Verdict, log: Log) -> None:
    """Return when the switches prove the roof open; an open one is left as it is. From then on mounts may move.

    Raise DeviceError, with the roof unmoved, if it may not open; DeviceError too if it is not seen open in the end
    (HastyRoof if too soon), or was stopped because a mount left its park on the way, or because it is being made safe.
    """
    stance = shelter.stance
    before, stance.meant = stance.meant, Roof.MOVING  # whoever makes it safe meanwhile changes that
    try:
        must_move = await check_opening(shelter, verdict)
        if why_not := _why_not_now(stance):
            raise DeviceError(f"the roof stays closed: {why_not}")
    except BaseException:
        stance.meant = before if stance.meant is Roof.MOVING else stance.meant
        raise
    stance.exposed = True
    if must_move:
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
    async def why_not_now() -> str:
        return _why_not_now(shelter.stance)

    async def glance() -> str:
        await seeing.glance(shelter)  # an echo is known by when the switches said it, not by when the driver answers
        return ""

    whys = (why_not_now, glance, *moving.each_mount(shelter, seeing.why_not_parked))
    begun_s = shelter.clock.monotonic()
    await moving.move(shelter, "the roof, told to open,", shelter.port.open, whys)
    if (seen := await seeing.roof(shelter)) is not Roof.OPEN:
        raise DeviceError(f"the roof was asked to open and its switches say '{seen}'")
    if why := shelter.stance.sightings.why_hasty(begun_s, shelter.declared.travel):
        raise HastyRoof(f"the roof is not believed to be open: {why}; if it is so quick, write its true 'travel'")
    if _why_not_now(shelter.stance):
        raise DeviceError("the roof was opened, and is being made safe")
    log(RoofOpened())
