"""How much worse than its errors a light curve is: scatter, and noise that does not average away."""

import numpy as np

from obsy.engine.mad_std import mad_std
from obsy.engine.science.transit.model import Floats

FAR = 4.0
"""Standard deviations, by the median of all, from which a point is an outlier: 1 of 16,000 by chance."""
_SHORTEST_MIN, _LONGEST_MIN = 10.0, 30.0
"""Bins as long as an ingress, by which red noise is judged. Source: Winn et al. 2008, section 4."""
_BINS = 4
"""Fewer bins, beyond what was fitted to them, say nothing of their scatter."""
_USUAL = 10
"""Points over which the usual distance in time is taken: frames may come in pairs and bursts."""
_MINUTES = 1440.0


def deviation(residuals: Floats) -> float:
    """Return one standard deviation as the median tells it, which a few outliers do not change."""
    return mad_std(residuals)


def neighbour_scatter(flux: Floats) -> float:
    """Return the scatter of a flux in order of time by how much neighbours differ, which a slow change leaves alone.

    NaN does not count. Where most neighbours are the same, as rounded ones may be, by the root of the mean square.
    """
    apart = np.diff(flux)
    apart = apart[np.isfinite(apart)]
    if not len(apart):
        return np.inf
    usual = mad_std(apart, about=0.0) or np.sqrt(np.mean(apart**2))
    return float(usual / np.sqrt(2))


def usual_step(times_d: Floats) -> float:
    """Return how far points in order of time usually are apart, days, whether or not they come in bursts."""
    over = min(_USUAL, len(times_d) - 1)
    return float(np.median(times_d[over:] - times_d[:-over])) / over if over > 0 else 0.0


def inflation(normalised: Floats, free: int) -> float:
    """Return by how much errors must grow for residuals over errors to scatter by 1; never below 1.

    free: parameters that were fitted.
    """
    return max(1.0, float(np.sqrt(normalised @ normalised / max(1, len(normalised) - free))))


def red_noise(times_d: Floats, residuals: Floats, free: int) -> float:
    """Return beta: how much more bins of 10 to 30 minutes scatter than white noise would; never below 1.

    free: what was fitted to them and nothing held, which takes as many freedoms of the bins as of the points. The
    largest over the lengths of bins, all of as many points: a mean hides what is slow. Source: Winn et al. 2008,
    section 4.
    """
    step_min = usual_step(times_d) * _MINUTES
    if step_min <= 0:
        return 1.0
    shortest, longest = (round(each / step_min) for each in (_SHORTEST_MIN, _LONGEST_MIN))
    sizes = [size for size in range(max(2, shortest), longest + 1) if len(residuals) // size >= _BINS + free]
    return max(1.0, *(_excess(residuals, size, free) for size in sizes), 1.0)


def _excess(residuals: Floats, size: int, free: int) -> float:
    count = len(residuals) // size
    means = residuals[: count * size].reshape(count, size).mean(axis=1)
    white = (residuals @ residuals) / (len(residuals) - free) / size
    return float(np.sqrt(means @ means / (count - free) / white)) if white > 0 else 1.0
