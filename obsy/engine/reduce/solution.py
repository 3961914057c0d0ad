"""The plate solution: from detected and catalogued stars to a tangent plane that proves itself."""

from dataclasses import dataclass

import numpy as np
from astropy.wcs import WCS
from numpy.typing import NDArray

from obsy.engine.reduce.asterism import nearest, recognise
from obsy.engine.reduce.plane import pixels, sky, tangent, touched

FEWEST = 6
SHARE = 0.25
"""Of the catalogue stars that could have matched."""
WORST_RMS_PX = 1.0
SCALE_SLACK = 0.03
ROUNDS = 6
CLOSEST_PX = 0.5
"""Pairs are kept up to five median distances apart, and always up to this."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Near:
    """What is believed before: the middle of the frame, its scale, and its size (rows, columns)."""

    ra_deg: float
    dec_deg: float
    scale_arcsec: float
    shape: tuple[int, int]


@dataclass(frozen=True)
class Solution:
    """A tangent plane at the frame's middle and the pairs of (detected, catalogue) indices it rests on."""

    plane: WCS
    seen: NDArray[np.int64]
    listed: NDArray[np.int64]
    rms_px: float
    """Of the distances between matched stars."""


def solve(seen: Floats, ra_deg: Floats, dec_deg: Floats, near: Near) -> Solution | str:
    """The solution, or in words why there is none.

    seen: (n, 2) detected x, y; ra_deg, dec_deg: the catalogue around `near`; both brightest first.
    """
    if len(seen) < FEWEST:
        return f"{len(seen)} stars are too few to be recognised, at least {FEWEST} are needed"
    middle = ((near.shape[1] - 1) / 2, (near.shape[0] - 1) / 2)
    believed = tangent(near.ra_deg, near.dec_deg, middle, np.eye(2) * near.scale_arcsec / 3600.0)
    expected = pixels(believed, ra_deg, dec_deg)
    inside = np.isfinite(expected).all(axis=1)
    pose = recognise(seen, expected[inside] - middle)
    if pose is None or pose.matches < FEWEST:
        return f"only {pose.matches if pose else 0} stars fall on the catalogue's, at least {FEWEST} are needed"
    inverse = np.asarray(np.linalg.inv(pose.matrix) * near.scale_arcsec / 3600.0, dtype=float)
    offset = inverse @ (np.array(middle) - pose.shift)
    plane = tangent(*sky(_plane_of_degrees(near.ra_deg, near.dec_deg), *offset), middle, inverse)
    return _proven(_refined(plane, seen, ra_deg, dec_deg), near, (ra_deg, dec_deg), seen)


def _plane_of_degrees(ra_deg: float, dec_deg: float) -> WCS:
    """A tangent plane whose pixels are degrees east and north."""
    return tangent(ra_deg, dec_deg, (0.0, 0.0), np.eye(2))


def _refined(plane: WCS, seen: Floats, ra_deg: Floats, dec_deg: Floats) -> Solution:
    """Least squares on ever closer pairs, the tangent point moved to the frame's middle each time."""
    mine = theirs = np.zeros(0, dtype=np.int64)
    middle, within = (plane.wcs.crpix[0] - 1.0, plane.wcs.crpix[1] - 1.0), 3.0
    for _ in range(ROUNDS):
        mine, theirs = nearest(seen, _finite(pixels(plane, ra_deg, dec_deg)), within)
        if len(mine) < 3:  # noqa: PLR2004 (an affine map has six unknowns)
            break
        flat = _plane_of_degrees(*touched(plane))
        target = pixels(flat, ra_deg[theirs], dec_deg[theirs])
        offsets = np.column_stack([seen[mine] - middle, np.ones(len(mine))])
        fitted = np.asarray(np.linalg.lstsq(offsets, target, rcond=None)[0], dtype=float)
        plane = tangent(*sky(flat, *fitted[2]), middle, fitted[:2].T)
        gaps = np.hypot(*(seen[mine] - pixels(plane, ra_deg[theirs], dec_deg[theirs])).T)
        within = min(within, max(5 * float(np.median(gaps)), CLOSEST_PX))
    mine, theirs = nearest(seen, _finite(pixels(plane, ra_deg, dec_deg)), within)
    gaps = np.hypot(*(seen[mine] - pixels(plane, ra_deg[theirs], dec_deg[theirs])).T)
    rms = float(np.sqrt((gaps**2).mean())) if len(mine) else np.inf
    return Solution(plane, mine, theirs, rms)


def _proven(found: Solution, near: Near, listed: tuple[Floats, Floats], seen: Floats) -> Solution | str:
    """The solution if enough stars bear it out and it is the declared telescope's."""
    placed = _finite(pixels(found.plane, *listed))
    rows, columns = near.shape
    inside = ((placed > 0) & (placed < (columns - 1, rows - 1))).all(axis=1)
    expected = min(int(inside.sum()), len(seen))
    needed = max(FEWEST, int(np.ceil(SHARE * expected)))
    if len(found.seen) < needed:
        return f"only {len(found.seen)} of {expected} stars fall on the catalogue's, at least {needed} are needed"
    if found.rms_px >= WORST_RMS_PX:
        return f"matched stars lie {found.rms_px:.1f} px off, more than {WORST_RMS_PX:g}"
    scale = 3600.0 * np.sqrt(abs(np.linalg.det(found.plane.wcs.cd)))
    if abs(scale / near.scale_arcsec - 1) > SCALE_SLACK:
        return f"its scale would be {scale:.3f} arcsec/px, and the train's is {near.scale_arcsec:.3f}"
    return found


def _finite(places: Floats) -> Floats:
    """Places with those behind the plane put out of every frame's reach."""
    return np.where(np.isfinite(places), places, -1e9)
