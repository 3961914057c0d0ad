"""The comparison stars of a series: those that are steady and scatter least, and the target's light over theirs."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter

from obsy.engine.science.transit.beyond_chance import scatters_less
from obsy.engine.science.transit.model import Floats
from obsy.engine.science.transit.noise import neighbour_scatter

Mask = NDArray[np.bool_]
MOST, FEWEST = 15, 1
"""Comparison stars that are tried, the brightest first, and that are kept at least."""
SEEN = 0.985
"""A comparison star is measured in so many of the frames that show the target."""
BETTER = 0.995
"""A star is left out if the scatter falls to this or less without it, and by more than chance."""
BRIGHT = 0.1
"""Of the target's light: a fainter star brings more noise than it takes away."""
STEADY = 2.5
"""A star that changes slowly by more than so many times what its neighbours in time scatter by, varies."""
_AT_ONCE = 5
"""Frames whose median stands for a slow change: what hits one or two of them is none."""
_TOLD = 20
"""Frames below which nothing tells slow from fast."""
_NOTHING = 1e-9
"""A share of the light below which a difference is rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class RelativeLight:
    """A target over its comparison stars."""

    flux: Floats
    """(frames,), its median 1; NaN where the target or one of them was not measured."""
    stars: tuple[int, ...]
    """The comparison stars, as they are counted in the series."""
    scatter: float
    """By how much neighbours in time differ, over the root of 2: what a slow transit leaves alone."""
    varying: tuple[int, ...] = ()
    """Stars that were left out since they change slowly against all others."""
    is_split: bool = False
    """Whether the last two change slowly against each other, so that one of them varies, and nothing tells which."""


def relative(flux: Floats, bends: Floats | None = None, judged: Mask | None = None) -> RelativeLight | None:
    """Return the target over the steady comparison stars that make it scatter least; None if there are none.

    flux: (frames, stars) in order of time, star 0 the target; NaN where one was not measured. bends: (frames, any),
    what steady stars follow by their colour and place, such as air mass. judged: (frames,), in which the target tells
    how it scatters; in all if none is said. Stars that change slowly against the others
    go first. Of the rest each in turn is left out, and the one whose absence helps most goes, until none helps by more
    than chance: the luckiest choice of stars makes a few points smooth, and the rest worse.
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
    kept, varying, is_split = _steady(flux, kept, bends)
    counts = np.ones(len(flux), dtype=bool) if judged is None else judged
    best = _least(flux, kept, counts)
    kept, later, still = _steady(flux, list(best.stars), bends)  # what flickered hid what is slow
    best = _over(flux, kept, counts) if later else best
    return replace(best, varying=(*varying, *later), is_split=is_split or still)


def star_doubts(light: RelativeLight, where: Callable[[int], str]) -> list[str]:
    """Return what is to be said of the comparison stars; where: the place of a star, as it is counted in the series."""
    told = [f"the star at {where(star)} varies slowly: it is not compared with" for star in light.varying]
    if light.is_split:
        told.append("its last two comparison stars vary against each other: one may make a transit, or hide one")
    if len(light.stars) == 1:
        told.append("it is compared with one star alone, which nothing vouches for")
    return told


def _steady(flux: Floats, kept: list[int], bends: Floats | None) -> tuple[list[int], list[int], bool]:
    """Return the stars that are steady, those that vary, the worst first, and whether the last two disagree."""
    kept, varying = list(kept), list[int]()
    while len(kept) > FEWEST:
        slow = {n: _slow(flux[:, n] / flux[:, [each for each in kept if each != n]].sum(axis=1), bends) for n in kept}
        worst = max(slow, key=lambda n: slow[n])
        if slow[worst] <= STEADY:
            break
        if len(kept) == FEWEST + 1:
            return kept, varying, True
        kept.remove(worst)
        varying.append(worst)
    return kept, varying, False


def _slow(together: Floats, bends: Floats | None) -> float:
    """Return by how many times what neighbours in time scatter by, a light changes slowly, less what bends it.

    That is a parabola where it is not known.
    """
    seen = np.isfinite(together)
    if seen.sum() < _TOLD:
        return 0.0
    level = together[seen] / np.median(together[seen])
    if bends is None or not np.isfinite(bends).all():
        bends = np.vander(np.linspace(-1, 1, len(together)), 3)
    design = np.column_stack([np.ones(len(together)), bends])[seen]
    smooth = median_filter(level, _AT_ONCE, mode="nearest")
    left = smooth - design @ np.linalg.lstsq(design, smooth, rcond=None)[0]
    return float(left.std() / max(neighbour_scatter(level), _NOTHING))


def _least(flux: Floats, stars: list[int], judged: Mask) -> RelativeLight:
    kept, best = list(stars), _over(flux, stars, judged)
    while len(kept) > FEWEST:
        without = {n: _over(flux, [each for each in kept if each != n], judged) for n in kept}
        better = [n for n in kept if _is_better(without[n], best, judged)]
        if not better:
            break
        worst = min(better, key=lambda n: without[n].scatter)
        kept.remove(worst)
        best = without[worst]
    return best


def _is_better(light: RelativeLight, best: RelativeLight, judged: Mask) -> bool:
    if light.scatter > BETTER * best.scatter:
        return False
    return scatters_less(*(np.where(judged, each.flux, np.nan) for each in (best, light)))


def _over(flux: Floats, stars: list[int], judged: Mask) -> RelativeLight:
    together = flux[:, 0] / flux[:, stars].sum(axis=1)
    level = together / np.nanmedian(together)
    return RelativeLight(level, tuple(stars), neighbour_scatter(np.where(judged, level, np.nan)[np.isfinite(level)]))
