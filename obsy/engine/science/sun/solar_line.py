"""Where on the frames of a spectroheliograph the line lies that its film is about, and how it bends along the slit."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.polynomial import Polynomial
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from obsy.engine.mad_std import mad_std
from obsy.errors import UserError

Floats = NDArray[np.float64]
CHUNK = 64
"""Frames that are read at a time: a film may be larger than the memory."""
DEGREE = 2
LIT = 0.35
"""Of the brightest part of the slit, from which it is on the Sun."""
SHALLOWEST = 0.05
"""Of the light beside it, that a line takes away at the least."""


@dataclass(frozen=True, slots=True)
class SolarLine:
    """A line along the slit; frames lie so that wavelengths go with the row."""

    place: Floats
    """Its row at each place of the slit, (columns,)."""
    fwhm: float
    """Rows."""
    depth: float
    """Of the light beside it."""
    bend: float
    """How many rows the slit's ends lie off its middle."""
    continuum: int
    """How many rows from the line there is most light left."""


def mean_frame(frames: NDArray[Any], slit_along: str) -> Floats:
    """Return the mean of those frames of a film that show the Sun, wavelengths along rows.

    slit_along: 'x' where the slit lies along rows of the frames, 'y' where along columns.
    """
    light = np.concatenate([frames[at : at + CHUNK].mean(axis=(1, 2)) for at in range(0, len(frames), CHUNK)])
    lit = np.flatnonzero(light > light.min() + 0.5 * (light.max() - light.min()))
    total = np.zeros(frames.shape[1:])
    for number in lit[:: max(len(lit) // 400, 1)]:
        total += frames[number]
    mean: Floats = total / max(len(lit[:: max(len(lit) // 400, 1)]), 1)
    return mean if slit_along == "x" else mean.T


def slit_of(frames: NDArray[Any]) -> str:
    """Return along which side of the frames the slit lies: across it light has lines, along it the Sun is even."""
    mean = mean_frame(frames, "x")

    def lines(profile: Floats) -> float:
        fine = profile - gaussian_filter1d(profile, max(len(profile) / 20, 2.0))
        inner = fine[len(fine) // 8 : -len(fine) // 8]
        return float(np.std(inner) / max(float(profile.mean()), 1e-9))

    return "x" if lines(mean.mean(axis=1)) >= lines(mean.mean(axis=0)) else "y"


def solar_line(mean: Floats, near: float | None = None) -> SolarLine:
    """Return the deepest line of a mean frame, or the one nearest to a row in the slit's middle.

    Raises UserError if none stands out.
    """
    along = mean.mean(axis=0)
    lit = np.flatnonzero(along > LIT * np.percentile(along, 98))
    middle = lit[len(lit) // 4 : -len(lit) // 4 or None]
    profile = mean[:, middle].mean(axis=1)
    row = _deepest(profile, near)
    place, fwhm, depth = _shape(profile, row)
    if depth < SHALLOWEST:
        raise UserError(f"no line stands out of the film: the deepest takes {depth:.0%} of the light beside it")
    bent = _bent(mean, lit, place, fwhm)
    rows = bent(np.arange(mean.shape[1], dtype=float))
    if (rows < 1).any() or (rows > len(mean) - 2).any():
        raise UserError("the line leaves the frames towards the ends of the slit: film more of the spectrum around it")
    ends = bent(np.array([lit[0], lit[-1]], dtype=float)).mean()
    continuum = _continuum(profile, place, fwhm, rows, len(mean))
    return SolarLine(rows, fwhm, depth, float(ends - bent(float(lit.mean()))), continuum)


def _deepest(profile: Floats, near: float | None) -> int:
    smooth = gaussian_filter1d(profile, 1.0)
    inner = np.arange(2, len(smooth) - 2)
    dips = inner[(smooth[inner] <= smooth[inner - 1]) & (smooth[inner] < smooth[inner + 1])]
    if not len(dips):
        raise UserError("no line stands out of the film: its light grows to one side only")
    if near is not None:
        return int(dips[np.abs(dips - near).argmin()])
    return int(dips[smooth[dips].argmin()])


def _shape(profile: Floats, row: int) -> tuple[float, float, float]:
    """Return a line's place, full width at half depth and depth; rows."""
    level = float(np.percentile(profile, 90))
    below = level - profile
    half = below[row] / 2
    low = row
    while low > 0 and below[low] > half:
        low -= 1
    high = row
    while high < len(profile) - 1 and below[high] > half:
        high += 1
    at = np.arange(low, high + 1)
    weight = np.clip(below[at] - half, 0, None)
    place = float((at * weight).sum() / weight.sum()) if weight.sum() > 0 else float(row)
    return place, float(max(high - low - 1, 1)), float(below[row] / max(level, 1e-9))


def _bent(mean: Floats, lit: NDArray[np.intp], place: float, fwhm: float) -> Polynomial:
    """Return the line's row as a parabola along the slit, by the middle of its light's lack at each place of it."""
    reach = int(np.ceil(1.5 * fwhm)) + 2
    found, guess = np.full(len(lit), np.nan), place
    order = np.argsort(np.abs(lit - lit.mean()))
    bent = Polynomial([place])
    for number, at in enumerate(order):
        if number > 10:  # noqa: PLR2004 - so many tell where to look next
            known = np.isfinite(found)
            degree = DEGREE if number > len(lit) // 4 else 0
            if number % 16 == 0:
                bent = Polynomial.fit(lit[known], found[known], degree, domain=[0, mean.shape[1]])
            guess = float(bent(float(lit[at])))
        low = max(round(guess) - reach, 0)
        part = mean[low : round(guess) + reach + 1, lit[at]]
        weight = np.clip(part.max() - part - 0.4 * (part.max() - part.min()), 0, None)
        if weight.sum() > 0:
            found[at] = low + float((np.arange(len(part)) * weight).sum() / weight.sum())
    kept = np.isfinite(found)
    for _ in range(5):
        bent = Polynomial.fit(lit[kept], found[kept], DEGREE, domain=[0, mean.shape[1]])
        off = np.abs(found - bent(lit.astype(float)))
        kept = np.isfinite(found) & (off < 4 * max(mad_std(off[kept], 0.0), 0.05))
    return bent


def _continuum(profile: Floats, place: float, fwhm: float, rows: Floats, height: int) -> int:
    """Return the distance from the line, rows, at which there is most light and which stays within the frame."""
    smooth = gaussian_filter1d(profile, 1.0)
    low, high = int(np.ceil(1 - rows.min())), int(np.floor(height - 2 - rows.max()))
    able = [off for off in range(low, high + 1) if abs(off) >= 2 * fwhm]
    if not able:
        raise UserError("the frames show the line alone, and no light beside it: film more of the spectrum around it")
    return max(able, key=lambda off: (float(smooth[min(max(round(place + off), 0), height - 1)]), -abs(off)))
