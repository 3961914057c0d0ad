"""A mount that tracks on past what is declared of it: its pier is nearer than its target."""

from obsy.engine.devices.directions import hour_angle_declination
from obsy.engine.devices.ports import MountState, Pier
from obsy.engine.sidereal import DEGREES_PER_S
from obsy.schemas.mount import Mount
from obsy.schemas.site import Location

LATE_S, LOW_DEG = 60.0, 1.0
"""How far past its limits a mount is stopped: a block may end a little late."""


def why_past(mount: Mount, state: MountState, place: Location) -> str:
    """Return which of its declared limits a mount that tracks has passed; empty if none, or if it does not say."""
    if state.tracking is not True or state.parked or state.altitude_deg is None or state.azimuth_deg is None:
        return ""
    lowest = mount.altitude.above
    if lowest is not None and state.altitude_deg < lowest - LOW_DEG:
        return f"the mount '{mount.name}' tracks at {state.altitude_deg:.1f} deg, and reaches down to {lowest:g} deg"
    hour_deg, _ = hour_angle_declination(state.altitude_deg, state.azimuth_deg, place.latitude_deg)
    past_s = hour_deg / DEGREES_PER_S
    if mount.meridian is not None and state.pier is Pier.WEST and past_s > mount.meridian.past + LATE_S:
        most = f"{mount.meridian.past / 60.0:g} min"
        return f"the mount '{mount.name}' tracks {past_s / 60.0:.0f} min past the meridian, and may for {most}"
    return ""
