"""How the Earth turns and its pole wanders, day by day: the table of the IERS that astropy brings, read by its columns.

Source of the columns: IERS, readme.finals2000A; what bulletin B says counts where it says it, as in astropy. Of years
long gone the series C04, which astropy asks, tells UT1 otherwise by 10 us (2017) to 2 ms (1975).
"""

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from astropy_iers_data import IERS_A_FILE

from obsy.engine.sky.grid import Floats

_RECENT_DAYS = 4 * 365
_MJD, _UT1, _UT1_B, _POLE_FLAG = (7, 15), (58, 68), (154, 165), 16
_POLE, _POLE_B = ((18, 27), (37, 46)), ((134, 144), (144, 154))
_MJD_0 = date(1858, 11, 17)
Columns = tuple[int, int]


class EarthRotation(NamedTuple):
    """What is known of each of some days at its midnight, UTC; all (days,)."""

    mjd: Floats
    ut1_utc_s: Floats
    x_arcsec: Floats
    """Of the pole."""
    y_arcsec: Floats

    def first_and_last(self) -> tuple[date, date]:
        """Return between which days it says something."""
        first, last = (_MJD_0 + timedelta(days=float(self.mjd[at])) for at in (0, -1))
        return first, last

    def ut1_utc(self, mjd: Floats) -> Floats:
        """Return by how many seconds UT1 is ahead of UTC at some times (UTC); beyond its days, as on the last of them.

        A leap second falls on the end of its day: until then UT1 goes on as if there were none.
        """
        at = np.clip(np.searchsorted(self.mjd, mjd, side="right") - 1, 0, len(self.mjd) - 2)
        change = np.diff(self.ut1_utc_s)
        part = np.clip((mjd - self.mjd[at]) / np.diff(self.mjd)[at], 0.0, 1.0)
        return np.asarray(self.ut1_utc_s[at] + part * (change - change.round())[at])

    def pole(self, mjd: Floats) -> tuple[Floats, Floats]:
        """Return where the pole is at some times (UTC), radians along x and y; beyond its days, as on the last."""
        x, y = (np.radians(np.interp(mjd, self.mjd, said) / 3600) for said in (self.x_arcsec, self.y_arcsec))
        return x, y


@cache
def recent_rotation() -> EarthRotation:
    """Return the last four years, in which nearly all nights lie, and the year ahead that is foretold."""
    return _read(_RECENT_DAYS)


def rotation_since(mjd: float) -> EarthRotation:
    """Return what serves for times from one (UTC) on: 50 years take a tenth of a second to read, the last four none."""
    recent = recent_rotation()
    return recent if mjd > recent.mjd[0] + 1.0 else _whole()


@cache
def _whole() -> EarthRotation:
    return _read()


def _read(last_days: int = 0) -> EarthRotation:
    """Return the last days of the table, or all of it."""
    days = Path(IERS_A_FILE).read_text(encoding="ascii").splitlines()[-last_days:]  # one a line
    known = [day for day in days if day[slice(*_UT1)].strip() and day[_POLE_FLAG].strip()]
    (ut1,), (x, y) = _combined(known, (_UT1,), (_UT1_B,)), _combined(known, _POLE, _POLE_B)
    return EarthRotation(_numbers(known, _MJD), ut1, x, y)


def _numbers(days: list[str], columns: Columns) -> Floats:
    """Return what stands in some columns of each day, nan where nothing does."""
    said = (day[slice(*columns)].strip() for day in days)
    return np.array([float(each) if each else np.nan for each in said])


def _combined(days: list[str], a: tuple[Columns, ...], b: tuple[Columns, ...]) -> list[Floats]:
    """Return what bulletin B says of each day, where it says all, else what A does."""
    final = [_numbers(days, columns) for columns in b]
    lacking = np.isnan(final).any(axis=0)
    return [np.where(lacking, _numbers(days, of_a), of_b) for of_a, of_b in zip(a, final, strict=True)]
