"""Thousands of bodies at once are where each of them is by itself, to a fraction of an arcsecond."""

from datetime import UTC, datetime

import numpy as np

from obsy.engine.sky.body import from_earth
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.instants import ClockTimes
from obsy.engine.sky.many_orbits import EllipticOrbits
from obsy.engine.sky.orbit import asteroid


def test_rough_directions_are_those_of_the_exact_orbits_at_their_epoch():
    when = datetime(2026, 12, 10, 22, tzinfo=UTC)
    mjd = float(ClockTimes.at([when]).tdb.mjd[0])
    rng = np.random.default_rng(4)
    axis, e = rng.uniform(0.8, 30, 40), rng.uniform(0, 0.97, 40)
    angles = rng.uniform(0, 360, (4, 40))
    angles[0] /= 2
    many = EllipticOrbits(axis, e, *angles, np.full(40, mjd))
    for at, towards in enumerate(many.directions(mjd)):
        inclination, node, argument, anomaly = (float(each) for each in angles[:, at])
        one = asteroid(float(axis[at]), float(e[at]), (inclination, node, argument), anomaly, mjd)
        exact = from_earth(one, Grid(when, 1.0, 1))[0]
        apart = np.linalg.norm(exact / np.linalg.norm(exact) - towards)
        assert np.degrees(apart) * 3600 < 1.0
