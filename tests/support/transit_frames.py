"""A folder of frames of a real field, as somebody else's camera might have taken them while a planet crossed a star."""

from datetime import UTC, datetime, timedelta

import numpy as np
from astropy.io import fits

from obsy.engine.declare.target import Ephemeris
from obsy.engine.reduce.mid_exposure import mid_exposure
from obsy.engine.reduce.plane import pixels, tangent
from obsy.engine.science.transit.model import exposed_flux
from obsy.engine.science.transit.planet import KnownPlanet
from obsy.engine.sky.catalogue import cone
from obsy.schemas.site import Location
from tests.support.transits import LIMB, ORBIT, RATIO

SIDE, SCALE, SIGMA = 200, 10.0, 1.3
RA, DEC = 294.0, 58.0
PLACE = Location(31.68, -110.88, 2600.0)
BEGAN = datetime(2026, 8, 20, 4, 0, tzinfo=UTC)
EXPOSURE_S, EVERY_S = 60.0, 500.0
SKY, GAIN, FULL = 300.0, 2.0, 60000.0
PLANE = tangent(RA, DEC, (SIDE / 2, SIDE / 2), np.array([[-SCALE / 3600, 0.0], [0.0, SCALE / 3600]]))
ALL = cone(RA, DEC, 0.5)
"""The field's stars, brightest first."""
X, Y = pixels(PLANE, ALL.ra_deg, ALL.dec_deg).T
SHOWN = np.flatnonzero((np.minimum(X, Y) > 12) & (np.maximum(X, Y) < SIDE - 12))
STAR = float(ALL.ra_deg[SHOWN[3]]), float(ALL.dec_deg[SHOWN[3]])
"""The fourth brightest that is well inside."""


def middle_of(frame):
    """When the middle of a frame was, BJD_TDB."""
    return mid_exposure(BEGAN + timedelta(seconds=frame * EVERY_S), EXPOSURE_S, STAR, PLACE).bjd_tdb


def planet_crossing(at, late_d=0.0):
    """A planet whose transit is predicted for a moment, BJD_TDB, and was late."""
    ephemeris = Ephemeris(at - late_d, ORBIT.period_d, 3.1, "BJD_TDB")
    return KnownPlanet("Ours b", ephemeris, 0.12, ORBIT, limb=LIMB, reference="ours", place=STAR)


def cards_of(frame):
    """What the camera writes of a frame."""
    began = BEGAN + timedelta(seconds=frame * EVERY_S)
    return {
        "DATE-OBS": f"{began:%Y-%m-%dT%H:%M:%S}.000+00:00",
        "EXPTIME": EXPOSURE_S,
        "RA": RA,
        "DEC": DEC,
        "PIXSCALE": SCALE,
        "FILTER": "V",
        "LATITUDE": PLACE.latitude_deg,
        "LONGITUD": PLACE.longitude_deg,
        "LST": "00:00:00",
    }


def write_frame(folder, frame, share=1.0, *, light=400.0, changed=None):
    """Write the frame, in which the star has a share of its light; `light`: how much is gathered of each star.

    changed: cards that say something else, or nothing (None).
    """
    dice = np.random.default_rng(1000 + frame)
    x, y = X + 0.37 * frame % 3, Y - 0.23 * frame % 2
    adu = light * 10 ** (-0.4 * (ALL.mag - 16))
    adu[SHOWN[3]] *= share
    rows, columns = np.arange(SIDE)[:, None], np.arange(SIDE)[:, None]
    across, down = (np.exp(-((axis - each) ** 2) / (2 * SIGMA**2)) for axis, each in ((columns, x), (rows, y)))
    true = (down * adu) @ across.T / (2 * np.pi * SIGMA**2)
    counts = dice.poisson((SKY + true) * GAIN) / GAIN + dice.normal(0, 3, true.shape)
    hdu = fits.PrimaryHDU(np.clip(counts, 0, FULL).astype(np.float32))
    for name, value in (cards_of(frame) | (changed or {})).items():
        if value is not None:
            hdu.header[name] = value
    path = folder / f"{frame:03}.fits"
    hdu.writeto(path)
    return path


def write_night(folder, frames=30, late_d=0.004):
    """Write a night with a transit amid its frames, and return its planet and its middle, BJD_TDB."""
    middle = middle_of((frames - 1) / 2)
    for frame in range(frames):
        share = exposed_flux(np.array([middle_of(frame) - middle]), EXPOSURE_S, RATIO, ORBIT, LIMB)[0]
        write_frame(folder, frame, share)
    return planet_crossing(middle, late_d), middle
