"""Points of light on the sensor, drawn all at once by Fourier transforms, exact to a small part of a pixel."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
MARGIN = 40
"""Pixels drawn around the frame, so that what lies just outside still spills in, and does not wrap around."""
UNSEEN = 0.05
"""Pixels of defocus or trail that nobody would see."""
CORE = 2 * (2**0.4 - 1) ** 0.5
"""FWHM of a Moffat profile of exponent 2.5, in core widths."""
FWHM_PER_SIGMA = 2.3548200450309493


@dataclass(frozen=True, slots=True)
class Points:
    """Columns, rows and electrons, arrays of one length."""

    columns: NDArray[np.float64]
    rows: NDArray[np.float64]
    electrons: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Blur:
    """How a point looks: seeing and defocus (FWHM, pixels), and the trail right and down (pixels)."""

    seeing: float
    defocus: float
    trail: tuple[float, float]


def together(parts: list[Points]) -> Points:
    """All points of several."""
    return Points(*(np.concatenate([getattr(p, name) for p in parts]) for name in Points.__slots__))


@lru_cache(maxsize=4)
def _frequencies(shape: tuple[int, int]) -> tuple[Floats, Floats, Floats]:
    down = np.fft.fftfreq(shape[0]).astype(np.float32)[:, None]
    right = np.fft.rfftfreq(shape[1]).astype(np.float32)[None, :]
    return down, right, np.hypot(down, right).astype(np.float32)


def _transfer(shape: tuple[int, int], blur: Blur) -> Floats:
    """What the optics leave of each frequency, divided by what the spreading over four pixels took from it.

    Source: the Fourier transform of a Moffat profile of exponent 5/2 is (1 + x) exp(-x); of a cubic B-spline, sinc^4.
    """
    down, right, radius = _frequencies(shape)
    x = radius * np.float32(2 * np.pi * blur.seeing / CORE)
    kept = np.exp(-x) * (1 + x)
    kept *= np.sinc(down) ** -3 * np.sinc(right) ** -3
    if blur.defocus > UNSEEN:
        sigma = blur.defocus / FWHM_PER_SIGMA
        gauss = np.float32(-2 * np.pi**2 * sigma**2)
        kept *= np.exp(gauss * down**2) * np.exp(gauss * right**2)
    if np.hypot(*blur.trail) > UNSEEN:
        kept *= np.sinc(down * np.float32(blur.trail[1]) + right * np.float32(blur.trail[0]))
    return np.asarray(kept, dtype=np.float32)


def _spread(shape: tuple[int, int], points: Points) -> Floats:
    """Points as cubic B-splines, four pixels wide, on the padded frame."""
    column, row = points.columns + MARGIN, points.rows + MARGIN
    with np.errstate(invalid="ignore"):
        inside = (column >= 1) & (column < shape[1] - 3) & (row >= 1) & (row < shape[0] - 3)
    column, row, light = column[inside], row[inside], points.electrons[inside]
    left, top = np.floor(column).astype(np.intp), np.floor(row).astype(np.intp)
    across, along = _spline(column - left), _spline(row - top)
    at = [(top + (j - 1)) * shape[1] + left + (i - 1) for j in range(4) for i in range(4)]
    weights = [along[j] * across[i] * light for j in range(4) for i in range(4)]
    flat = np.bincount(np.concatenate(at), np.concatenate(weights), minlength=shape[0] * shape[1])
    return flat.reshape(shape).astype(np.float32)


def _spline(t: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    square, cube = t * t, t * t * t
    outer, inner = (1 - t) ** 3 / 6, (4 - 6 * square + 3 * cube) / 6
    return outer, inner, (1 + 3 * (t + square - cube)) / 6, cube / 6


def draw(shape: tuple[int, int], points: Points, blur: Blur) -> Floats:
    """Electrons in each pixel, (rows, columns); light that falls beside the frame is lost."""
    from scipy.fft import irfft2, next_fast_len, rfft2  # noqa: PLC0415  a worker draws; the night itself needs no scipy

    padded = (next_fast_len(shape[0] + 2 * MARGIN, True), next_fast_len(shape[1] + 2 * MARGIN, True))
    drawn = irfft2(rfft2(_spread(padded, points)) * _transfer(padded, blur), s=padded, overwrite_x=True)
    inner: Floats = drawn[MARGIN : MARGIN + shape[0], MARGIN : MARGIN + shape[1]]
    return np.maximum(inner, 0, dtype=np.float32)
