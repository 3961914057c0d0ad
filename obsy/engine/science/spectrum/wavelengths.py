"""Which wavelength lies where: a lamp's lines recognised by their spacing, and a polynomial through them.

Ours, and not specreduce's `WavelengthCalibration1D`: that seeks by differential evolution, which is drawn anew each
time and cannot be told a seed, so a night would not be repeated to the last byte; decision 50.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.polynomial import Polynomial

from obsy.engine.mad_std import mad_std
from obsy.engine.science.spectrum.arc_peaks import ArcPeaks
from obsy.engine.science.spectrum.lamp_lines import Floats, LampLines
from obsy.errors import UserError

BRIGHTEST = 18
"""Peaks and lines of which pairs are held against each other."""
ROUGH = 0.15
"""How far the declared dispersion may be off, of itself."""
FAR_PX = 0.35
"""How far the declared centre may be off, of the frame's width."""
FEWEST = 4
"""Lines without which nothing is believed."""
BLENDED, FAINT = 2.0, 0.1
"""Within so many widths of each other lines are one peak, unless one is fainter by this."""
CLIP = 4.0
HIGHEST = 4
"""No smooth grating needs a higher degree."""
NEAR_PX, LEAST_PX = 3.0, 0.15
"""How near a line must be to its peak, at first and however good the fit is."""


@dataclass(frozen=True, slots=True)
class WavelengthSolution:
    """Wavelengths in air along a frame."""

    curve: Polynomial
    """Angstrom, of pixels from 0 at the middle of the first."""
    rms: float
    """Of its lines' residuals, angstrom; nan where none was measured."""
    error: float
    """One standard deviation of the curve itself in the middle of its lines, angstrom."""
    lines: int
    places: Floats
    known: Floats
    """Of the lines that it rests on: where they are, and their wavelengths."""

    def at(self, x: Floats) -> Floats:
        """Return the wavelengths of places, angstrom."""
        made: Floats = self.curve(x)
        return made


def solved(peaks: ArcPeaks, lamp: LampLines, centre: float, dispersion: float, width: int) -> WavelengthSolution:
    """Return the wavelengths of a frame whose red is to the right, by its lamp.

    centre, dispersion: as declared, angstrom and angstrom a pixel. width: columns. Raises UserError if the lines are
    too few, or are not recognised.
    """
    reach = dispersion * (1 + ROUGH) * width
    near = lamp.within(centre - reach, centre + reach)
    if len(peaks.place) < FEWEST or len(near.angstrom) < FEWEST:
        found = f"{len(peaks.place)} lines stand in the arc, and the lamp {lamp.called} has {len(near.angstrom)} there"
        raise UserError(f"{found}: {FEWEST} are needed; expose it longer, or say what glows in it with '--lamp'")
    begun = _begun(peaks, near, centre, dispersion, width)
    return _refined(begun, peaks, _apart(near, BLENDED * float(np.median(peaks.fwhm)) * dispersion), width)


def _apart(lamp: LampLines, nearest: float) -> LampLines:
    """Return the lines that no other blends with that is a tenth as bright; nearest: angstrom."""
    gap = np.abs(lamp.angstrom[:, None] - lamp.angstrom[None, :])
    np.fill_diagonal(gap, np.inf)
    blended = ((gap < nearest) & (lamp.strength[None, :] > FAINT * lamp.strength[:, None])).any(axis=1)
    return LampLines(lamp.angstrom[~blended], lamp.strength[~blended], lamp.called)


def _begun(peaks: ArcPeaks, lamp: LampLines, centre: float, dispersion: float, width: int) -> Polynomial:
    """Return the straight line, of all that two peaks and two lines make, on which most peaks find a line."""
    bright = np.sort(np.argsort(peaks.height)[::-1][:BRIGHTEST])
    strong = np.sort(np.argsort(lamp.strength)[::-1][: 2 * BRIGHTEST])
    x, wave = peaks.place[bright], lamp.angstrom[strong]
    first, second = np.triu_indices(len(x), 1)
    one, other = np.triu_indices(len(wave), 1)
    slope = (wave[other] - wave[one])[None, :] / (x[second] - x[first])[:, None]
    start = wave[one][None, :] - slope * x[first][:, None]
    middle = start + slope * (width - 1) / 2
    wide = np.abs(x[second] - x[first])[:, None] > width / 12
    fits = wide & (abs(slope / dispersion - 1) < ROUGH) & (abs(middle - centre) < FAR_PX * width * dispersion)
    slopes, starts = slope[fits], start[fits]
    if not len(slopes):
        raise UserError("no two lines of the arc are as far apart as two of its lamp: check 'dispersion' and 'centre'")
    votes = np.zeros(len(slopes))
    for place in x:  # a peak votes for each line on which it lies near one of the lamp's
        at = starts + slopes * place
        nearest = np.abs(at[:, None] - _neighbours(lamp.angstrom, at)).min(axis=1)
        votes += np.clip(1 - nearest / (NEAR_PX * slopes), 0, None)
    best = int(np.argmax(votes - 1e-3 * abs(slopes / dispersion - 1)))
    return Polynomial([starts[best], slopes[best]])


def _neighbours(lines: Floats, at: Floats) -> Floats:
    """Return the lines before and after each wavelength; (wavelengths, 2)."""
    after = np.clip(np.searchsorted(lines, at), 1, len(lines) - 1)
    made: Floats = np.stack([lines[after - 1], lines[after]], axis=1)
    return made


def _refined(begun: Polynomial, peaks: ArcPeaks, lamp: LampLines, width: int) -> WavelengthSolution:
    """Return a fit of as high a degree as its lines bear, each peak with the one line that is nearest."""
    curve, near = begun, NEAR_PX
    best: WavelengthSolution | None = None
    for degree in (1, 2, 2, 3, 3, HIGHEST, HIGHEST) if len(lamp.angstrom) >= FEWEST else ():
        x, wave, sigma = _matched(curve, peaks, lamp, near)
        if len(x) < max(FEWEST, degree + 2):
            break
        fitted = _clipped(x, wave, sigma, degree, width)
        if degree == 1 or best is None or fitted.rms < 0.9 * best.rms or fitted.lines > best.lines:
            best = fitted
        curve = best.curve
        off_px = fitted.rms / abs(float(curve.deriv()((width - 1) / 2)))
        near = float(np.clip(CLIP * off_px, LEAST_PX * 4, NEAR_PX))
    if best is None or best.lines < FEWEST:
        raise UserError("the arc's lines are none of its lamp's: check the lamp, 'dispersion', 'centre' and 'red'")
    if _backs(best.curve, width):
        raise UserError("the lines that were found would have wavelengths turn back within the frame: check the lamp")
    return best


def _backs(curve: Polynomial, width: int) -> bool:
    return bool((curve.deriv()(np.arange(width)) <= 0).any())


def _matched(curve: Polynomial, peaks: ArcPeaks, lamp: LampLines, near: float) -> tuple[Floats, Floats, Floats]:
    """Return the places, wavelengths and errors (px) of peaks that have a line, each line's nearest peak alone."""
    at, step = curve(peaks.place), np.abs(curve.deriv()(peaks.place))
    both = _neighbours(lamp.angstrom, at)
    wave = both[np.arange(len(at)), np.abs(both - at[:, None]).argmin(axis=1)]
    off = np.abs(wave - at) / step
    order = np.argsort(off)
    taken = order[np.sort(np.unique(wave[order], return_index=True)[1])]
    kept = np.sort(taken[off[taken] < near])
    return peaks.place[kept], wave[kept], peaks.error[kept]


def _clipped(x: Floats, wave: Floats, sigma: Floats, degree: int, width: int) -> WavelengthSolution:
    """Return the fit of a degree without the lines that lie far off, by the scatter of all."""
    kept = np.ones(len(x), dtype=bool)
    weight = 1 / np.hypot(sigma, LEAST_PX / 5)  # a line's own place in a blend is no better known than that
    for _ in range(5):
        curve = Polynomial.fit(x[kept], wave[kept], degree, domain=[0, width - 1], w=weight[kept])
        off = wave - curve(x)
        limit = CLIP * max(mad_std(off[kept]), 1e-9)
        inside = np.abs(off) <= limit
        if (inside == kept).all() or inside.sum() < degree + 2:
            break
        kept = inside
    spare = max(int(kept.sum()) - degree - 1, 1)
    rms = float(np.sqrt((off[kept] ** 2).sum() / spare))
    made = WavelengthSolution(curve.convert(), rms, 0.0, int(kept.sum()), x[kept], wave[kept])
    return replace(made, error=rms * float(np.sqrt((degree + 1) / kept.sum())))
