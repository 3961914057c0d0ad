"""Where Moon and planets are, by JPL's ephemeris DE440 as obsy carries it; by ERFA's series before and after."""

from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path

import erfa
import numpy as np
from numpy.polynomial.chebyshev import chebval
from numpy.typing import NDArray

from obsy.engine.sky.earth_motion import earth_motion
from obsy.engine.sky.grid import Floats
from obsy.engine.sky.instants import any_date
from obsy.errors import UserError

FIRST_MJD, LAST_MJD = 40_587.0, 73_459.0
"""From 1970 to 2060, TDB; before and after, ERFA's series are good to 86 arcsec (the Moon's to 10)."""

_PLAN94 = {"mercury": 1, "venus": 2, "mars": 4, "jupiter": 5, "saturn": 6, "uranus": 7, "neptune": 8}

STORED_IN = Path(__file__).parent / "planets" / "planets.npy"


@dataclass(frozen=True)
class Polynomials:
    """How the way of a body is cut into pieces, each of them Chebyshev polynomials in x, y and z."""

    days: int
    """How long a piece is."""
    terms: int
    """Coefficients of each polynomial."""
    unit_au: float = 1e-8
    """What a stored 1 stands for."""

    @property
    def pieces(self) -> int:
        """How many cover all the years."""
        return int(np.ceil((LAST_MJD - FIRST_MJD) / self.days))

    @property
    def size(self) -> int:
        """How many numbers are stored of it: (pieces, terms, 3)."""
        return self.pieces * self.terms * 3


STORED = {
    "moon": Polynomials(16, 15, 5e-10),
    "mercury": Polynomials(32, 15),
    "venus": Polynomials(64, 9),
    "mars": Polynomials(128, 9),
    "jupiter": Polynomials(256, 9),
    "saturn": Polynomials(256, 9),
    "uranus": Polynomials(256, 9),
    "neptune": Polynomials(256, 9, 2e-8),
}
"""In the order in which they are stored; the Moon from the Earth, all others from the Sun."""


def barycentric_au(name: str, tdb_mjd: Floats) -> Floats:
    """Return where the Sun, the Moon or a planet is, au along the ICRS axes; (times, 3).

    Within 0.2 arcsec of DE440, seen from the Earth. The Sun and the Earth are those of ERFA's series: within 11 km
    as seen from each other, and 130 km off the barycentre, to which DE440 counts more bodies.
    """
    earth = earth_motion(tdb_mjd)
    if name == "earth":
        return earth.from_barycentre_au
    centre = earth.from_barycentre_au - (0.0 if name == "moon" else earth.from_sun_au)
    if name == "sun":
        return centre
    stored = name in STORED and tdb_mjd.min() >= FIRST_MJD and tdb_mjd.max() < LAST_MJD
    return centre + (_by_table if stored else _by_series)(name, tdb_mjd)


def _by_series(name: str, mjd: Floats) -> Floats:
    """Return the Moon from the Earth, a planet from the Sun. Source: ERFA moon98 and plan94 (Simon et al. 1994)."""
    if name == "moon":
        return np.asarray(erfa.moon98(erfa.DJM0, mjd)["p"])
    with any_date():
        return np.asarray(erfa.plan94(erfa.DJM0, mjd, _PLAN94[name])["p"])


def _by_table(name: str, mjd: Floats) -> Floats:
    series = STORED[name]
    piece, into = np.divmod(mjd - FIRST_MJD, series.days)
    terms = _numbers()[name][piece.astype(np.int64)] * series.unit_au
    return np.asarray(chebval(2 * into / series.days - 1, terms.transpose(1, 2, 0), tensor=False).T)


@cache
def _numbers(path: Path = STORED_IN) -> dict[str, NDArray[np.int32]]:
    """By body: (pieces, terms, 3), mapped and not read. Raise UserError where they do not lie there whole."""
    ends = [*accumulate(each.size for each in STORED.values())]
    try:
        numbers = np.load(path, mmap_mode="r")
    except (OSError, ValueError, EOFError):
        numbers = np.empty(0, np.int32)
    if numbers.shape != (ends[-1],):
        raise UserError(f"{path} is not there whole: install obsy again")
    return {
        name: numbers[end - each.size : end].reshape(each.pieces, each.terms, 3)
        for (name, each), end in zip(STORED.items(), ends, strict=True)
    }
