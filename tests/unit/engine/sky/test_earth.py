import numpy as np
from astropy.coordinates import EarthLocation, get_body_barycentric_posvel

from obsy.engine.sky.earth import earth
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.instants import instants


def test_the_earth_moves_as_in_astropys_ephemeris(evening: Grid, calar_alto):
    times = instants(evening)
    where, speed = get_body_barycentric_posvel("earth", times, ephemeris="builtin")
    ours = earth(times, calar_alto)
    assert np.allclose(ours.centre, where.xyz.to_value("au").T, atol=1e-12)
    assert np.allclose(ours.velocity, speed.xyz.to_value("au/d").T, atol=1e-12)


def test_the_observer_stands_where_astropy_puts_a_place(evening: Grid, calar_alto):
    times = instants(evening)
    location = EarthLocation.from_geodetic(calar_alto.longitude_deg, calar_alto.latitude_deg, calar_alto.elevation_m)
    theirs = location.get_gcrs_posvel(times)[0].xyz.to_value("au").T
    ours = earth(times, calar_alto)
    assert np.abs(ours.observer - ours.centre - theirs).max() * 1.496e11 < 1  # metre
