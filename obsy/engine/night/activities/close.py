"""Park the mount and see it parked, close the roof and see it closed, ask again until it is; then cap the telescope."""

from contextlib import suppress
from math import cos, radians

from obsy.engine.devices.ports import MountState, Roof
from obsy.engine.events.roof import (
    AlarmRaised,
    CapFailed,
    CloseFailed,
    MountParked,
    ParkFailed,
    RoofClosed,
    RoofClosing,
)
from obsy.engine.night.context import NightContext
from obsy.engine.night.together import together
from obsy.errors import DeviceError
from obsy.schemas.mount import Mount, ParkPosition

PARKED_WITHIN_DEG = 2.0
"""How far the encoders may stand from the park position: more than a worm's slack, less than a roof would forgive."""
AGAIN_S = 20.0


async def run(context: NightContext) -> None:
    """Done when the switches prove the roof closed. It is tried as often as the policy says before people are called.

    Raises DeviceError after that; the table begins it again.
    """
    context.closing = True
    for attempt in range(1, context.rules.safety.retries + 1):
        try:
            await _bring_home(context)
        except DeviceError as error:
            context.log(CloseFailed(attempt=attempt, reason=str(error)))
            await context.ports.clock.sleep(AGAIN_S)
        else:
            context.closing = False
            await _cap(context)
            return
    context.log(AlarmRaised(reason="the roof does not close: it needs hands, now"))
    raise DeviceError(f"the roof is not seen closed after {context.rules.safety.retries} attempts")


async def _bring_home(context: NightContext) -> None:
    """Under a roof that is seen closed nothing is moved; a roof that clears the mount does not wait for it."""
    with suppress(DeviceError):
        if await context.ports.enclosure.state() is Roof.CLOSED:
            return
    try:
        await together(*(park(context, mount) for mount in context.rules.mounts))
    except DeviceError as error:
        if not context.rules.clears:
            raise
        context.log(ParkFailed(reason=str(error)))
    await _shut(context)


async def park(context: NightContext, declared: Mount) -> None:
    """Return when a mount is seen parked. Raise DeviceError if it is not."""
    mount = context.ports.mounts[declared.name]
    if not seen_parked(await mount.state(), declared.park):
        with suppress(DeviceError):  # a mount that cannot be stopped may still park
            await mount.stop()
        await mount.park()
        if not seen_parked(state := await mount.state(), declared.park):
            where = f"altitude {state.altitude_deg} deg, azimuth {state.azimuth_deg} deg"
            raise DeviceError(f"the mount was asked to park and stands at {where}")
        context.log(MountParked(mount=declared.name))


async def _shut(context: NightContext) -> None:
    enclosure = context.ports.enclosure
    context.log(RoofClosing())
    await enclosure.close()
    if (seen := await enclosure.state()) is not Roof.CLOSED:
        raise DeviceError(f"the roof was asked to close and its switches say '{seen}'")
    context.log(RoofClosed())


async def _cap(context: NightContext) -> None:
    """Cap the telescopes, at last: a cap that sticks must not keep a roof open."""
    for name, devices in context.ports.devices.items():
        try:
            if devices.panel is not None:
                await devices.panel.dark()
        except DeviceError as error:
            context.log(CapFailed(train=name, reason=str(error)))


def seen_parked(state: MountState, park: ParkPosition) -> bool:
    """Whether the mount both claims to be parked and stands where it parks: a claim alone is no proof."""
    if not state.parked or state.altitude_deg is None or state.azimuth_deg is None:
        return False
    turn = (state.azimuth_deg - park.azimuth + 180) % 360 - 180
    across = abs(turn) * cos(radians(state.altitude_deg))
    return max(across, abs(state.altitude_deg - park.altitude)) <= PARKED_WITHIN_DEG
