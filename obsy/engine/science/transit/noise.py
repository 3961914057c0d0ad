"""How much worse than its errors a light curve is: scatter, and noise that does not average away."""

import numpy as np

from obsy.engine.science.transit.model import Floats

FAR = 4.0
"""Standard deviations, by the median of all, from which a point is an outlier: 1 of 16,000 by chance."""
_SHORTEST_MIN, _LONGEST_MIN = 10.0, 30.0
"""Bins as long as an ingress, by which red noise is judged. Source: Winn et al. 2008, section 4."""
_BINS = 4
"""Fewer bins say nothing of their scatter."""
_MINUTES = 1440.0


def deviation(residuals: Floats) -> float:
    """Return one standard deviation as the median tells it, which a few outliers do not change."""
    return float(1.4826 * np.median(np.abs(residuals - np.median(residuals))))


def neighbour_scatter(flux: Floats) -> float:
    """Return the scatter of a flux in order of time by how much neighbours differ, which a slow change leaves alone."""
    return float(1.4826 * np.nanmedian(np.abs(np.diff(flux))) / np.sqrt(2)) if len(flux) > 1 else np.inf


def inflation(normalised: Floats, free: int) -> float:
    """Return by how much errors must grow for residuals over errors to scatter by 1; never below 1.

    free: parameters that were fitted.
    """
    return max(1.0, float(np.sqrt(normalised @ normalised / max(1, len(normalised) - free))))


def red_noise(times_d: Floats, residuals: Floats) -> float:
    """Return beta: how much more bins of 10 to 30 minutes scatter than white noise would; never below 1.

    The mean over the lengths of bins, all of as many points. Source: Winn et al. 2008, section 4.
    """
    if len(times_d) < _BINS:
        return 1.0
    step_min = float(np.median(np.diff(times_d))) * _MINUTES
    shortest, longest = (int(round(each / step_min)) if step_min > 0 else 0 for each in (_SHORTEST_MIN, _LONGEST_MIN))
    sizes = [size for size in range(max(2, shortest), longest + 1) if len(residuals) // size >= _BINS]
    ratios = [_excess(residuals, size) for size in sizes]
    return max(1.0, float(np.mean(ratios))) if ratios else 1.0


def _excess(residuals: Floats, size: int) -> float:
    count = len(residuals) // size
    means = residuals[: count * size].reshape(count, size).mean(axis=1)
    white = residuals.std() / np.sqrt(size) * np.sqrt(count / (count - 1))
    return float(means.std(ddof=1) / white) if white > 0 else 1.0
