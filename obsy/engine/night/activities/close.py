"""Park the mount and see it parked, close the roof and see it closed, ask again until it is; then cap the telescope."""

from contextlib import suppress
from math import cos, radians

from obsy.engine.devices.ports import MountState, Roof
from obsy.engine.night.duty import Duty
from obsy.errors import DeviceError
from obsy.schemas.mount import ParkPosition

PARKED_WITHIN_DEG = 2.0
"""How far the encoders may stand from the park position: more than a worm's slack, less than a roof would forgive."""
AGAIN_S = 20.0


async def run(duty: Duty) -> None:
    """Done when the switches prove the roof closed. It is tried as often as the policy says before people are called.

    Raises DeviceError after that; the table begins it again.
    """
    duty.closing = True
    for attempt in range(1, duty.rules.safety.retries + 1):
        try:
            await _bring_home(duty)
        except DeviceError as error:
            duty.log("close-failed", attempt=attempt, reason=str(error))
            await duty.ports.clock.sleep(AGAIN_S)
        else:
            duty.closing = False
            await _cap(duty)
            return
    duty.log("alarm", reason="the roof does not close: it needs hands, now")
    raise DeviceError(f"the roof is not seen closed after {duty.rules.safety.retries} attempts")


async def _bring_home(duty: Duty) -> None:
    """Under a roof that is seen closed nothing is moved; a roof that clears the mount does not wait for it."""
    with suppress(DeviceError):
        if await duty.ports.enclosure.state() is Roof.CLOSED:
            return
    try:
        await _park(duty)
    except DeviceError as error:
        if not duty.rules.clears:
            raise
        duty.log("park-failed", reason=str(error))
    await _shut(duty)


async def _park(duty: Duty) -> None:
    mount = duty.ports.mount
    if not seen_parked(await mount.state(), duty.rules.park):
        with suppress(DeviceError):  # a mount that cannot be stopped may still park
            await mount.stop()
        await mount.park()
        if not seen_parked(state := await mount.state(), duty.rules.park):
            where = f"altitude {state.altitude_deg} deg, azimuth {state.azimuth_deg} deg"
            raise DeviceError(f"the mount was asked to park and stands at {where}")
        duty.log("mount-parked")


async def _shut(duty: Duty) -> None:
    enclosure = duty.ports.enclosure
    duty.log("roof-closing")
    await enclosure.close()
    if (seen := await enclosure.state()) is not Roof.CLOSED:
        raise DeviceError(f"the roof was asked to close and its switches say '{seen}'")
    duty.log("roof-closed")


async def _cap(duty: Duty) -> None:
    """Cap the telescope, at last: a cap that sticks must not keep a roof open."""
    instrument = duty.ports.instrument
    if instrument is None or instrument.panel is None:
        return
    try:
        await instrument.panel.dark()
    except DeviceError as error:
        duty.log("cap-failed", reason=str(error))


def seen_parked(state: MountState, park: ParkPosition) -> bool:
    """Whether the mount both claims to be parked and stands where it parks: a claim alone is no proof."""
    if not state.parked or state.altitude_deg is None or state.azimuth_deg is None:
        return False
    turn = (state.azimuth_deg - park.azimuth + 180) % 360 - 180
    across = abs(turn) * cos(radians(state.altitude_deg))
    return max(across, abs(state.altitude_deg - park.altitude)) <= PARKED_WITHIN_DEG
