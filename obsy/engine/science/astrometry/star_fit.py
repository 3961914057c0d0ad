"""From pixels to the sky about one place, by all the catalogue's stars in a frame, and how well that is known."""

from dataclasses import dataclass

import erfa
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from obsy.engine.mad_std import mad_std
from obsy.engine.reduce.star_table import Flag, StarTable
from obsy.engine.science.astrometry.centroid import centroid_errors
from obsy.engine.science.same_stars import Floats, Mask
from obsy.engine.sky.catalogue import CatalogueStars

Rows = NDArray[np.int64]
ARCSEC = np.degrees(1.0) * 3600
FEWEST = 6
DEGREES = (1, 2, 3)
"""Of the polynomials that are tried; the least by the Bayesian information criterion is taken."""
STARS_PER_TERM = 3
WITHIN_ARCSEC, WITHIN_WIDTHS = 3.0, 1.0
"""A star of the table is the catalogue's that lies so near: the farther of the two, stars' widths."""
CLIP, ROUNDS, HALVINGS = 4.0, 6, 24
LEAST_ARCSEC, MOST_ARCSEC = 0.02, 20.0
"""Scatter of stars beside their photons: the catalogue is stored to 0.03 arcsec; and where the search ends."""
SPOILT = Flag.SATURATED | Flag.EDGE | Flag.HOLE | Flag.BLENDED | Flag.FAINT


@dataclass(frozen=True, slots=True, eq=False)
class StarFit:
    """A polynomial from pixels to a tangent plane, arcsec east and north of the place where it touches."""

    towards: tuple[float, float]
    """Right ascension and declination of that place, degrees, ICRS."""
    middle: Floats
    """Of the pixels, x and y, and half of their extent: what the polynomial is of."""
    half: float
    degree: int
    terms: Floats
    """(terms, 2)."""
    covariance: Floats
    """Of the terms, alike for both coordinates, (terms, terms), arcsec squared."""
    scatter: float
    """By what stars lie off beside their photons, in one coordinate, arcsec: the catalogue, its age, the optics."""
    rms: float
    """Of all residuals in one coordinate, arcsec."""
    used: tuple[Rows, Floats]
    """The rows of the table that it rests on, and the catalogue's magnitudes (Tycho VT) of them."""

    @property
    def stars(self) -> int:
        """Return how many stars it rests on."""
        return len(self.used[0])

    @property
    def scale(self) -> float:
        """Return arcsec per pixel at the middle."""
        return float(np.sqrt(abs(np.linalg.det(self.terms[1:3]))) / self.half)

    def offset(self, x: Floats, y: Floats) -> Floats:
        """Return how far east and north of its place pixels are, (pixels, 2), arcsec on the tangent plane."""
        return np.asarray(self._powers(x, y) @ self.terms, dtype=np.float64)

    def error(self, x: Floats, y: Floats) -> Floats:
        """Return one standard deviation of that in one coordinate, of the fit alone, arcsec."""
        powers = self._powers(x, y)
        return np.asarray(np.sqrt(np.einsum("pi,ij,pj->p", powers, self.covariance, powers)), dtype=np.float64)

    def sky(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return right ascension and declination of pixels, degrees, ICRS."""
        east, north = self.offset(x, y).T / ARCSEC
        ra, dec = erfa.tpsts(east, north, *np.radians(self.towards))
        return np.degrees(ra) % 360.0, np.degrees(dec)

    def _powers(self, x: Floats, y: Floats) -> Floats:
        places = (np.column_stack([x, y]) - self.middle) / self.half
        return powers(places, self.degree)


def star_fit(table: StarTable, catalogue: CatalogueStars, towards: tuple[float, float]) -> StarFit | str:
    """Return the best polynomial, by least squares on a frame's stars, or in words why there is none.

    Stars are weighted by the errors of their middles and by what all of them scatter by beside; what lies beyond
    `CLIP` of these is left out: a star that has moved, a double one.
    """
    rows, theirs = _pairs(table, catalogue, towards)
    if len(rows) < FEWEST:
        return f"only {len(rows)} stars of the catalogue can be measured, at least {FEWEST} are needed"
    places = np.column_stack([table.x[rows], table.y[rows]])
    middle, half = (places.max(axis=0) + places.min(axis=0)) / 2, float(np.ptp(places, axis=0).max()) / 2 or 1.0
    goal = _plane(catalogue.ra_deg[theirs], catalogue.dec_deg[theirs], towards)
    linear = np.linalg.lstsq(powers((places - middle) / half, 1), goal, rcond=None)[0]
    photons = centroid_errors(table)[rows] * float(np.sqrt(abs(np.linalg.det(linear[1:3]))) / half)
    best: tuple[float, StarFit] | None = None
    for degree in DEGREES:
        matrix = powers((places - middle) / half, degree)
        if degree > 1 and len(rows) < STARS_PER_TERM * matrix.shape[1]:
            break
        terms, covariance, scatter, kept = _solved(matrix, goal, photons)
        left = (goal - matrix @ terms)[kept]
        variance = photons[kept] ** 2 + scatter**2
        worth = float(2 * np.log(variance).sum() + (left**2 / variance[:, None]).sum())
        worth += CLIP**2 * 2 * int((~kept).sum()) + 2 * matrix.shape[1] * np.log(2 * len(rows))
        if best is None or worth < best[0]:
            used = rows[kept], catalogue.mag[theirs][kept]
            rms = float(np.sqrt((left**2).mean()))
            best = worth, StarFit(towards, middle, half, degree, terms, covariance, scatter, rms, used)
    assert best is not None
    return best[1] if best[1].stars >= FEWEST else f"only {best[1].stars} stars lie where the catalogue has them"


def powers(places: Floats, degree: int) -> Floats:
    """Return the terms of a polynomial in two coordinates at some places, (places, terms): 1, u, v, u2, uv, v2, ..."""
    u, v = places.T
    columns = [u ** (order - power) * v**power for order in range(degree + 1) for power in range(order + 1)]
    return np.asarray(np.column_stack(columns), dtype=np.float64)


def _pairs(table: StarTable, catalogue: CatalogueStars, towards: tuple[float, float]) -> tuple[Rows, Rows]:
    """The table's good stars that the catalogue has, and which these are; each one once."""
    good: Rows = np.flatnonzero((table.flags & int(SPOILT) == 0) & np.isfinite(centroid_errors(table)))
    none = np.zeros(0, dtype=np.int64)
    if not len(good) or not len(catalogue):
        return none, none
    mine = _plane(table.ra[good], table.dec[good], towards)
    theirs = _plane(catalogue.ra_deg, catalogue.dec_deg, towards)
    away, found = cKDTree(theirs).query(mine)
    back = cKDTree(mine).query(theirs)[1]
    near = max(WITHIN_ARCSEC, WITHIN_WIDTHS * _width_arcsec(table, good, mine))
    both = (away <= near) & (back[found] == np.arange(len(mine)))
    return good[both], found[both]


def _width_arcsec(table: StarTable, rows: Rows, plane: Floats) -> float:
    """The median width of stars, by the scale that the table's own places have; 0 of fewer than three."""
    if len(rows) < 3:  # noqa: PLR2004 (an affine map has six unknowns)
        return 0.0
    terms = np.linalg.lstsq(powers(np.column_stack([table.x[rows], table.y[rows]]), 1), plane, rcond=None)[0]
    return float(np.median(table.fwhm[rows]) * np.sqrt(abs(np.linalg.det(terms[1:3]))))


def _plane(ra_deg: Floats, dec_deg: Floats, towards: tuple[float, float]) -> Floats:
    """Places on the tangent plane, arcsec east and north, (places, 2). Source: ERFA tpxes."""
    east, north = erfa.tpxes(*np.radians((ra_deg, dec_deg)), *np.radians(towards))
    return np.asarray(np.column_stack([east, north]) * ARCSEC, dtype=np.float64)


def _solved(matrix: Floats, goal: Floats, photons: Floats) -> tuple[Floats, Floats, float, Mask]:
    """Terms, their covariance, the scatter beside photons, and which stars count."""
    kept: Mask = np.ones(len(goal), dtype=bool)
    terms = np.asarray(np.linalg.lstsq(matrix, goal, rcond=None)[0], dtype=np.float64)
    covariance: Floats = np.zeros((matrix.shape[1],) * 2)
    scatter = max(LEAST_ARCSEC, mad_std(goal - matrix @ terms))
    for _ in range(ROUNDS):
        left = goal - matrix @ terms
        kept = np.all(np.abs(left) <= CLIP * np.hypot(photons, scatter)[:, None], axis=1)
        if kept.sum() < matrix.shape[1]:
            kept = np.ones(len(goal), dtype=bool)
        scatter = _beside(left[kept], photons[kept], 2 * (int(kept.sum()) - matrix.shape[1]))
        weight = 1 / (photons[kept] ** 2 + scatter**2)
        normal = matrix[kept].T @ (matrix[kept] * weight[:, None])
        covariance = np.asarray(np.linalg.inv(normal), dtype=np.float64)
        terms = np.asarray(covariance @ (matrix[kept].T @ (goal[kept] * weight[:, None])), dtype=np.float64)
    return terms, covariance, scatter, kept


def _beside(left: Floats, photons: Floats, freedom: int) -> float:
    """The scatter with which residuals are as large as their errors: chi squared is its degrees of freedom."""
    low, high = LEAST_ARCSEC, MOST_ARCSEC
    for _ in range(HALVINGS):
        middle = float(np.sqrt(low * high))
        low, high = (middle, high) if _chi2(left, photons, middle) > max(freedom, 1) else (low, middle)
    return low


def _chi2(left: Floats, photons: Floats, scatter: float) -> float:
    return float((left**2 / (photons**2 + scatter**2)[:, None]).sum())


def around(table: StarTable) -> tuple[float, float, float]:
    """Return the middle of a frame's stars and how far the farthest is, with an arcminute to spare; degrees."""
    ra, dec = np.radians(table.ra), np.radians(table.dec)
    x, y, z = (np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec))
    middle = np.array([np.nanmean(each) for each in (x, y, z)])
    middle /= np.linalg.norm(middle)
    apart = np.degrees(np.arccos(np.clip(np.nanmin(middle @ np.array([x, y, z])), -1, 1)))
    ra_deg, dec_deg = np.degrees(np.arctan2(middle[1], middle[0])) % 360, np.degrees(np.arcsin(middle[2]))
    return float(ra_deg), float(dec_deg), float(apart) + 0.02
