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
STRAIGHT, REFINED = 60, 40
"""How many of the best straight lines are bent, and how many of the best of those are followed to the end."""
MOST_BEND = 0.015
"""Of the width, by which wavelengths are bent from even ones at the ends: a dispersion that changes by a tenth."""
LEAST_EXPLAINED = 0.4
"""Of the bright peaks; of fewer it is another lamp."""
SHARP_PX = 0.4
"""How far from its line a peak may lie and still say that it is one: of a wrong solution they lie anywhere."""
BLENDED, FAINT = 2.0, 0.1
"""Within so many widths of each other lines are one peak, unless one is fainter by this."""
CLIP = 4.0
HIGHEST, FEWEST_FOR_HIGHEST, WORTH = 3, 10, 0.7
"""No grating needs a higher degree; a cubic needs so many lines, or it swings where there are none, and to leave so
much less of their residuals."""
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
    explained: float = 1.0
    """Which share of the arc's bright peaks are lines of its lamp."""

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
    clear = _apart(near, BLENDED * float(np.median(peaks.fwhm)) * dispersion)
    begun = _begun(peaks, near, centre, dispersion, width)
    refined = [_refined(each, peaks, clear, width) for each in begun]
    tried = [each for each in refined if each is not None]
    if not tried:
        raise UserError("the arc's lines are none of its lamp's: check the lamp, 'dispersion', 'centre' and 'red'")
    best = max(((_explained(each, peaks, near), each) for each in tried), key=lambda each: (each[0], -each[1].rms))
    if best[0] < LEAST_EXPLAINED:
        found = f"{best[0]:.0%} of the arc's bright lines are its lamp's"
        raise UserError(f"only {found}: check the lamp, 'dispersion', 'centre' and 'red'")
    return replace(best[1], explained=best[0])


def _explained(solution: WavelengthSolution, peaks: ArcPeaks, lamp: LampLines) -> float:
    """Return the share of the brightest peaks that lie on a line of the lamp, less as they are farther off."""
    bright = np.argsort(peaks.height)[::-1][: 2 * BRIGHTEST]
    at, step = solution.at(peaks.place[bright]), np.abs(solution.curve.deriv()(peaks.place[bright]))
    off = np.abs(_neighbours(lamp.angstrom, at) - at[:, None]).min(axis=1) / np.maximum(step, 1e-9)
    among = (at > lamp.angstrom[0] - 2 * step) & (at < lamp.angstrom[-1] + 2 * step)
    return float(np.exp(-0.5 * (off[among] / SHARP_PX) ** 2).sum() / max(len(bright), 1))


def _apart(lamp: LampLines, nearest: float) -> LampLines:
    """Return the lines that no other blends with that is a tenth as bright; nearest: angstrom."""
    gap = np.abs(lamp.angstrom[:, None] - lamp.angstrom[None, :])
    np.fill_diagonal(gap, np.inf)
    blended = ((gap < nearest) & (lamp.strength[None, :] > FAINT * lamp.strength[:, None])).any(axis=1)
    return LampLines(lamp.angstrom[~blended], lamp.strength[~blended], lamp.called)


def _begun(peaks: ArcPeaks, lamp: LampLines, centre: float, dispersion: float, width: int) -> list[Polynomial]:
    """Return the curves, of all straight lines that two peaks and two lines make, on which most peaks find a line."""
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
    for place in x:
        votes += _vote(starts + slopes * place, slopes, lamp.angstrom)
    order = np.argsort(votes - 1e-3 * abs(slopes / dispersion - 1))[::-1][:STRAIGHT]
    return _curved(x, lamp, starts[order], slopes[order], width)


def _vote(at: Floats, slopes: Floats, lines: Floats) -> Floats:
    """Return 1 for each wavelength at which a line is, less as it is farther, none beyond what is near."""
    nearest = np.abs(at[..., None] - _neighbours(lines, at)).min(axis=-1)
    made: Floats = np.clip(1 - nearest / (NEAR_PX * slopes), 0, None)
    return made


def _curved(x: Floats, lamp: LampLines, starts: Floats, slopes: Floats, width: int) -> list[Polynomial]:
    """Return the parabolas of most votes: straight lines that are bent by up to so many pixels at the ends."""
    bends = np.linspace(-MOST_BEND, MOST_BEND, 13) * width
    off = (x - (width - 1) / 2) / (width / 2)
    votes = np.zeros((len(starts), len(bends)))
    for place, ahead in zip(x, off, strict=True):
        at = starts[:, None] + slopes[:, None] * (place + bends[None, :] * (ahead**2 - 1 / 3))
        votes += _vote(at, slopes[:, None], lamp.angstrom)
    made: list[Polynomial] = []
    half = Polynomial([-(width - 1) / width, 2 / width])
    for flat in np.argsort(votes, axis=None)[::-1][:REFINED]:
        line, bend = np.unravel_index(flat, votes.shape)
        made.append(starts[line] + slopes[line] * (Polynomial([0, 1]) + float(bends[bend]) * (half**2 - 1 / 3)))
    return made


def _neighbours(lines: Floats, at: Floats) -> Floats:
    """Return the lines before and after each wavelength; (…, 2)."""
    after = np.clip(np.searchsorted(lines, at), 1, len(lines) - 1)
    made: Floats = np.stack([lines[after - 1], lines[after]], axis=-1)
    return made


def _refined(begun: Polynomial, peaks: ArcPeaks, lamp: LampLines, width: int) -> WavelengthSolution | None:
    """Return a fit of as high a degree as its lines bear, each peak with the one line that is nearest; None if none."""
    curve, near = begun, NEAR_PX
    best: WavelengthSolution | None = None
    for degree in (2, 2, 2, 2, HIGHEST, HIGHEST) if len(lamp.angstrom) >= FEWEST else ():
        x, wave, sigma = _matched(curve, peaks, lamp, near)
        if len(x) < FEWEST:
            break
        if degree == HIGHEST and len(x) < FEWEST_FOR_HIGHEST:
            break
        fitted = _clipped(x, wave, sigma, min(degree, max(len(x) - 3, 1)), width)
        if best is None or degree < HIGHEST or (fitted.rms < WORTH * best.rms and fitted.lines >= best.lines):
            best = fitted
        curve = best.curve
        off_px = fitted.rms / abs(float(curve.deriv()((width - 1) / 2)))
        near = float(np.clip(CLIP * off_px, near / 2, NEAR_PX))
        near = max(near, LEAST_PX * 4)
    if best is None or best.lines < FEWEST or _backs(best.curve, width):
        return None
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
