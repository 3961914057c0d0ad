"""Places that move, at the epoch in which all of obsy has them."""

from math import atan2, cos, degrees, hypot, radians, sin

from obsy.engine.declare.target import FixedTarget
from obsy.schemas.motion import J2000
from obsy.schemas.target import Position

_MAS = radians(1 / 3.6e6)


def at_j2000(place: Position) -> FixedTarget:
    """Return a place with its motion at J2000.0: it goes straight on in space, and only across the line of sight."""
    if place.motion is None:
        still = FixedTarget(place.ra, place.dec)
        return still._replace(motion_mas=(0.0, 0.0, place.parallax)) if place.parallax else still
    east, north, years = place.motion.ra, place.motion.dec, J2000.years - place.epoch.years
    ra, dec = radians(place.ra), radians(place.dec)
    toward = (cos(dec) * cos(ra), cos(dec) * sin(ra), sin(dec))
    eastward, northward = (-sin(ra), cos(ra), 0.0), (-sin(dec) * cos(ra), -sin(dec) * sin(ra), cos(dec))
    speed = [east * e + north * n for e, n in zip(eastward, northward, strict=True)]
    x, y, z = (at + _MAS * years * each for at, each in zip(toward, speed, strict=True))
    ra, dec, far = atan2(y, x), atan2(z, hypot(x, y)), hypot(x, y, z)
    east = (speed[1] * cos(ra) - speed[0] * sin(ra)) / far
    north = (speed[2] * cos(dec) - (speed[0] * cos(ra) + speed[1] * sin(ra)) * sin(dec)) / far
    return FixedTarget(degrees(ra) % 360.0, degrees(dec), motion_mas=(east, north, place.parallax))
