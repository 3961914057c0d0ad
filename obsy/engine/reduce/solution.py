"""The plate solution: from detected and catalogued stars to a tangent plane that proves itself."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from obsy.engine.reduce.asterism import nearest, recognise
from obsy.engine.reduce.tan import Tan, project

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

    plane: Tan
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
    believed = Tan(near.ra_deg, near.dec_deg, *middle, np.eye(2) * near.scale_arcsec / 3600.0)
    expected = believed.pixels(ra_deg, dec_deg)
    inside = np.isfinite(expected).all(axis=1)
    pose = recognise(seen, expected[inside] - middle)
    if pose is None or pose.matches < FEWEST:
        return f"only {pose.matches if pose else 0} stars fall on the catalogue's, at least {FEWEST} are needed"
    inverse = np.asarray(np.linalg.inv(pose.matrix) * near.scale_arcsec / 3600.0, dtype=float)
    offset = inverse @ (np.array(middle) - pose.shift)
    ra, dec = Tan(near.ra_deg, near.dec_deg, 0.0, 0.0, np.eye(2)).sky(*offset)
    return _proven(_refined(Tan(ra, dec, *middle, inverse), seen, ra_deg, dec_deg), near, (ra_deg, dec_deg), seen)


def _refined(plane: Tan, seen: Floats, ra_deg: Floats, dec_deg: Floats) -> Solution:
    """Least squares on ever closer pairs, the tangent point moved to the frame's middle each time."""
    mine = theirs = np.zeros(0, dtype=np.int64)
    within = 3.0
    for _ in range(ROUNDS):
        mine, theirs = nearest(seen, _finite(plane.pixels(ra_deg, dec_deg)), within)
        if len(mine) < 3:  # noqa: PLR2004 (an affine map has six unknowns)
            break
        target = project(ra_deg[theirs], dec_deg[theirs], plane.ra_deg, plane.dec_deg)
        offsets = np.column_stack([seen[mine] - (plane.x, plane.y), np.ones(len(mine))])
        fitted = np.asarray(np.linalg.lstsq(offsets, target, rcond=None)[0], dtype=float)
        ra, dec = Tan(plane.ra_deg, plane.dec_deg, 0.0, 0.0, np.eye(2)).sky(*fitted[2])
        plane = Tan(ra, dec, plane.x, plane.y, fitted[:2].T)
        gaps = np.hypot(*(seen[mine] - plane.pixels(ra_deg[theirs], dec_deg[theirs])).T)
        within = min(within, max(5 * float(np.median(gaps)), CLOSEST_PX))
    mine, theirs = nearest(seen, _finite(plane.pixels(ra_deg, dec_deg)), within)
    gaps = np.hypot(*(seen[mine] - plane.pixels(ra_deg[theirs], dec_deg[theirs])).T)
    rms = float(np.sqrt((gaps**2).mean())) if len(mine) else np.inf
    return Solution(plane, mine, theirs, rms)


def _proven(found: Solution, near: Near, listed: tuple[Floats, Floats], seen: Floats) -> Solution | str:
    """The solution if enough stars bear it out and it is the declared telescope's."""
    placed = _finite(found.plane.pixels(*listed))
    rows, columns = near.shape
    inside = ((placed > 0) & (placed < (columns - 1, rows - 1))).all(axis=1)
    expected = min(int(inside.sum()), len(seen))
    needed = max(FEWEST, int(np.ceil(SHARE * expected)))
    if len(found.seen) < needed:
        return f"only {len(found.seen)} of {expected} stars fall on the catalogue's, at least {needed} are needed"
    if found.rms_px >= WORST_RMS_PX:
        return f"matched stars lie {found.rms_px:.1f} px off, more than {WORST_RMS_PX:g}"
    scale = 3600.0 * np.sqrt(abs(np.linalg.det(found.plane.matrix)))
    if abs(scale / near.scale_arcsec - 1) > SCALE_SLACK:
        return f"its scale would be {scale:.3f} arcsec/px, and the train's is {near.scale_arcsec:.3f}"
    return found


def _finite(places: Floats) -> Floats:
    """Places with those behind the plane put out of every frame's reach."""
    return np.where(np.isfinite(places), places, -1e9)
