"""Whether a real roof may be drilled now, and what counts while it is; see decision 22."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from obsy.engine.declare.equipment import SafetyEquipment
from obsy.engine.declare.servers import server_of
from obsy.engine.devices.indi.drivers import program_of
from obsy.engine.safety.daylight import Direction, separation_deg, sunlight, why_too_light
from obsy.errors import UserError
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.mount import Mount
from obsy.schemas.policy import Safety, SunHeightLimit, SunLimits

LASTS = timedelta(hours=1)
"""A drill that lasts longer is ended, with the roof closed."""
ASKED_EVERY = timedelta(minutes=5)
"""How often on its way the Sun is asked for; it moves by 1.3 deg meanwhile."""
DWELL_S = 20.0
"""What was unsafe was played; so long the true weather must have been safe before the roof opens again."""
ANY_SUN_DEG = 90.0


def drill_of(root: Path, site: str) -> str:
    """Return what the guard of a drill holds for itself: no night asks it for a roof."""
    return f"the drill of the site '{site}' in {root.resolve()}"


def only_roof(equipment: SafetyEquipment, name: str) -> SafetyEquipment:
    """Return one roof and what stands under it. Raise UserError if there is none of that name."""
    roofs = {each.name: each for each in equipment.enclosures}
    if name not in roofs:
        raise UserError(f"'{name}' is no roof of this site; these are: {', '.join(roofs)}")
    mounts, inputs = equipment.mounts_of(name), equipment.inputs_of(name)
    return replace(equipment, enclosures=(roofs[name],), mounts=mounts, weather=inputs)


def check_may_be_drilled(equipment: SafetyEquipment, now: datetime) -> None:
    """Raise UserError unless the policy allows it, all can be reached, it stays day, and mounts park off the Sun."""
    safety, place = equipment.safety, equipment.site.location
    if safety.drills != "by day":
        raise UserError("no real roof is drilled here: say 'drills: by day' under 'safety' of the policy if it may be")
    parts: tuple[Enclosure | Mount, ...] = (*equipment.enclosures, *equipment.mounts)
    for each in parts:
        if each.device is None:
            raise UserError(f"the {each.kind} '{each.name}' has no 'device': there is nothing real to drill")
        if server_of(each.device, equipment.site) is None and program_of(each.device) is None:
            raise UserError(f"nobody says what drives the {each.kind} '{each.name}': add 'driver: …' to its 'device'")
    for step in range(LASTS // ASKED_EVERY + 1):
        when = now + step * ASKED_EVERY
        if not why_too_light(safety.sun, place, when):
            raise UserError(f"a roof is drilled by day, and at {when:%H:%M} UTC it is dark enough to observe: wait")
        for mount in equipment.mounts:
            _check_off_the_sun(mount, safety.sun, sunlight(place, when), when)


def _check_off_the_sun(mount: Mount, limits: SunLimits, light: Direction, when: datetime) -> None:
    apart_deg = separation_deg(light, Direction(mount.park.azimuth, mount.park.altitude))
    if light.latitude > 0.0 and apart_deg <= limits.mount.farther_than:
        raise UserError(
            f"the mount '{mount.name}' parks within {apart_deg:.0f} deg of where the Sun stands at {when:%H:%M} UTC; "
            f"the policy says farther than {limits.mount.farther_than:g} deg: drill at another time of the day"
        )


def by_day(safety: Safety) -> Safety:
    """Return what counts in a drill: all of it but the height of the Sun, and a shorter dwell."""
    low = SunHeightLimit.model_construct(below=ANY_SUN_DEG)
    return safety.model_copy(update={"sun": safety.sun.model_copy(update={"roof": low}), "dwell": DWELL_S})
