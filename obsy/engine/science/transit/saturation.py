"""How bright a pixel of a night may be and still count: its brightest stars tell where they are cut off."""

import numpy as np

from obsy.engine.reduce.around import around
from obsy.engine.reduce.stars import Image
from obsy.engine.science.transit.model import Floats

BRIGHTEST = 48
"""Pixels of a star that are looked at: enough for stars of 18 px."""
FULL = 0.95
"""Of the level at which stars are cut off: what reaches it may be saturated. A flat moves that level by as much."""
SAME = 3
"""Pixels of a night that hold its largest value: a converter's last step, since by chance two hardly do."""
PEAK = 4
"""Pixels that may share a star's peak, where its middle lies on a corner."""
FLATTER = 0.12
"""Pixels within 5 % of its peak, in squares of its width (FWHM): twice the 0.058 of a Gaussian star."""
CUT_OFF = 0.05
"""Of the frames in which a star's flat top is seen, for it not to be a chance."""


def brightest(counts: Image, places: tuple[Floats, Floats], radius: float) -> Floats:
    """Return the brightest pixels within a radius of each place x, y, (stars, pixels), brightest first.

    counts: (rows, columns). What lies outside of the frame is NaN, and comes last.
    """
    reach = int(radius)
    across = np.arange(-reach, reach + 1)
    down, right = np.meshgrid(across, across, indexing="ij")
    within = np.hypot(down, right) <= radius
    found = np.sort(-around(counts, *places, right[within], down[within]), axis=1)[:, :BRIGHTEST]
    return np.pad(-found, ((0, 0), (0, BRIGHTEST - found.shape[1])), constant_values=np.nan)


def full_level(bright: Floats, fwhm: float) -> float:
    """Return the value from which on a pixel may be saturated; infinite where no star of the night is cut off.

    bright: (frames, stars, pixels), the brightest pixels of each star, brightest first, NaN where there are fewer.
    fwhm: of the night's stars, px. The largest value alone says nothing: some star is the brightest of any night.
    """
    known = bright[np.isfinite(bright)]
    if not len(known):
        return np.inf
    if (known == known.max()).sum() >= SAME:
        return FULL * float(known.max())
    peaks = np.nanmax(bright[np.isfinite(bright).any(axis=(1, 2))], axis=(1, 2))
    level = FULL * float(np.quantile(peaks, 1 - CUT_OFF))
    flat = (bright >= level).sum(axis=2) > PEAK + FLATTER * fwhm**2
    return level if flat.any(axis=1).mean() > CUT_OFF else np.inf
