"""A mount that tracks on past what is declared of it: its pier is nearer than its target."""

import asyncio
from collections.abc import Callable
from math import atan2, cos, degrees, radians, sin

from obsy.engine.devices.ports import MountState, Pier
from obsy.engine.events import Log
from obsy.engine.events.roof import AlarmRaised
from obsy.engine.journal import tell_stderr
from obsy.engine.safety import seeing
from obsy.engine.safety.asking import ask, attempt, told
from obsy.engine.safety.shelter import HALF_TURN_DEG, Shelter, ShelteredMount
from obsy.errors import DeviceError
from obsy.schemas.mount import Mount
from obsy.schemas.site import Location

LOOK_S = 30.0
"""How often a mount is asked; the sky turns by an eighth of a degree meanwhile."""
DEGREES_PER_SECOND = 360.0 / 86164.1
LATE_S, LOW_DEG = 60.0, 1.0
"""How far past its limits a mount is stopped: a block may end a little late."""


async def keep_within_limits(shelter: Shelter, say: Log, violated: Callable[[str], None]) -> None:
    """Stop, for ever, each mount that tracks past its limits for longer than a slew takes, and call people.

    violated: is told of one that tracks on all the same.
    """
    if shelter.place is not None:
        await asyncio.gather(*(_keep_within(mount, shelter, say, violated) for mount in shelter.mounts))


async def _keep_within(mount: ShelteredMount, shelter: Shelter, say: Log, violated: Callable[[str], None]) -> None:
    past_s, slew_s = 0.0, 2.0 * HALF_TURN_DEG / mount.declared.slew + mount.declared.settle
    while True:
        await shelter.clock.sleep(LOOK_S)
        try:
            why = await _why_past(mount, shelter.place)
            past_s = past_s + LOOK_S if why else 0.0
            if past_s > slew_s + LOOK_S:
                violated(f"{why}; it was told to stop")
            elif past_s > slew_s:
                say(AlarmRaised(reason=f"{why}: it is stopped"))
            if past_s > slew_s:
                await attempt(ask(f"the mount '{mount.declared.name}', told to stop,", mount.port.stop))
        except Exception as fault:
            tell_stderr(f"obsy: the limits of the mount '{mount.declared.name}' cannot be watched: {told(fault)}")


async def _why_past(mount: ShelteredMount, place: Location | None) -> str:
    """Return which limit a mount has passed; one that says nothing is not known to track."""
    try:
        return why_past(mount.declared, await seeing.mount_state(mount), place) if place is not None else ""
    except DeviceError:
        return ""


def why_past(mount: Mount, state: MountState, place: Location) -> str:
    """Return which of its declared limits a mount that tracks has passed; empty if none, or if it does not say."""
    if state.tracking is not True or state.parked or state.altitude_deg is None or state.azimuth_deg is None:
        return ""
    lowest = mount.altitude.above
    if lowest is not None and state.altitude_deg < lowest - LOW_DEG:
        return f"the mount '{mount.name}' tracks at {state.altitude_deg:.1f} deg, and reaches down to {lowest:g} deg"
    past_s = hour_angle(state.altitude_deg, state.azimuth_deg, place.latitude_deg) / DEGREES_PER_SECOND
    if mount.meridian is not None and state.pier is Pier.WEST and past_s > mount.meridian.past + LATE_S:
        most = f"{mount.meridian.past / 60.0:g} min"
        return f"the mount '{mount.name}' tracks {past_s / 60.0:.0f} min past the meridian, and may for {most}"
    return ""


def hour_angle(altitude_deg: float, azimuth_deg: float, latitude_deg: float) -> float:
    """Return the hour angle, degrees west of the meridian, of a direction; azimuth from north through east."""
    height, azimuth, latitude = radians(altitude_deg), radians(azimuth_deg), radians(latitude_deg)
    west = -sin(azimuth) * cos(height)
    return degrees(atan2(west, sin(height) * cos(latitude) - cos(height) * cos(azimuth) * sin(latitude)))
