"""Where targets stand among the stars, from what is declared of them: by astropy, and skyfield's two-body motion.

What moves is declared with elements of about tonight, for which the pull of planets may be left out.
"""

from collections.abc import Sequence
from datetime import datetime
from math import atan2, degrees, hypot, sqrt

import astropy.units as u
import numpy as np
from astropy.coordinates import CartesianRepresentation, EarthLocation, SkyCoord, get_body_barycentric
from astropy.coordinates.matrix_utilities import rotation_matrix
from astropy.time import Time
from skyfield.keplerlib import propagate

from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.target import FixedTarget, Target
from obsy.schemas.target import Asteroid, Comet, Planet
from tests.support.judge import Taken
from tests.support.turning import turning

GM_SUN = 0.01720209895**2
"""Gauss's constant squared: au cubed a day squared."""
OBLIQUITY_DEG = 84381.448 / 3600
"""Of the ecliptic and equinox J2000, in which elements are published."""


def places(stands: Observatory, looked: Sequence[tuple[Taken, datetime]]) -> SkyCoord:
    """Return where what is taken stands at each moment, as it is seen from the site."""
    plans, trains = {each.name: each for each in stands.plans}, {each.name: each.train for each in stands.instruments}
    ra, dec = np.empty(len(looked)), np.empty(len(looked))
    for key in dict.fromkeys((each.plan, each.train, each.tile) for each, _ in looked):
        at = [n for n, (each, _) in enumerate(looked) if (each.plan, each.train, each.tile) == key]
        found = seen_at(stands, stands.targets[key[0]], [looked[n][1] for n in at])
        plan, train = plans[key[0]], trains[key[1]]
        if key[2] and plan.mosaic is not None:
            column, row = (int(number) for number in key[2][1:].split("-"))
            share = 1 - plan.mosaic.overlap / 100
            right = (column - (plan.mosaic.columns + 1) / 2) * share * train.field[0]
            up = ((plan.mosaic.rows + 1) / 2 - row) * share * train.field[1]
            turned = (train.rotation if plan.angle is None else plan.angle) - degrees(atan2(right, up))
            found = found.directional_offset_by(turned * u.deg, hypot(right, up) * u.deg)
        ra[at], dec[at] = found.ra.deg, found.dec.deg
    return SkyCoord(ra * u.deg, dec * u.deg)


def seen_at(stands: Observatory, target: Target, when: Sequence[datetime]) -> SkyCoord:
    """Return where a target stands at each moment; what is near the Earth as it stands from the site."""
    with turning(when[0]):
        times = Time(list(when))
        if isinstance(target, FixedTarget):
            motion = np.array(target.motion_mas or (0.0, 0.0)) * (times.jyear[:, None] - 2000.0) / 3.6e6
            ra = target.ra_deg + motion[:, 0] / np.cos(np.radians(target.dec_deg))
            return SkyCoord(ra * u.deg, (target.dec_deg + motion[:, 1]) * u.deg)
        place = stands.site.location
        here = EarthLocation.from_geodetic(place.longitude_deg, place.latitude_deg, place.elevation_m)
        seen_from = get_body_barycentric("earth", times) + here.get_gcrs_posvel(times)[0]
        emitted = times
        for _ in range(3):
            way = _barycentric(target, emitted) - seen_from
            emitted = times - way.norm() / (173.1446326847 * u.au / u.day)  # the speed of light
        seen = SkyCoord(way, frame="icrs")
        return SkyCoord(seen.ra, seen.dec)


def _barycentric(target: Target, times: Time) -> CartesianRepresentation:
    if isinstance(target, Planet):
        return get_body_barycentric(target.body, times)
    assert isinstance(target, Asteroid | Comet)
    e = target.eccentricity
    if isinstance(target, Asteroid):
        q, daily = target.semi_major_axis * (1 - e), np.sqrt(GM_SUN / target.semi_major_axis**3)
        perihelion = Time(target.epoch).tdb.jd - np.radians((target.mean_anomaly + 180) % 360 - 180) / daily
    else:
        q, perihelion = target.distance, Time(target.perihelion).tdb.jd
    there, speed = np.array([q, 0.0, 0.0]), np.array([0.0, sqrt(GM_SUN * (1 + e) / q), 0.0])
    position, _ = propagate(there, speed, perihelion, times.tdb.jd, GM_SUN)
    turned = np.eye(3)
    for angle, axis in ((target.argument, "z"), (target.inclination, "x"), (target.node, "z"), (OBLIQUITY_DEG, "x")):
        turned = rotation_matrix(-angle * u.deg, axis) @ turned
    return CartesianRepresentation(turned @ position, unit=u.au) + get_body_barycentric("sun", times)
