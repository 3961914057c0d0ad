"""How wide and how round stars are, many at once."""

from dataclasses import dataclass

import numpy as np
import sep
from numpy.typing import NDArray

FWHM_PER_SIGMA = 2.3548200450309493
"""2 sqrt(2 ln 2), of a Gaussian."""
ROUNDS = 25
SETTLED = 1e-3
"""Largest relative change of a covariance that has settled."""
NARROWEST_PX2 = 0.05
THINNEST_PX4 = 1e-3
"""Variance and determinant below which a shape is a hot pixel or an artefact of the fit."""
NARROWEST_WEIGHT_PX2 = 1.0
"""Variance of the narrowest weight: pixels sample one so coarsely that a star of FWHM 1.7 shrank to a point."""
FARTHEST_PX = 3.0
"""A middle that moves farther in one round has run to a neighbour."""

Image = NDArray[np.float32]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Shapes:
    """One entry a star; NaN where nothing could be measured. Lengths in pixels."""

    x: Floats
    y: Floats
    fwhm: Floats
    eccentricity: Floats
    hfr: Floats
    """The radius that holds half of the flux within 2.5 FWHM."""


def shapes(counts: Image, x: Floats, y: Floats, reach: int) -> Shapes:
    """The shapes of the stars at these places; `reach` is half the stamp that is looked at.

    counts: (rows, columns), background taken off, no NaN. Width and roundness are ours, since photutils' Gaussian fits
    take 70 times as long for 200 stars: python -m bench libraries.
    """
    reach = min(reach, (min(counts.shape) - 1) // 2)
    stamps, left, bottom = _stamps(counts, x, y, reach)
    middle, cov = _adaptive(stamps, np.stack([x - left, y - bottom], axis=1))
    trace = cov[:, 0] + cov[:, 1]
    gap = np.sqrt((cov[:, 0] - cov[:, 1]) ** 2 + 4 * cov[:, 2] ** 2)
    major, minor = (trace + gap) / 2, (trace - gap) / 2
    fwhm = FWHM_PER_SIGMA * np.sqrt(trace / 2)
    eccentricity = np.sqrt(np.clip(1 - minor / major, 0, 1))
    x, y = middle[:, 0] + left, middle[:, 1] + bottom
    return Shapes(x, y, fwhm, eccentricity, _half_flux(counts, x, y, np.minimum(2.5 * fwhm, reach)))


def _half_flux(counts: Image, x: Floats, y: Floats, radius: Floats) -> Floats:
    """The half-flux radius of each star by SEP, as KStars and StellarSolver have it; NaN where there is no radius."""
    half = np.full(len(x), np.nan)
    known = np.flatnonzero(np.isfinite(radius))
    if len(known):
        found, flags = sep.flux_radius(counts, x[known], y[known], radius[known], 0.5, subpix=5)
        half[known] = np.where(found > 0, found, np.nan)
    return half


def _stamps(counts: Image, x: Floats, y: Floats, reach: int) -> tuple[Floats, Floats, Floats]:
    """(stars, 2 reach + 1, 2 reach + 1) cuts that stay inside the frame, and the column and row each begins at."""
    rows, columns = counts.shape
    left = np.clip(np.round(x).astype(int) - reach, 0, columns - 2 * reach - 1)
    bottom = np.clip(np.round(y).astype(int) - reach, 0, rows - 2 * reach - 1)
    span = np.arange(2 * reach + 1)
    cuts = counts[(bottom[:, None] + span)[:, :, None], (left[:, None] + span)[:, None, :]]
    return cuts.astype(float), left.astype(float), bottom.astype(float)


def _adaptive(stamps: Floats, middle: Floats) -> tuple[Floats, Floats]:
    """Middle (n, 2) and covariance (n, 3: xx, yy, xy) of the elliptical Gaussian that fits each stamp best.

    Source: adaptive moments, Bernstein & Jarvis 2002, AJ 123, 583, section 3: weighted by itself, a Gaussian's
    moments are half its own; iterated until they agree. NaN where they never do; the middle is then where it was.
    """
    axis = np.arange(stamps.shape[1], dtype=float)
    limit = (stamps.shape[1] / 3.0) ** 2
    cov = np.tile([2.25, 2.25, 0.0], (len(stamps), 1))
    begun, middle, settled = middle, middle.copy(), np.zeros(len(stamps), dtype=bool)
    todo = np.arange(len(stamps))
    for _ in range(ROUNDS):
        moved, wider = _moments(stamps[todo], middle[todo], cov[todo], axis)
        determinant = wider[:, 0] * wider[:, 1] - wider[:, 2] ** 2
        sane = ((wider[:, :2] > NARROWEST_PX2) & (wider[:, :2] < limit)).all(axis=1) & (determinant > THINNEST_PX4)
        sane &= np.abs(moved - middle[todo]).max(axis=1) < FARTHEST_PX
        step = np.abs(wider - cov[todo]).max(axis=1) / np.maximum(cov[todo, :2].max(axis=1), 0.1)
        middle[todo[sane]], cov[todo[sane]] = moved[sane], wider[sane]
        settled[todo[sane & (step < SETTLED)]] = True
        todo = todo[sane & (step >= SETTLED)]
        if not len(todo):
            break
    cov[~settled] = np.nan
    return np.where(settled[:, None], middle, begun), cov


def _moments(stamps: Floats, middle: Floats, cov: Floats, axis: Floats) -> tuple[Floats, Floats]:
    """The next middle and covariance: the stamp's moments under the present Gaussian, freed of that weight.

    Two Gaussians of covariance S and W have a product of P, 1/P = 1/S + 1/W, whose middle lies P/S of their distance
    from the weight's: S = G P with G = W / (W - P), which is 2 where the weight is the star's own.
    """
    dx, dy = axis[None, :] - middle[:, :1], axis[None, :] - middle[:, 1:]
    weight, own = _weights(cov)
    xx, yy, xy = weight.T[:, :, None, None]
    determinant = xx * yy - xy**2
    form = yy * dx[:, None, :] ** 2 + xx * dy[:, :, None] ** 2 - 2 * xy * dx[:, None, :] * dy[:, :, None]
    weighted = stamps * np.exp(-0.5 * form / determinant)
    across, down = weighted.sum(axis=1), weighted.sum(axis=2)
    mass = across.sum(axis=1)
    mass = np.where(mass > 0, mass, np.nan)
    shift = np.stack([(across * dx).sum(axis=1), (down * dy).sum(axis=1)], axis=1) / mass[:, None]
    second = (
        np.stack(
            [(across * dx**2).sum(axis=1), (down * dy**2).sum(axis=1), np.einsum("njk,nk,nj->n", weighted, dx, dy)],
            axis=1,
        )
        / mass[:, None]
    )
    second -= np.stack([shift[:, 0] ** 2, shift[:, 1] ** 2, shift[:, 0] * shift[:, 1]], axis=1)
    gain = np.where(own[:, None, None], 2 * np.eye(2), _freed(weight, second))
    wider = gain @ _matrices(second)
    return middle + (gain @ shift[:, :, None])[:, :, 0], np.stack(
        [wider[:, 0, 0], wider[:, 1, 1], wider[:, 0, 1]], axis=1
    )


def _weights(cov: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """The Gaussians that stars are weighted by, and whether each is the star's own, as it is unless too narrow."""
    spread = np.hypot((cov[:, 0] - cov[:, 1]) / 2, cov[:, 2])
    lacking = np.maximum(NARROWEST_WEIGHT_PX2 - ((cov[:, 0] + cov[:, 1]) / 2 - spread), 0.0)
    return cov + lacking[:, None] * np.array([1.0, 1.0, 0.0]), lacking == 0


def _freed(weight: Floats, product: Floats) -> Floats:
    """W / (W - P), (n, 2, 2); NaN where that has no inverse: nothing that is wider than its weight is a star."""
    xx, yy, xy = (weight - product).T
    determinant = xx * yy - xy**2
    determinant = np.where((determinant > 0) & (xx > 0), determinant, np.nan)
    inverse = np.stack([yy, -xy, -xy, xx], axis=1).reshape(-1, 2, 2) / determinant[:, None, None]
    return _matrices(weight) @ inverse


def _matrices(cov: Floats) -> Floats:
    """Covariances (n, 3: xx, yy, xy) as (n, 2, 2)."""
    return cov[:, [0, 2, 2, 1]].reshape(-1, 2, 2)
