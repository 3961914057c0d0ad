"""How much of the light of one frame another of the same grid shows, by the stars that both of them show."""

import warnings
from dataclasses import dataclass, field

import numpy as np
import sep
from astropy.io import fits
from numpy.typing import NDArray

from obsy.engine.reduce.product import Image, filled
from obsy.engine.reduce.stars import detect

MESH, THRESHOLD = 64, 10.0
MOST = 200
"""Stars that are compared."""
FEWEST = 3
"""Stars that a ratio rests on."""
CLEAR = 10.0
"""A star is compared when its flux in the reference is so many times its error from the sky."""
ALIKE = 0.01
"""No star's ratio is believed to be better than that, however bright it is."""
MEDIAN_ERROR = 1.2533
"""Standard error of a median over that of a mean, of normal values."""
BRIGHTEST = 0.5
"""A star whose peak reaches this share of the brightest pixel may be full, and is not compared."""
USUAL_FWHM_PX, WIDEST_FWHM_PX = 3.0, 12.0
RING = 1.5, 2.5
"""Radii of the ring that is a star's own sky, in apertures."""

Floats = NDArray[np.float64]

APERTURE_FWHM = 2.5
"""Radius of the aperture that light is compared in, in the widest frame's star widths."""


@dataclass(frozen=True)
class Landmarks:
    """Stars of a grid, by whose light its frames are compared. Pixels count from 0 at the middle of the first one."""

    x: Floats
    y: Floats
    radius: float
    """Of the aperture, in pixels: the same for all frames, and wide enough for the one with the widest stars."""

    def __len__(self) -> int:
        return len(self.x)

    def light(self, counts: Image, noise: float) -> "Starlight":
        """Return how bright each star is in a frame whose pixels have this noise."""
        error = float(noise * np.sqrt(np.pi) * self.radius)
        if not len(self):
            return Starlight(np.zeros(0), error)
        inner, outer = (self.radius * share for share in RING)
        whole = np.ascontiguousarray(counts, dtype=np.float32)
        flux, _, flags = sep.sum_circle(whole, self.x, self.y, self.radius, bkgann=(inner, outer))
        return Starlight(np.where(flags & sep.APER_TRUNC, np.nan, flux), error)


@dataclass(frozen=True)
class Starlight:
    """How bright the landmarks are in one frame, ADU; NaN for those that it does not show whole."""

    flux: Floats
    error: float
    """Standard error of each, from the noise of the sky."""


@dataclass(frozen=True)
class Ratio:
    """How many times as bright stars are in one frame as in another."""

    value: float
    stars: int
    error: float = field(default=0.0, compare=False)
    """Standard error of the value, by the noise of the skies and what stars of one ratio differ by."""


def landmarks(counts: Image, headers: list[fits.Header]) -> Landmarks:
    """Return the brightest stars of a frame that are not full, to compare frames with these headers by."""
    radius = APERTURE_FWHM * widest(headers)
    if not np.isfinite(counts[::4, ::4]).any():
        nowhere: Floats = np.zeros(0)
        return Landmarks(nowhere, nowhere, radius)
    whole = filled(counts)
    bare = whole - sep.Background(whole, bw=MESH, bh=MESH).back()
    stars = detect(bare, THRESHOLD, MESH, np.zeros(counts.shape, dtype=bool))
    peaks = bare[np.round(stars.y).astype(int), np.round(stars.x).astype(int)]
    dim = np.flatnonzero(peaks < BRIGHTEST * bare.max())[:MOST]
    return Landmarks(stars.x[dim], stars.y[dim], radius)


def widest(headers: list[fits.Header]) -> float:
    """Return how wide the stars of frames are at most, by their headers, in pixels."""
    said = [float(header["FWHMPX"]) for header in headers if "FWHMPX" in header]
    return float(np.clip(max(said, default=USUAL_FWHM_PX), 1.0, WIDEST_FWHM_PX))


def ratio(light: Starlight, reference: Starlight) -> Ratio | None:
    """Return how bright the stars that are clear in the reference are, over how bright they are there.

    The weighted median of their ratios, which bears that some vary, are full or lie beneath a trail. None for fewer
    than three, and for none of their light. Only the reference chooses, so that none counts for being lifted by noise.
    """
    share = light.flux / np.where(reference.flux > CLEAR * reference.error, reference.flux, np.nan)
    common = np.flatnonzero(np.isfinite(share))
    if len(common) < FEWEST:
        return None
    order = common[np.argsort(share[common])]
    blurred = np.hypot(light.error, reference.error) / reference.flux[order]
    blurred = np.hypot(blurred, ALIKE)
    heard = np.cumsum(1 / blurred)
    value = float(np.interp(heard[-1] / 2, heard - np.diff(heard, prepend=0.0) / 2, share[order]))
    error = MEDIAN_ERROR / float(np.sqrt((blurred**-2.0).sum()))
    return Ratio(value, len(common), error) if value > 0 else None


def usual_light(lights: list[Starlight], found: list[Ratio | None], reference: int) -> Starlight:
    """Return how bright each star is in the median of frames, each first made like the reference by its ratio.

    So no frame is favoured: any one of them is as bright as itself without an error, and where its noise has lifted or
    pressed its stars, all others come out too faint or too bright.
    """
    known = [light.flux / ratio.value for light, ratio in zip(lights, found, strict=True) if ratio]
    if not known:
        return lights[reference]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a star that no frame shows whole
        return Starlight(np.nanmedian(known, axis=0), MEDIAN_ERROR * lights[reference].error / len(known) ** 0.5)
