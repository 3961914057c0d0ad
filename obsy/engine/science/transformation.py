"""From a telescope's own colours to the standard system: coefficients, and what they do to a magnitude.

Two filters, b and v, stand for any pair of neighbours. Capitals are the catalogue's magnitudes, small letters
instrumental ones. Source: AAVSO, "CCD Photometry Guide", chapter 6: Tbv is one over the slope of (b-v) against (B-V),
Tv_bv the slope of (V-v) against (B-V).
"""

from dataclasses import dataclass

import numpy as np

from obsy.engine.science.same_stars import Floats, Mask
from obsy.errors import UserError

FEWEST = 8
"""Stars that a slope may rest on."""
LEAST_SPREAD = 0.4
"""Colours must differ by so much, from the bluest to the reddest, mag."""
CLIP, ROUNDS = 3.5, 5


@dataclass(frozen=True, slots=True)
class Slope:
    """A straight line's slope."""

    value: float
    error: float
    """One standard deviation; times as much where points scatter by more than their errors."""
    stars: int
    """On which it rests."""


@dataclass(frozen=True, slots=True)
class TransformationPair:
    """The coefficients of two neighbouring filters of one train."""

    colour: Slope
    """Tbv: by how much a difference of instrumental colours is multiplied."""
    magnitude: Slope
    """Tv_bv: by how much of the difference of true colours a magnitude in v changes."""


def transformation(
    instrumental: tuple[Floats, Floats],
    instrumental_error: tuple[Floats, Floats],
    known: tuple[Floats, Floats],
    known_error: tuple[Floats, Floats],
) -> TransformationPair:
    """Return the coefficients by stars of a standard field; each pair is (b, v), (stars,) each, NaN if not known.

    Both slopes have errors in both coordinates. Raises UserError if stars are too few, or their colours too alike.
    """
    (b, v), (big_b, big_v) = instrumental, known
    (b_error, v_error), (big_b_error, big_v_error) = instrumental_error, known_error
    there = np.isfinite(np.vstack([b, v, big_b, big_v, b_error, v_error, big_b_error, big_v_error])).all(axis=0)
    if (many := int(there.sum())) < FEWEST:
        raise UserError(f"{many} stars have magnitudes in both filters: a transformation rests on {FEWEST} at least")
    colour = (big_b - big_v)[there]
    if (spread := float(np.ptp(colour))) < LEAST_SPREAD:
        raise UserError(f"the stars' colours differ by {spread:.2f} mag: choose a field with {LEAST_SPREAD:g} at least")
    colour_error = np.hypot(big_b_error, big_v_error)[there]
    one = _slope(colour, (b - v)[there], colour_error, np.hypot(b_error, v_error)[there], 0.0)
    # V is in the ordinate and in the colour: its error moves a star along both, by opposite signs.
    covariance = -(big_v_error[there] ** 2)
    ordinate_error = np.hypot(big_v_error, v_error)[there]
    other = _slope(colour, (big_v - v)[there], colour_error, ordinate_error, covariance)
    return TransformationPair(Slope(1 / one.value, one.error / one.value**2, one.stars), other)


def _slope(x: Floats, y: Floats, x_error: Floats, y_error: Floats, covariance: Floats | float) -> Slope:
    """Return the slope of the line through points with errors in both coordinates, what lies far off left out.

    The slope is what makes chi squared least, with the variance of each residual at that slope; noise in x does not
    make it flatter. Source: York et al. 2004, Am. J. Phys. 72, 367, equations 13.
    """
    kept = np.ones(len(x), dtype=bool)
    slope, error = 0.0, 0.0
    for _ in range(ROUNDS):
        slope, error, residual = _york(x, y, (x_error, y_error, np.broadcast_to(covariance, x.shape)), kept)
        before, kept = kept, np.abs(residual) <= CLIP * max(1.0, float(np.sqrt(np.mean(residual[kept] ** 2))))
        if (kept == before).all() or kept.sum() < FEWEST:
            break
    chi = float(np.sum(residual[before] ** 2)) / max(int(before.sum()) - 2, 1)
    return Slope(slope, error * max(1.0, np.sqrt(chi)), int(before.sum()))


def _york(x: Floats, y: Floats, errors: tuple[Floats, Floats, Floats], kept: Mask) -> tuple[float, float, Floats]:
    """Return slope, its error, and the residuals of all points in units of their own errors."""
    x_error, y_error, covariance = errors
    slope = float(np.polyfit(x[kept], y[kept], 1)[0])
    level = weight = np.zeros_like(x)
    for _ in range(50):
        variance = np.maximum(y_error**2 + slope**2 * x_error**2 - 2 * slope * covariance, 1e-12)
        weight = np.where(kept, 1 / variance, 0.0)
        mean_x, mean_y = np.average(x, weights=weight), np.average(y, weights=weight)
        u, w = x - mean_x, y - mean_y
        level = (u * y_error**2 + slope * w * x_error**2 - (slope * u + w) * covariance) / variance
        before, slope = slope, float(np.sum(weight * level * w) / np.sum(weight * level * u))
        if abs(slope - before) < 1e-10:  # noqa: PLR2004 - far below any error
            break
    moved = level - np.average(level, weights=weight)
    residual = (y - mean_y - slope * (x - mean_x)) / np.sqrt(variance)
    return slope, float(1 / np.sqrt(np.sum(weight * moved**2))), residual


def transformed(
    pair: TransformationPair, colour: tuple[float, float], magnitude: tuple[float, float]
) -> tuple[float, float]:
    """Return a magnitude in the standard system, and its error.

    colour: (b-v of the star) less (b-v of what it is compared with), instrumental, and its error.
    magnitude: untransformed, as an ensemble gives it, and its error.
    """
    true = pair.colour.value * colour[0]
    true_error = np.hypot(pair.colour.error * colour[0], pair.colour.value * colour[1])
    added = pair.magnitude.value * true
    added_error = np.hypot(pair.magnitude.error * true, pair.magnitude.value * true_error)
    return magnitude[0] + added, float(np.hypot(magnitude[1], added_error))
