"""Zero points of frames: what is added to instrumental magnitudes, by many stars of known magnitude together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
    """How much fainter than it is each star's catalogue says, over the night, (stars,); their weighted mean is 0."""
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
    variance = np.where(usable, np.where(usable, error, 1.0) ** 2, np.inf)
    raw = np.where(usable, known - np.where(usable, magnitude, 0.0), np.nan)
    weight, trust = 1 / (variance + FLOOR_MAG**2), 1 / known_error**2
    offset, beyond, counted = np.zeros(len(known)), 0.0, usable.copy()
    value = _medians(raw)
    for turn in range(ROUNDS):
        away = raw - value[:, None]
        own = _mean(away, weight * counted, axis=0) if turn else _medians(away.T)
        there = np.isfinite(own)
        offset = np.where(there, own, 0.0)
        offset -= np.sum(np.where(there, trust * offset, 0.0)) / max(np.sum(trust[there]), 1e-12)
        offset = np.where(there, offset, 0.0)
        value = _mean(raw - offset, weight * counted, axis=1) if turn else _medians(raw - offset)
        left = raw - offset - value[:, None]
        beyond = beyond_photons(left, lambda beside: _expected(variance, beside))
        weight = 1 / (variance + max(FLOOR_MAG, beyond) ** 2)
        with np.errstate(invalid="ignore"):
            counted = usable & (left**2 * weight <= CLIP**2)
    weight = np.where(counted, weight, 0.0)
    value = _mean(raw - offset, weight, axis=1)
    left = raw - offset - value[:, None]
    return ZeroPoints(value, _errors(left, weight), offset, _common(offset, trust, counted), beyond, counted, left)


def _expected(variance: Floats, beside: float) -> Floats:
    """Standard deviation of residuals, (frames, stars): a fit's mean and offset take their share of the scatter.

    variance: of photons, infinite where a star was not seen. Source: of a weighted mean it is 1 / sum of weights.
    """
    whole = variance + beside**2
    weight = 1 / whole
    frames = np.maximum((weight > 0).sum(axis=0), 1)
    shares = np.maximum(1 - weight / np.maximum(weight.sum(axis=1), 1e-12)[:, None], 0.0) * (1 - 1 / frames)
    return np.where(weight > 0, np.sqrt(np.where(weight > 0, whole, 0.0) * shares), 0.0)


def _errors(left: Floats, weight: Floats) -> Floats:
    """Error of a weighted mean; where the stars scatter by more than their errors, times as much.

    Source: Bevington & Robinson 2003, equation 4.19, and the reduced chi squared of the residuals.
    """
    total = weight.sum(axis=1)
    many = (weight > 0).sum(axis=1)
    chi = np.nansum(np.where(weight > 0, weight * left**2, 0.0), axis=1) / np.maximum(many - 1, 1)
    wider = np.where(many >= FEWEST, np.sqrt(np.maximum(chi, 1.0)), 1.0)
    with np.errstate(divide="ignore"):
        return np.asarray(np.where(total > 0, wider / np.sqrt(total), np.nan), dtype=np.float64)


def _common(offset: Floats, trust: Floats, counted: Mask) -> float:
    """What the catalogue leaves uncertain: by its errors, or by how much its stars disagree, the larger."""
    used = counted.any(axis=0)
    if not used.any():
        return float("nan")
    told = 1 / np.sqrt(trust[used].sum())
    many = int(used.sum())
    if many < 2:  # noqa: PLR2004 - one star contradicts nobody
        return float(told)
    seen = np.sqrt(np.sum(trust[used] * offset[used] ** 2) / (many - 1) / trust[used].sum())
    return float(max(told, seen))


def _mean(values: Floats, weight: Floats, axis: int) -> Floats:
    total = weight.sum(axis=axis)
    summed = np.where(weight > 0, np.nan_to_num(values) * weight, 0.0).sum(axis=axis)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(total > 0, summed / total, np.nan), dtype=np.float64)


def _medians(values: NDArray[np.float64]) -> Floats:
    """Medians of rows; NaN of a row without values."""
    there = np.isfinite(values).any(axis=1)
    found = np.full(len(values), np.nan)
    if there.any():
        found[there] = np.nanmedian(values[there], axis=1)
    return found
