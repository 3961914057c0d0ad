import numpy as np
from astropy.coordinates import AltAz
from astropy.coordinates.erfa_astrom import ErfaAstrom

from obsy.engine.sky.earth import astrom_on, earth_location
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.instants import instants

METRE_AU, ARCSEC = 1 / 1.495978707e11, np.radians(1 / 3600)


def test_between_its_support_the_earth_is_where_astropy_puts_it_at_every_instant(evening: Grid, calar_alto):
    whole = ErfaAstrom.apco(AltAz(obstime=instants(evening), location=earth_location(calar_alto)))
    ours = astrom_on(evening, calar_alto)
    assert np.abs(ours["eb"] - whole["eb"]).max() < 500 * METRE_AU
    assert np.abs(ours["eral"] - whole["eral"]).max() < 1e-6 * ARCSEC
    assert np.abs(ours["bpn"] - whole["bpn"]).max() < 1e-6 * ARCSEC


def test_a_place_keeps_its_latitude_and_longitude(calar_alto):
    lon, lat, height = earth_location(calar_alto).geodetic
    assert np.allclose((lat.deg, lon.deg, height.to_value("m")), (37.2236, -2.5463, 2168.0))
