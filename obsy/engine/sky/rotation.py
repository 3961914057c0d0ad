"""How the Earth has turned of late: the last years of the table that astropy brings, in a tenth of astropy's time.

Source of the columns: IERS, readme.finals2000A; what bulletin B says counts where it says it, as in astropy.
"""

from functools import cache
from pathlib import Path

import astropy.units as u
import numpy as np
from astropy.utils import iers

from obsy.engine.sky.grid import Floats

_RECENT_DAYS = 4 * 365
_MJD, _UT1, _UT1_FLAG, _POLE_FLAG, _NUTATION_FLAG = (7, 15), (58, 68), 57, 16, 95
_UT1_B, _POLE, _POLE_B = (154, 165), ((18, 27), (37, 46)), ((134, 144), (144, 154))
_NUTATION, _NUTATION_B = ((97, 106), (116, 125)), ((165, 175), (175, 185))
Columns = tuple[int, int]


@cache
def recent_rotation() -> iers.IERS_A:
    """Return the table of the last four years, and of the year ahead that is foretold, as `iers.IERS_A.read` would."""
    days = Path(iers.IERS_A_FILE).read_text(encoding="ascii").splitlines()[-_RECENT_DAYS:]  # one a line
    known = [day for day in days if day[slice(*_UT1)].strip() and day[_POLE_FLAG].strip()]
    table = iers.IERS_A()
    table["MJD"] = _numbers(known, _MJD) * u.d
    (ut1,), table["UT1Flag"] = _combined(known, (_UT1,), (_UT1_B,), _UT1_FLAG)
    (x, y), table["PolPMFlag"] = _combined(known, _POLE, _POLE_B, _POLE_FLAG)
    (dx, dy), table["NutFlag"] = _combined(known, _NUTATION, _NUTATION_B, _NUTATION_FLAG)
    table["UT1_UTC"] = ut1 * u.s
    table["PM_x"], table["PM_y"] = x * u.arcsec, y * u.arcsec
    table["dX_2000A"], table["dY_2000A"] = dx * u.marcsec, dy * u.marcsec
    return table


def _numbers(days: list[str], columns: Columns) -> Floats:
    """Return what stands in some columns of each day, nan where nothing does."""
    said = (day[slice(*columns)].strip() for day in days)
    return np.array([float(each) if each else np.nan for each in said])


def _combined(
    days: list[str], a: tuple[Columns, ...], b: tuple[Columns, ...], flag: int
) -> tuple[list[Floats], "np.ndarray[tuple[int], np.dtype[np.str_]]"]:
    """Return what bulletin B says of each day, where it says all, else what A does; and which of the two it is."""
    final = [_numbers(days, columns) for columns in b]
    lacking = np.isnan(final).any(axis=0)
    values = [np.where(lacking, _numbers(days, of_a), of_b) for of_a, of_b in zip(a, final, strict=True)]
    return values, np.where(lacking, [day[flag].strip() for day in days], "B")
