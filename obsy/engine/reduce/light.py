"""A light between two steps: what each is given and hands on."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from astropy.io import fits
from astropy.nddata import CCDData
from astropy.wcs import WCS
from numpy.typing import NDArray

from obsy.engine.library.master import Master
from obsy.engine.reduce.orders import LightOrder, Measures
from obsy.engine.reduce.product import Image, read
from obsy.engine.reduce.shape import Shapes
from obsy.engine.reduce.stars import DetectedStars
from obsy.errors import FrameError

MOSTLY = 0.5
"""A frame with more than this share of its pixels full, or without a value, shows nothing."""


@dataclass(frozen=True)
class LightFrame:
    """A frame between two steps; every step returns another. Arrays are (rows, columns)."""

    order: LightOrder
    header: fits.Header
    frame: CCDData
    """ADU; NaN where there is no value; with each pixel's deviation once the pedestal is off."""
    full: NDArray[np.bool_]
    """Pixels that were saturated when they were read."""
    exposure_s: float
    measures: Measures
    stars: DetectedStars | None = None
    shapes: Shapes | None = None
    """Of the first, brightest stars."""
    fluxes: NDArray[np.float64] | None = None
    """Of the same, ADU; NaN where there is none to trust."""
    plane: WCS | None = None
    unplaced: str | None = None
    aligned: Image | None = None

    @property
    def counts(self) -> Image:
        """(rows, columns), ADU; NaN where there is no value."""
        return np.asarray(self.frame.data)

    def deviation(self) -> Image | None:
        """Return the standard deviation of each pixel, ADU, where it is known; 0 where there is no value."""
        if self.frame.uncertainty is None:
            return None
        deviation: Image = np.nan_to_num(self.frame.uncertainty.array, nan=0.0)
        return deviation

    def filled(self) -> Image:
        """The counts, with the frame's median where there is no value."""
        holes = ~np.isfinite(self.counts)
        if not holes.any():
            return self.counts
        return np.where(holes, np.float32(np.nanmedian(self.counts[::4, ::4])), self.counts)


def open_light(order: LightOrder) -> LightFrame:
    """The light as the camera wrote it, in float32.

    Raises FrameError: not-an-image, no-signal (no finite value, or one value everywhere) or saturated.
    """
    raw, header = read(order.source)
    counts = raw.astype(np.float32)
    finite = np.isfinite(counts)
    if finite.mean() < MOSTLY:
        raise FrameError("no-signal", f"no-signal: {1 - finite.mean():.0%} of the pixels hold no value")
    full = counts >= order.optics.saturation_adu
    share = float(full.mean())
    if share > MOSTLY:
        raise FrameError("saturated", f"saturated: {share:.0%} of the pixels are full, above {MOSTLY:.0%}")
    if np.ptp(counts[finite]) == 0:
        raise FrameError("no-signal", "no-signal: every pixel holds the same value")
    taken = CCDData(counts, unit="adu")
    return LightFrame(order, header, taken, full, order.frame.exposure_s, Measures(saturated=share))


def master_of(light: LightFrame, kind: str) -> CCDData:
    """Return the light's master of this kind. Raises FrameError no-master if it has none of its size."""
    masters = light.order.masters
    master: Master | None = {"bias": masters.bias, "dark": masters.dark, "flat": masters.flat}[kind]
    if master is None:
        why = next((line for line in masters.missing if line.startswith(kind)), f"no master {kind}")
        raise FrameError("no-master", f"no-master: {why}")
    pixels = _pixels(master.path, master.sha256)
    if pixels.shape != light.counts.shape:
        rows, columns = pixels.shape
        raise FrameError("no-master", f"no-master: {master.path.name} is {columns} x {rows} px, unlike the light")
    return pixels


@lru_cache(maxsize=6)
def _pixels(path: Path, sha256: str) -> CCDData:
    """The file's pixels; its hash is only the key, so that a rebuilt master is read anew."""
    pixels = read(path)[0].astype("float32", copy=False)
    pixels.setflags(write=False)
    return CCDData(pixels, unit="adu")
