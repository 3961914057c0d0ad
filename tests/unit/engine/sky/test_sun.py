import numpy as np
from astropy.coordinates import AltAz, EarthLocation, get_body

from obsy.engine.sky.grid import Grid
from obsy.engine.sky.instants import instants
from obsy.engine.sky.sun import sun


def test_the_sun_stands_as_high_as_astropy_says(calar_alto, evening: Grid):
    grid = Grid(evening.start, 3600.0, 25)
    times = instants(grid)
    location = EarthLocation.from_geodetic(calar_alto.longitude_deg, calar_alto.latitude_deg, calar_alto.elevation_m)
    theirs = get_body("sun", times, location).transform_to(AltAz(obstime=times, location=location))
    assert np.abs(sun(grid, calar_alto).altitude_deg - theirs.alt.deg).max() * 3600 < 1
