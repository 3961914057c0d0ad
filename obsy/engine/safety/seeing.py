"""What the end switches and the encoders prove. Commands, claims and silence are no evidence."""

from math import cos, isfinite, radians, remainder

from obsy.engine.devices.ports import MountState, Roof
from obsy.engine.safety.asking import state_of, told
from obsy.engine.safety.shelter import Shelter, ShelteredMount
from obsy.errors import DeviceError
from obsy.schemas.mount import ParkPosition

PARKED_WITHIN_DEG = 2.0
"""How far the encoders may stand from the park position: more than a worm's slack, less than a roof would forgive."""


async def roof(shelter: Shelter) -> Roof:
    """Return where the end switches say the roof is; unknown if they say nothing that can be understood."""
    seen, stance = await glance(shelter), shelter.stance
    stance.travels = seen is Roof.MOVING or (stance.travels and seen is Roof.UNKNOWN)
    return seen


async def glance(shelter: Shelter) -> Roof:
    """Return what the switches say of a roof on its way, and note when: where it says so, it need not have arrived."""
    try:
        seen = await state_of("the roof's switches", shelter.port, _understood_roof)
    except DeviceError:
        seen = Roof.UNKNOWN
    shelter.stance.sightings.note(seen, shelter.clock.monotonic())
    if seen is not Roof.UNKNOWN:
        shelter.stance.unseen = 0
    return seen


def _understood_roof(seen: object) -> Roof:
    return seen if isinstance(seen, Roof) else Roof.UNKNOWN


async def mount_state(mount: ShelteredMount) -> MountState:
    """Return what a mount says of itself. Raise DeviceError if it says nothing that can be understood."""

    def understood(state: object) -> MountState:
        if not isinstance(state, MountState) or not _is_understood(state):
            raise DeviceError(f"the mount '{mount.declared.name}' answered {told(state)}")
        return state

    return await state_of(f"the mount '{mount.declared.name}'", mount.port, understood)


def _is_understood(state: MountState) -> bool:
    """Return whether its claims are claims, and its encoders numbers that an axis can have; each may be unknown."""
    claims = all(each is None or isinstance(each, bool) for each in (state.parked, state.tracking))
    axes = ((state.altitude_deg, 90.0), (state.azimuth_deg, 720.0))
    return claims and all(each is None or _is_number(each, most) for each, most in axes)


def _is_number(said: object, most: float) -> bool:
    return isinstance(said, float | int) and not isinstance(said, bool) and -most <= said <= most


async def why_not_parked(mount: ShelteredMount) -> str:
    """Return why a mount is not seen parked; empty if it is."""
    try:
        state = await mount_state(mount)
    except DeviceError as error:
        return str(error)
    return "" if seen_parked(state, mount.declared.park) else _described(mount, state)


async def all_parked(shelter: Shelter) -> bool | None:
    """Return whether every mount is seen parked; None if one of them says nothing."""
    try:
        seen = [(await mount_state(each), each.declared.park) for each in shelter.mounts]
    except DeviceError:
        return None
    return all(seen_parked(*each) for each in seen)


async def why_astray(mount: ShelteredMount) -> str:
    """Return what proves that a mount is not parked; empty if it is silent, or nothing it says proves it."""
    try:
        state = await mount_state(mount)
    except DeviceError:
        return ""
    stands = _off_deg(state, mount.declared.park)
    away = stands is not None and stands > PARKED_WITHIN_DEG
    return _described(mount, state) if state.parked is False or state.tracking is True or away else ""


def seen_parked(state: MountState, park: ParkPosition) -> bool:
    """Return whether the mount claims to be parked, stands where it parks and does not track.

    A claim alone is no proof. A mount that cannot say whether it tracks is known by where it stands.
    """
    stands = _off_deg(state, park)
    return state.parked is True and state.tracking is not True and stands is not None and stands <= PARKED_WITHIN_DEG


def _off_deg(state: MountState, park: ParkPosition) -> float | None:
    """Return how far a mount stands from where it parks, in the worse of its two directions; None if it is unknown."""
    if state.altitude_deg is None or state.azimuth_deg is None:
        return None
    try:
        across = abs(remainder(state.azimuth_deg - park.azimuth, 360.0)) * cos(radians(state.altitude_deg))
        off = max(abs(across), abs(state.altitude_deg - park.altitude))
    except (TypeError, ValueError, OverflowError):  # text, or beyond all numbers
        return None
    return off if isfinite(off) else None


def _described(mount: ShelteredMount, state: MountState) -> str:
    claim = "does not say whether it is parked"
    if isinstance(state.parked, bool):
        claim = "claims to be parked" if state.parked else "is not parked"
    tracks = ", tracks," if state.tracking is True and state.parked is True else ""
    where = f"altitude {_tenths(state.altitude_deg)}, azimuth {_tenths(state.azimuth_deg)}"
    return f"the mount '{mount.declared.name}' {claim}{tracks} and stands at {where}"


def _tenths(angle_deg: float | None) -> str:
    """Return an angle in words, and never -0.0."""
    return "unknown" if angle_deg is None else f"{round(angle_deg, 1) + 0.0:.1f} deg"
