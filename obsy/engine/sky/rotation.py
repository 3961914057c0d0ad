"""How the Earth is turned, day by day, from the table that comes with astropy."""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import erfa
import numpy as np
from astropy.time import Time
from astropy.utils import iers

from obsy.engine.sky.arrays import Floats

_ARCSEC = erfa.DAS2R


class Rotation(NamedTuple):
    """UT1 less TAI in seconds, and the pole's x and y in radians; each (times,)."""

    ut1_tai_s: Floats
    pole_x: Floats
    pole_y: Floats


def rotation(times: Time) -> Rotation:
    """The Earth's rotation at `times`; before the table its first line holds, after it the last.

    So a program that has not been renewed for years still points within an arcminute, and never asks the network.
    """
    mjd, *columns = _table()
    utc = (times.utc.jd1 - erfa.DJM0) + times.utc.jd2
    return Rotation(*(np.interp(utc, mjd, column) for column in columns))


@lru_cache(maxsize=1)
def _table() -> tuple[Floats, Floats, Floats, Floats]:
    """Modified Julian date (UTC), UT1 less TAI, and the pole's x and y of every day that has them.

    Source: IERS finals2000A, columns as in its readme: final values (Bulletin B), else rapid or predicted (Bulletin A).
    """
    lines = [line for line in Path(iers.IERS_A_FILE).read_text().splitlines() if line[58:68].strip()]
    mjd = np.array([float(line[7:15]) for line in lines])
    ut1_utc = np.array([float(line[154:165].strip() or line[58:68]) for line in lines])
    pole_x = np.array([float(line[134:144].strip() or line[18:27]) for line in lines])
    pole_y = np.array([float(line[144:154].strip() or line[37:46]) for line in lines])
    # TAI runs without the leaps of UTC, so that what lies between two days is a straight line.
    tai_utc = erfa.dat(*erfa.jd2cal(erfa.DJM0, mjd))
    return mjd, ut1_utc - tai_utc, pole_x * _ARCSEC, pole_y * _ARCSEC
