"""What the end switches and the encoders prove. Commands, claims and silence are no evidence."""

from math import cos, radians, remainder

from obsy.engine.devices.ports import MountState, Roof
from obsy.engine.safety.asking import ask
from obsy.engine.safety.shelter import Shelter, ShelteredMount
from obsy.errors import DeviceError
from obsy.schemas.mount import ParkPosition

PARKED_WITHIN_DEG = 2.0
"""How far the encoders may stand from the park position: more than a worm's slack, less than a roof would forgive."""


async def roof(shelter: Shelter) -> Roof:
    """Return where the end switches say the roof is; unknown if they say nothing that can be understood."""
    try:
        seen = await ask("the roof's switches", shelter.port.state)
    except DeviceError:
        return Roof.UNKNOWN
    return seen if isinstance(seen, Roof) else Roof.UNKNOWN


async def mount_state(mount: ShelteredMount) -> MountState:
    """Return what a mount says of itself. Raise DeviceError if it says nothing that can be understood."""
    state = await ask(f"the mount '{mount.declared.name}'", mount.port.state)
    if not isinstance(state, MountState):
        raise DeviceError(f"the mount '{mount.declared.name}' answered {state!r}")
    return state


async def why_not_parked(mount: ShelteredMount) -> str:
    """Return why a mount is not seen parked; empty if it is."""
    try:
        state = await mount_state(mount)
    except DeviceError as error:
        return str(error)
    if seen_parked(state, mount.declared.park):
        return ""
    claim = "does not say whether it is parked"
    if isinstance(state.parked, bool):
        claim = "claims to be parked" if state.parked else "is not parked"
    where = f"altitude {state.altitude_deg} deg, azimuth {state.azimuth_deg} deg"
    return f"the mount '{mount.declared.name}' {claim} and stands at {where}"


def seen_parked(state: MountState, park: ParkPosition) -> bool:
    """Return whether the mount both claims to be parked and stands where it parks: a claim alone is no proof."""
    if state.parked is not True or state.altitude_deg is None or state.azimuth_deg is None:
        return False
    try:
        across = abs(remainder(state.azimuth_deg - park.azimuth, 360.0)) * cos(radians(state.altitude_deg))
        down = abs(state.altitude_deg - park.altitude)
    except (TypeError, ValueError, OverflowError):  # text, or beyond all numbers
        return False
    return across <= PARKED_WITHIN_DEG and down <= PARKED_WITHIN_DEG  # not a number is not within
