"""In which aperture a star's light scatters least beside its neighbours', by points outside of its transit alone."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from obsy.engine.science.transit.beyond_chance import scatters_less
from obsy.engine.science.transit.model import Floats
from obsy.engine.science.transit.relative import RelativeLight, relative

Mask = NDArray[np.bool_]
FEWEST_OUTSIDE = 15
"""Points outside of a transit; of fewer, nothing is told of how they scatter, and the usual aperture stays."""
WORTH = 0.97
"""Another aperture is taken where the scatter falls to this share or less, and by more than chance."""
AS_MANY = 0.98
"""Another aperture shows the target whole in so many of the frames in which the usual one does."""


@dataclass(frozen=True, slots=True, eq=False)
class BestAperture:
    """The light in the aperture that was taken."""

    radius: float
    """As the radii that were tried."""
    light: RelativeLight
    scatter: Mapping[float, float]
    """By radius: by how much neighbours in time differ outside of the transit; empty where nothing was chosen by it."""


def best_aperture(
    flux: Mapping[float, Floats], usual: float, outside: Mask | None, bends: Floats | None = None
) -> BestAperture | None:
    """Return the light in the aperture in which it scatters least; None if the usual one has no star to compare with.

    flux: by radius, (frames, stars) as `relative` takes it. outside: (frames,), which lie outside of the transit; no
    other point of the target chooses, for what smooths a transit away would be taken for less scatter. Where too few
    lie there, or nobody says which, the usual aperture stays; likewise where none scatters less by more than chance,
    for of some 20 points the least of five scatters is luck.
    """
    judged = outside if outside is not None and outside.sum() >= FEWEST_OUTSIDE else None
    light = relative(flux[usual], bends, judged)
    if light is None or judged is None:
        return None if light is None else BestAperture(usual, light, {})
    shown = np.isfinite(light.flux).sum()
    found = {radius: light if radius == usual else relative(each, bends, judged) for radius, each in flux.items()}
    tried = {radius: each for radius, each in sorted(found.items()) if each is not None}
    tried = {radius: each for radius, each in tried.items() if np.isfinite(each.flux).sum() >= AS_MANY * shown}
    usually = np.where(judged, light.flux, np.nan)
    better = [
        radius
        for radius, each in tried.items()
        if each.scatter <= WORTH * light.scatter and scatters_less(usually, np.where(judged, each.flux, np.nan))
    ]
    taken = min(better, key=lambda radius: tried[radius].scatter, default=usual)
    return BestAperture(taken, tried[taken], {radius: each.scatter for radius, each in tried.items()})
