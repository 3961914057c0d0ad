"""A light between two steps: what each is given and hands on."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from astropy.io import fits
from astropy.nddata import CCDData, StdDevUncertainty
from astropy.wcs import WCS
from numpy.typing import NDArray

from obsy.engine.library.master import Master
from obsy.engine.reduce.orders import LightOrder, Measures, Optics
from obsy.engine.reduce.plain_cards import exposed_s
from obsy.engine.reduce.product import Image, read
from obsy.engine.reduce.shape import Shapes
from obsy.engine.reduce.star_table import StarTable
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
    """For which it was exposed."""
    measures: Measures
    stars: DetectedStars | None = None
    fluxes: NDArray[np.float64] | None = None
    """Of the first, brightest stars, ADU; NaN where there is none to trust."""
    shapes: Shapes | None = None
    """Of the same stars."""
    plane: WCS | None = None
    unplaced: str | None = None
    aligned: Image | None = None
    table: StarTable | None = None

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
    return LightFrame(order, header, taken, full, exposed_s(header, order.frame.exposure_s), Measures(saturated=share))


def master_of(light: LightFrame, kind: str) -> CCDData:
    """Return the light's master of this kind with its deviation, where it is not taken off again.

    Raises FrameError no-master if it has none of its size.
    """
    master: Master | None = getattr(light.order.masters, kind)
    if master is None:
        why = next((line for line in light.order.masters.missing if line.startswith(kind)), f"no master {kind}")
        raise FrameError("no-master", f"no-master: {why}")
    pixels, _ = _master(master.path, master.sha256)
    if pixels.shape != light.counts.shape:
        rows, columns = pixels.shape
        raise FrameError("no-master", f"no-master: {master.path.name} is {columns} x {rows} px, unlike the light")
    if kind == "bias" and _cancels(light):
        return CCDData(pixels, unit="adu")
    bias = light.order.masters.bias if kind == "dark" and master.pedestal and _asks(light, "bias") else None
    if bias is not None:  # the light's pedestal is off already
        pixels = pixels - _master(bias.path, bias.sha256)[0]
    deviation = _deviation(master, bias, light.order.optics)
    return CCDData(pixels, unit="adu", uncertainty=StdDevUncertainty(deviation))


def _asks(light: LightFrame, name: str) -> bool:
    """Whether the light's pipeline has a step of this name."""
    return any(step.step == name for step in light.order.pipeline.steps)


def _cancels(light: LightFrame) -> bool:
    """Whether the light's bias was taken off its dark too: light - bias - (dark - bias) holds nothing of it."""
    bias, dark = light.order.masters.bias, light.order.masters.dark
    if bias is None or dark is None or not _asks(light, "dark"):
        return False
    return dark.pedestal or bool(_master(dark.path, dark.sha256)[1].get("BIASSHA") == bias.sha256)


@lru_cache(maxsize=6)
def _master(path: Path, sha256: str) -> tuple[Image, fits.Header]:
    """The file's pixels and header; its hash is only the key, so that a rebuilt master is read anew."""
    pixels, header = read(path)
    pixels = pixels.astype(np.float32, copy=False)
    pixels.setflags(write=False)
    return pixels, header


@lru_cache(maxsize=3)  # of a dark and of the flats of two filters in turn
def _deviation(master: Master, bias: Master | None, optics: Optics) -> Image:
    """Standard deviation of each of a master's pixels, from the read noise and the light in its frames.

    bias: what is taken off a dark that has its pedestal still.

    Left out: what the bias and dark that were taken off a flat add to it, a thousandth of its variance if it is well
    lit; and for a dark that was freed of another bias than the light, the noise of that.
    """
    pixels, header = _master(master.path, master.sha256)
    level = float(header.get("LEVEL", 0.0)) if master.kind == "flat" else 1.0
    bare = pixels if bias is None else pixels - _master(bias.path, bias.sha256)[0]
    electrons = 0.0 if master.kind == "bias" else np.maximum(bare, 0) * np.float32(level * optics.conversion)
    whole = np.float32(max(level, 1e-30) * optics.conversion * master.frames**0.5)
    noise = np.broadcast_to(np.sqrt(electrons + np.float32(optics.read_noise_e**2)) / whole, pixels.shape)
    deviation = np.zeros_like(pixels) if level == 0 else np.asarray(noise, dtype=np.float32)
    deviation.setflags(write=False)
    return deviation
