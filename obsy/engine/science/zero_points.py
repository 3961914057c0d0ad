"""Zero points of frames: what is added to instrumental magnitudes, by many stars of known magnitude together."""

from dataclasses import dataclass

import numpy as np

from obsy.engine.science.beyond_photons import beyond_photons
from obsy.engine.science.same_stars import Floats, Mask

ROUNDS = 8
"""In which offsets of stars and zero points of frames settle."""
CLIP = 4.0
"""Sigmas beyond which a star does not count in a frame."""
FLOOR_MAG = 0.003
"""Scatter beside photons that no star is weighed without: the brightest would count alone."""
FEWEST = 3
"""Stars whose scatter says something."""


@dataclass(frozen=True, slots=True, eq=False)
class ZeroPoints:
    """The zero point of each frame, and how each star differs from its catalogue."""

    value: Floats
    """(frames,); NaN where no star counts."""
    error: Floats
    """One standard deviation, (frames,): of photons, or of the scatter of its stars where that is larger."""
    offset: Floats
    """How much fainter than it is each star's catalogue says, over the night, (stars,); their weighted mean is 0;
    NaN of one that no frame shows."""
    common_error: float
    """What the catalogue's errors, or its contradictions, leave uncertain in all frames alike."""
    beyond: float
    """By how much each magnitude scatters beside its photons, mag."""
    counted: Mask
    """Which star counts in which frame, (frames, stars)."""
    residual: Floats
    """What is left of each, (frames, stars); NaN where it was not usable."""


def zero_points(magnitude: Floats, error: Floats, usable: Mask, known: Floats, known_error: Floats) -> ZeroPoints:
    """Return zero points by an ensemble, in which a star that a frame lacks does not shift that frame.

    magnitude, error, usable: instrumental, (frames, stars). known, known_error: of the catalogue, (stars,).
    The frames' zero points and the stars' offsets are solved for in turns, weighted by photon errors and by the scatter
    beyond them; the offsets' mean, weighted by the catalogue's errors, is held at 0. What lies beyond `CLIP` sigmas is
    left out, at first against medians, so that what is wrong does not hide itself.
    Source: Honeycutt 1992, PASP 104, 435 (inhomogeneous ensemble photometry).
    """
    variance = np.where(usable, error**2, np.inf)
    raw = np.where(usable, known - magnitude, np.nan)
    trust = known_error**-2
    offset = _centred(medians((raw - medians(raw)[:, None]).T), trust)
    value = medians(raw - offset)
    for _ in range(ROUNDS):
        weight, beyond = _weighed(raw - offset - value[:, None], variance)
        own = _means((raw - value[:, None]).T, weight.T)
        offset = _centred(np.where(np.isfinite(own), own, offset), trust)
        value = _means(raw - offset, weight)
    left, counted = raw - offset - value[:, None], weight > 0
    return ZeroPoints(value, _errors(left, weight), offset, _common(offset, trust, counted), beyond, counted, left)


def _centred(offset: Floats, trust: Floats) -> Floats:
    """Return offsets whose mean, weighted by trust, is 0."""
    return offset - _means(offset, np.where(np.isfinite(offset), trust, 0.0))


def _weighed(left: Floats, variance: Floats) -> tuple[Floats, float]:
    """Return the weight of each star in each frame, 0 where it is too far off, and the scatter beyond photons, mag.

    left: residuals, (frames, stars). variance: of photons, infinite where a star was not seen.
    """
    beyond = beyond_photons(left, lambda beside: _expected(variance, beside))
    weight = 1 / (variance + max(FLOOR_MAG, beyond) ** 2)
    return np.where(left**2 * weight <= CLIP**2, weight, 0.0), beyond


def _expected(variance: Floats, beside: float) -> Floats:
    """Standard deviation of residuals, (frames, stars): a fit's mean and offset take their share of the scatter.

    Source: the variance of a weighted mean is 1 / the sum of weights, that of a plain one 1 / their number.
    """
    whole = variance + beside**2
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = 1 / whole / (1 / whole).sum(axis=1, keepdims=True)
        return np.asarray(np.sqrt(whole * (1 - shares) * (1 - 1 / np.isfinite(whole).sum(axis=0))), dtype=np.float64)


def _errors(left: Floats, weight: Floats) -> Floats:
    """Error of a weighted mean; where the stars scatter by more than their errors, times as much; NaN of none.

    Source: Bevington & Robinson 2003, equation 4.19, and the reduced chi squared of the residuals.
    """
    many = np.count_nonzero(weight, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        wider = np.sqrt(np.maximum(np.nansum(weight * left**2, axis=1) / (many - 1), 1.0))
        error = np.where(many >= FEWEST, wider, 1.0) / np.sqrt(weight.sum(axis=1))
    return np.where(many > 0, error, np.nan)


def _common(offset: Floats, trust: Floats, counted: Mask) -> float:
    """What the catalogue leaves uncertain: by its errors, or where its stars disagree by more, by that; NaN of none."""
    used = counted.any(axis=0)
    if not used.any():
        return float("nan")
    whole, freedom = trust[used].sum(), max(int(used.sum()) - 1, 1)
    return float(np.sqrt(max(1.0, np.sum(trust[used] * offset[used] ** 2) / freedom) / whole))


def _means(values: Floats, weight: Floats) -> Floats:
    """Weighted means of rows; NaN of a row without weight."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.nansum(values * weight, axis=-1) / weight.sum(axis=-1), dtype=np.float64)


def medians(values: Floats) -> Floats:
    """Medians of rows; NaN of a row without values."""
    there = np.isfinite(values).any(axis=1)
    found = np.full(len(values), np.nan)
    found[there] = np.nanmedian(values[there], axis=1)
    return found
