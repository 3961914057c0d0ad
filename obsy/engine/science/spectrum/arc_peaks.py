"""Lines in the spectrum of a lamp: where each stands, how sure that is, and how wide they are."""

import warnings
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import median_filter
from scipy.optimize import OptimizeWarning, curve_fit

from obsy.engine.mad_std import mad_std
from obsy.engine.science.spectrum.lamp_lines import Floats

SIGMAS = 6.0
"""How far a line stands out."""
WIDEST_PX = 12
"""Half the width of what is fitted around a peak, at most."""
FWHM = 2.354820045
"""A Gaussian's full width at half maximum, over its sigma."""


@dataclass(frozen=True, slots=True)
class ArcPeaks:
    """Lines of an arc, from left to right; each array (lines,)."""

    place: Floats
    """Pixels from 0 at the middle of the first."""
    error: Floats
    """One standard deviation of the place, pixels."""
    height: Floats
    fwhm: Floats
    """Pixels."""


def arc_peaks(light: Floats, error: Floats, full: float = np.inf) -> ArcPeaks:
    """Return the lines of an arc; light, error: counts and their standard deviations, (columns,).

    Lines of which a pixel is `full` are left out: their tops are cut off, and their middles with them.
    """
    clear = light - median_filter(light, size=min(101, len(light) // 4 * 2 + 1), mode="nearest")
    noise = np.maximum(error, mad_std(np.diff(clear)) / np.sqrt(2))
    inner = clear[1:-1]
    tops = 1 + np.flatnonzero((inner >= clear[:-2]) & (inner > clear[2:]) & (inner > SIGMAS * noise[1:-1]))
    half = _half_width(clear, tops)
    found = [_fitted(clear, noise, int(top), half) for top in tops if light[top] < full]
    kept = np.array([each for each in found if each is not None], dtype=float).reshape(-1, 4)
    wide = np.median(kept[:, 3]) if len(kept) else 1.0
    sound = (kept[:, 3] > 0.4 * wide) & (kept[:, 3] < 2.5 * wide)
    kept = kept[sound]
    return ArcPeaks(kept[:, 0], kept[:, 1], kept[:, 2], kept[:, 3])


def _half_width(clear: Floats, tops: "np.typing.NDArray[np.int64]") -> int:
    """Return how many pixels on either side of a peak are its own, by the brightest lines."""
    widths = []
    for top in tops[np.argsort(clear[tops])[::-1][:10]]:
        reach = clear[top : top + 4 * WIDEST_PX]
        below = np.flatnonzero(reach < reach[0] / 2)
        widths.append(int(below[0]) if len(below) else WIDEST_PX)
    return int(np.clip(2 * np.median(widths), 2, WIDEST_PX)) if widths else 2


def _fitted(clear: Floats, noise: Floats, top: int, half: int) -> tuple[float, float, float, float] | None:
    """Return a line's place, its error, height and width by a Gaussian upon a level; None if it is none."""
    low, high = max(top - half, 0), min(top + half + 1, len(clear))
    x, y = np.arange(low, high, dtype=float), clear[low:high]
    if len(x) < 5 or not np.isfinite(y).all():  # noqa: PLR2004 - one more than is fitted
        return None
    begun = (y.max(), float(top), max(half / 2.5, 0.8), 0.0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", OptimizeWarning)  # then its spread is infinite, and it is none
            best, spread = curve_fit(_gaussian, x, y, begun, sigma=noise[low:high], absolute_sigma=True, maxfev=400)
    except RuntimeError:  # it does not converge
        return None
    height, place, sigma, _ = best
    if height <= 0 or abs(place - top) > half or not np.isfinite(spread).all():
        return None
    return float(place), float(np.sqrt(spread[1, 1])), float(height), float(abs(sigma) * FWHM)


def _gaussian(x: Floats, height: float, place: float, sigma: float, level: float) -> Floats:
    made: Floats = level + height * np.exp(-((x - place) ** 2) / (2 * sigma**2))
    return made
