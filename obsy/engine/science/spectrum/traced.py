"""Where a star's light lies on a frame, and the sky beside it.

Ours, and not specreduce's `FitTrace` and `Background` (1.9); decision 50 says what was measured.
"""

import warnings
from dataclasses import dataclass

import numpy as np
from scipy.optimize import curve_fit

from obsy.engine.mad_std import SIGMA_PER_MAD, mad_std
from obsy.engine.science.spectrum.arc_peaks import FWHM
from obsy.engine.science.spectrum.lamp_lines import Floats
from obsy.errors import UserError

PARTS = 32
"""Into how many a spectrum is cut; the median of each has no cosmic rays and no lines of its own."""
DEGREE = 2
SIDE = 2.5
"""How far, in widths of the trace, its light is taken; the sky begins as far beyond."""
SKYLESS = 0.05
"""Of the columns, which may be without sky."""
LARGEST_SHARE = 2.0
"""Of a column's light; a hit is many times that."""
WIDEST_SKY_PX, FEWEST_SKY_PX = 40, 4
"""Rows of sky on either side, at most, and on both together, at least."""
FAINTEST = 5.0
"""Sigmas by which a trace stands out."""


@dataclass(frozen=True, slots=True)
class TracedLight:
    """The way of a spectrum over a frame whose red is to the right."""

    centre: Floats
    """Row at each column."""
    fwhm: float
    """Across the spectrum, pixels."""
    sky: Floats
    """Electrons a pixel at each column."""
    sky_variance: Floats
    """Of that mean."""
    pixel_variance: Floats
    """Of one pixel of the sky."""

    def noise(self, read_noise: float) -> float:
        """Return the noise of a pixel without light, electrons: of its read, or as the sky shows if that is more."""
        beyond = float(np.median(self.pixel_variance - np.maximum(self.sky, 0.0)))
        return float(np.sqrt(max(beyond, read_noise**2)))

    @property
    def half(self) -> int:
        """How many pixels on either side are the star's."""
        return int(np.ceil(SIDE * self.fwhm)) + 1


def traced(light: Floats) -> TracedLight:
    """Return where the brightest spectrum of a frame lies; light: electrons, (rows, columns), nan where unknown.

    Raises UserError if none stands out, or if it leaves the frame.
    """
    parts, middles = _parts(light)
    row, fwhm = _brightest(parts)
    centre = _followed(parts, middles, row, fwhm, light.shape[1])
    if not np.isfinite(centre).all() or (centre < 0).any() or (centre > len(light) - 1).any():
        raise UserError("the brightest spectrum leaves the frame: turn the camera, so that it lies along rows")
    centre, fwhm = _sharpened(light - _sky(light, centre, fwhm)[0], centre, fwhm)
    return TracedLight(centre, fwhm, *_sky(light, centre, fwhm))


def _followed(parts: Floats, middles: Floats, row: int, fwhm: float, columns: int) -> Floats:
    """Return the row of a trace at each column: its top in each part, those left out that jump off."""
    near = int(np.ceil(4 * fwhm)) + 4
    low = max(row - near, 0)
    tops = low + parts[low : row + near + 1].argmax(axis=0).astype(float)
    kept = np.ones(len(tops), dtype=bool)
    for _ in range(4):
        bent = np.polynomial.Polynomial.fit(
            middles[kept], tops[kept], DEGREE, w=np.sqrt(np.maximum(_height(parts, tops), 1e-9))[kept]
        )
        off = np.abs(tops - bent(middles))
        kept = off < 4 * max(mad_std(off, 0.0), 0.5)
        if kept.sum() < 2 * DEGREE + 2:
            raise UserError("no spectrum can be followed across the frame: expose it longer, or say where 'red' is")
    made: Floats = bent(np.arange(columns, dtype=float))
    return made


def _height(parts: Floats, tops: Floats) -> Floats:
    made: Floats = parts[tops.astype(int), np.arange(len(tops))]
    return made


def _parts(light: Floats) -> tuple[Floats, Floats]:
    """Return the medians of a frame's parts along the spectrum, and the columns in their middles."""
    cuts = np.array_split(np.arange(light.shape[1]), min(PARTS, light.shape[1]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        parts = np.stack([np.nanmedian(light[:, cut], axis=1) for cut in cuts], axis=1)
    parts = np.nan_to_num(parts - np.nanmedian(parts, axis=0)[None, :])
    return parts, np.array([cut.mean() for cut in cuts])


def _brightest(parts: Floats) -> tuple[int, float]:
    """Return the row of the brightest trace and its width, pixels."""
    across = np.median(np.sort(parts, axis=1)[:, parts.shape[1] // 3 :], axis=1)
    row = int(across.argmax())
    if across[row] < FAINTEST * mad_std(across):
        raise UserError("no spectrum stands out of the frame: expose it longer, or say where 'red' is")
    widths = []
    for part in parts.T:
        top = int(part[max(row - 20, 0) : row + 21].argmax()) + max(row - 20, 0)
        lit = part > part[top] / 2
        low = top - int(np.argmin(lit[top::-1])) if not lit[: top + 1].all() else 0
        high = top + int(np.argmin(lit[top:])) if not lit[top:].all() else len(part)
        widths.append(high - low - 1)
    return row, float(max(np.median(widths), 1.5))


def _sharpened(net: Floats, centre: Floats, fwhm: float) -> tuple[Floats, float]:
    """Return a trace's centre and width by the light itself: a Gaussian in the distance from it, part by part.

    A part's columns are put together by their distance, for the trace does not lie level in it.
    """
    away = np.arange(len(net))[:, None] - centre[None, :]
    places, found = [], []
    for cut in np.array_split(np.arange(net.shape[1]), min(PARTS, net.shape[1])):
        share = net[:, cut] / max(float(np.nanmedian(np.nansum(net[:, cut], axis=0))), 1.0)
        near = (np.abs(away[:, cut]) < SIDE * fwhm) & np.isfinite(share)
        x, y = away[:, cut][near], share[near]
        kept = np.abs(y - np.median(y)) < LARGEST_SHARE
        begun = (0.9 / fwhm, 0.0, fwhm / FWHM)
        try:
            best, _ = curve_fit(_bell, x[kept], y[kept], begun, loss="soft_l1", f_scale=0.05, method="trf")
        except RuntimeError:  # too faint here
            continue
        if best[0] > 0 and abs(best[1]) < fwhm:
            places.append(cut.mean())
            found.append((best[1], abs(best[2]) * FWHM))
    if len(places) <= PARTS // 3:
        return centre, fwhm
    shift, wide = np.array(found).T
    kept = np.abs(shift - np.median(shift)) < 5 * max(mad_std(shift), 0.05)
    bent = np.polynomial.Polynomial.fit(np.array(places)[kept], shift[kept], DEGREE + 1)
    return centre + bent(np.arange(net.shape[1], dtype=float)), float(np.median(wide))


def _bell(x: Floats, height: float, place: float, sigma: float) -> Floats:
    made: Floats = height * np.exp(-((x - place) ** 2) / (2 * sigma**2))
    return made


def _sky(light: Floats, centre: Floats, fwhm: float) -> tuple[Floats, Floats, Floats]:
    """Return the sky at each column, the variance of that and of a pixel, electrons; hits are left out."""
    half = int(np.ceil(SIDE * fwhm)) + 1
    away = np.abs(np.arange(len(light))[:, None] - centre[None, :])
    beside = np.where((away > half + 1) & (away <= half + 1 + WIDEST_SKY_PX), light, np.nan)
    if (np.isfinite(beside).sum(axis=0) < FEWEST_SKY_PX).mean() > SKYLESS:
        raise UserError("the spectrum lies so near the frame's edge that no sky is left beside it")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        for _ in range(3):
            middle = np.nanmedian(beside, axis=0)
            spread = SIGMA_PER_MAD * np.nanmedian(np.abs(beside - middle), axis=0)
            beside = np.where(np.abs(beside - middle) <= 4 * np.maximum(spread, 1e-9), beside, np.nan)
        many = np.maximum(np.isfinite(beside).sum(axis=0), 1)
        pixel = np.nan_to_num(np.nanvar(beside, axis=0))
        return np.nan_to_num(np.nanmean(beside, axis=0)), pixel / many, pixel
