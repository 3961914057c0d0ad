"""Where the Earth is, how fast it moves and where its axis points: ERFA's series at few instants, polynomials between.

Ours, since the series cost 20 us an instant, and each planning asks for hundreds of the same night again and again.
"""

import warnings
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import erfa
import numpy as np
from numpy.polynomial.chebyshev import chebval, chebvander

from obsy.engine.sky.grid import Floats

_MJD = 2_400_000.5
_DAYS, _TERMS = 8, 14
"""Of a piece. It keeps within 4e-13 au (6 cm) of the series, which a date in days tells apart no better, the axis
within 0.01 microarcsec."""
_FEWEST = 2 * _TERMS
"""ClockTimes of a piece for which it is worth its while; of fewer the series themselves are asked."""
_Series = Callable[[Floats], Floats]
"""What some numbers are at each time; (times, numbers)."""


class EarthMotion(NamedTuple):
    """The Earth at some times, along the ICRS axes; (times, 3) each."""

    from_barycentre_au: Floats
    from_sun_au: Floats
    au_per_day: Floats
    """As the barycentre sees it."""


def earth_motion(tdb_mjd: Floats) -> EarthMotion:
    """Return where the Earth is at each time. Source: ERFA epv00, good to 11 km from 1900 to 2100."""
    values = _between(_motion, tdb_mjd)
    return EarthMotion(values[:, :3], values[:, 3:6], values[:, 6:])


def pole(tdb_mjd: Floats) -> Floats:
    """Return the celestial intermediate pole's X and Y, and the origin's locator s, radians; (times, 3).

    Source: ERFA pnm06a and s06 (IAU 2006/2000A).
    """
    return _between(_pole, tdb_mjd)


def _motion(mjd: Floats) -> Floats:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", erfa.ErfaWarning)  # before 1900 and after 2100 it is less good, and says so
        from_sun, from_barycentre = erfa.epv00(_MJD, mjd)
    return np.concatenate([from_barycentre["p"], from_sun["p"], from_barycentre["v"]], axis=1)


def _pole(mjd: Floats) -> Floats:
    x, y = erfa.bpn2xy(erfa.pnm06a(_MJD, mjd))
    return np.stack([x, y, erfa.s06(_MJD, mjd, x, y)], axis=-1)


def _between(series: _Series, mjd: Floats) -> Floats:
    pieces, piece_of = np.unique(np.floor(mjd / _DAYS), return_inverse=True)
    if len(mjd) < max(_FEWEST * len(pieces), 1):
        return series(mjd)
    found = []
    for number, piece in enumerate(pieces):
        mine = np.flatnonzero(piece_of == number)
        into = mjd[mine] - piece * _DAYS
        found.append((mine, chebval(2 * into / _DAYS - 1, _polynomials(series, float(piece))).T))
    values = np.empty((len(mjd), found[0][1].shape[1]))
    for mine, those in found:
        values[mine] = those
    return values


@lru_cache(maxsize=512)
def _polynomials(series: _Series, piece: float) -> Floats:
    """The coefficients of all numbers of a series; (terms, numbers). Source: interpolation at Chebyshev's roots."""
    roots = np.cos(np.pi * (np.arange(_TERMS) + 0.5) / _TERMS)
    values = series((piece + (roots + 1) / 2) * _DAYS)
    weights = chebvander(roots, _TERMS - 1) * np.where(np.arange(_TERMS) > 0, 2.0, 1.0) / _TERMS
    return np.asarray((weights[:, :, None] * values[:, None, :]).sum(axis=0))
