"""The comparison stars of a series, chosen by what scatters least, and the target's light over theirs."""

from dataclasses import dataclass

import numpy as np

from obsy.engine.science.transit.model import Floats
from obsy.engine.science.transit.noise import neighbour_scatter

MOST, FEWEST = 15, 1
"""Comparison stars that are tried, the brightest first, and that are kept at least."""
SEEN = 0.985
"""A comparison star is measured in so many of the frames that show the target."""
BETTER = 0.995
"""A star is left out if the scatter falls to this or less without it."""
BRIGHT = 0.1
"""Of the target's light: a fainter star brings more noise than it takes away."""


@dataclass(frozen=True, slots=True, eq=False)
class RelativeLight:
    """A target over its comparison stars."""

    flux: Floats
    """(frames,), its median 1; NaN where the target or one of them was not measured."""
    stars: tuple[int, ...]
    """The comparison stars, as they are counted in the series."""
    scatter: float
    """By how much neighbours in time differ, over the root of 2: what a slow transit leaves alone."""


def relative(flux: Floats) -> RelativeLight | None:
    """Return the target over the comparison stars that make it scatter least; None if there are none.

    flux: (frames, stars), star 0 the target; NaN where one was not measured. Each star in turn is left out, and the
    one whose absence helps most goes, until none helps.
    """
    shown = np.isfinite(flux[:, 0])
    if not shown.any():
        return None
    whole = np.flatnonzero(np.isfinite(flux[shown]).mean(axis=0) >= SEEN)
    usual = np.nanmedian(flux[shown][:, whole], axis=0)
    bright = [n for n in np.argsort(-usual) if n and usual[n] > BRIGHT * usual[0]]
    kept = [int(whole[n]) for n in bright[:MOST]]
    if not kept:
        return None
    best = _over(flux, kept)
    while len(kept) > FEWEST:
        without = {n: _over(flux, [each for each in kept if each != n]) for n in kept}
        worst = min(without, key=lambda n: without[n].scatter)
        if without[worst].scatter > BETTER * best.scatter:
            break
        kept.remove(worst)
        best = without[worst]
    return best


def best_aperture(flux: Floats) -> tuple[int, RelativeLight] | None:
    """Return which aperture scatters least, and its light; flux: (apertures, frames, stars). None if none has any."""
    tried = [(n, found) for n, each in enumerate(flux) if (found := relative(each)) is not None]
    return min(tried, key=lambda each: each[1].scatter, default=None)


def _over(flux: Floats, stars: list[int]) -> RelativeLight:
    together = flux[:, 0] / flux[:, stars].sum(axis=1)
    level = together / np.nanmedian(together)
    return RelativeLight(level, tuple(stars), neighbour_scatter(level[np.isfinite(level)]))
