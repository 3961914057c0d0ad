"""Frames of a star and its lamp become one spectrum."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from obsy.engine.frames.fact import text
from obsy.engine.frames.taken_with import BAYER
from obsy.engine.science.spectrum.air_band import HEAD, band_shift
from obsy.engine.science.spectrum.arc_peaks import ArcPeaks, arc_peaks
from obsy.engine.science.spectrum.clean_frame import FrameCleaner, cleaner_of, combined, read_noise_e
from obsy.engine.science.spectrum.horne import Extracted, Mask, extracted
from obsy.engine.science.spectrum.lamp_lines import LampLines
from obsy.engine.science.spectrum.measured import MeasuredSpectrum
from obsy.engine.science.spectrum.oriented import Red
from obsy.engine.science.spectrum.slitless import by_zero_order
from obsy.engine.science.spectrum.spectrum_frames import SpectrumFrames
from obsy.engine.science.spectrum.traced import TracedLight, traced
from obsy.engine.science.spectrum.wavelengths import WavelengthSolution, solved
from obsy.errors import UserError

USUAL_READ_NOISE_E = 8.0
"""Taken where neither a person nor two bias frames say it."""
MATRICES = ("RGGB", "BGGR", "GRBG", "GBRG")
PLAINLY = 0.7
"""Of the bright lines, that lie on lines of the lamp where it is surely that lamp."""
OFF = 0.5
"""Of a line's width, from which the air's band says that wavelengths are off."""
LOUDER = 1.3
"""Times the read noise, from which it is told that a frame's own is larger."""
FAR = 0.15
"""Of the spectrum's length, which may lie beyond the lamp's outermost lines."""
APART_PX = 1.5
"""Frames whose traces lie farther apart than this were not of one flexure."""


@dataclass(frozen=True, slots=True)
class SaidOfSpectrograph:
    """What is known of the instrument before its frames are looked at."""

    dispersion: float
    """Angstrom a pixel, roughly."""
    centre: float
    """Angstrom in the middle of a frame, roughly."""
    red: Red = "right"
    lamp: LampLines | None = None
    """None of a slitless one."""
    conversion: float | None = None
    """Electrons per ADU."""
    read_noise: float | None = None
    """Electrons."""
    full_adu: float = np.inf


def observed_spectrum(frames: SpectrumFrames, said: SaidOfSpectrograph) -> MeasuredSpectrum:
    """Return the spectrum of all frames of one target.

    Raises UserError if no trace stands out, if the lamp's lines are not recognised, or if a file cannot be read.
    """
    doubts, conversion = [], said.conversion
    if conversion is None:
        conversion = 1.0
        doubts.append("nobody says how many electrons an ADU is: taken for 1, and errors follow from that")
    cleaner = cleaner_of(frames, said.red, conversion, said.full_adu)
    noise = said.read_noise or read_noise_e(frames, said.red, conversion)
    if noise is None:
        noise = USUAL_READ_NOISE_E
        doubts.append(f"nobody says the read noise: taken for {noise:g} e")
    light = [cleaner.electrons(each) for each in frames.lights]
    ways = [traced(each) for each in light]
    parts = [extracted(each, way, way.noise(noise)) for each, way in zip(light, ways, strict=True)]
    found = max(way.noise(noise) for way in ways)
    if found > LOUDER * noise:
        doubts.append(f"the sky scatters by {found:.0f} e, more than {noise:g} e of read noise: that was taken")
    peaks = _arc(frames, cleaner, ways[0], noise) if said.lamp is not None else None
    if peaks is not None and said.lamp is not None:
        solution = solved(peaks, said.lamp, said.centre, said.dispersion, light[0].shape[1])
        width_px = float(np.median(peaks.fwhm))
    else:
        solution = by_zero_order(light[0], ways[0], said.dispersion)
        width_px = ways[0].fwhm
        doubts.append("the zero order and the declared dispersion alone tell the wavelengths: no line checks them")
    doubts += [
        *_unknown(parts),
        *_extrapolated(solution, light[0].shape[1]),
        *_flexure(ways),
        *cleaner.doubts,
        *_told(frames, said),
    ]
    return _checked_by_air(_spectrum(frames, parts, solution, width_px, tuple(doubts)))


def _checked_by_air(spectrum: MeasuredSpectrum) -> MeasuredSpectrum:
    """Return a spectrum that says where the air's own band lies in it, and doubts its wavelengths by that."""
    shift = band_shift(spectrum)
    if shift is None or abs(shift) < OFF * HEAD / spectrum.resolving_power:
        return replace(spectrum, band_shift=shift)
    told = f"the air's oxygen band lies {abs(shift):.1f} angstrom to the {'red' if shift > 0 else 'blue'}: the star did"
    told += " not stand where the lamp's light falls, or the spectrograph bent; all wavelengths are off by that"
    return replace(spectrum, band_shift=shift, doubts=(told, *spectrum.doubts))


def _unknown(parts: Sequence[Extracted]) -> list[str]:
    """Say of how many columns no frame, or not every one, tells the light."""
    lacking = np.stack([~np.isfinite(each.flux) for each in parts])
    never, ever = int(lacking.all(axis=0).sum()), int(lacking.any(axis=0).sum())
    if not ever:
        return []
    words = f"{ever} columns are full, or hit, in a frame or more"
    return [f"{words}, {never} in all of them: the FITS has their neighbours' light there" if never else words]


def _arc(frames: SpectrumFrames, cleaner: FrameCleaner, way: TracedLight, noise: float) -> ArcPeaks:
    """Return the lines of the lamp along the star's trace."""
    if not frames.arcs:
        raise UserError("no arc: a frame of the lamp, called so by its IMAGETYP or by its name ('neon-1.fit')")
    arc = combined([cleaner.electrons(each) for each in frames.arcs])
    assert arc is not None
    if arc.shape[1] != len(way.centre):
        raise UserError(f"the arc has {arc.shape[1]} columns, and the star {len(way.centre)}: take both alike")
    inside = np.abs(np.arange(len(arc))[:, None] - way.centre[None, :]) <= max(way.fwhm, 2.0)
    full: Mask = np.logical_or.reduce(inside & ~np.isfinite(arc), axis=0)
    light = np.where(inside, np.nan_to_num(arc), 0.0).sum(axis=0)
    error = np.sqrt(np.maximum(light, 0.0) + inside.sum(axis=0) * noise**2)
    peaks = arc_peaks(light, error)
    whole = [number for number, at in enumerate(peaks.place) if not full[max(int(at) - 1, 0) : int(at) + 3].any()]
    return ArcPeaks(peaks.place[whole], peaks.error[whole], peaks.height[whole], peaks.fwhm[whole])


def _spectrum(
    frames: SpectrumFrames,
    parts: Sequence[Extracted],
    solution: WavelengthSolution,
    width_px: float,
    doubts: tuple[str, ...],
) -> MeasuredSpectrum:
    """Return the light of all frames together; a column that one lacks is told by the others, by their share."""
    flux, error = np.stack([each.flux for each in parts]), np.stack([each.error for each in parts])
    known = np.isfinite(flux)
    share = known.sum(axis=0) / len(parts)
    with np.errstate(divide="ignore", invalid="ignore"):
        total = np.where(share > 0, np.nansum(flux, axis=0) / share, np.nan)
        spread = np.where(share > 0, np.sqrt(np.nansum(error**2, axis=0)) / share, np.nan)
    x = np.arange(flux.shape[1], dtype=float)
    seen = solution.at(x) > 0
    lights = sorted(
        (each for each in frames.lights if each.began), key=lambda each: each.began.timestamp() if each.began else 0
    )
    last = lights[-1] if lights else None
    middle = float(np.median(solution.known)) if len(solution.known) else float(np.median(solution.at(x[seen])))
    at = float(np.interp(middle, solution.at(x), x))
    step = float(solution.curve.deriv()(at))
    return MeasuredSpectrum(
        target=frames.lights[0].target,
        wavelength=solution.at(x)[seen],
        flux=total[seen],
        error=spread[seen],
        rms=solution.rms,
        wavelength_error=solution.error,
        lines=solution.lines,
        resolving_power=middle / (width_px * step),
        frames=len(parts),
        exposure_s=float(np.median([each.exposure_s for each in frames.lights])),
        began=lights[0].began if lights else None,
        ended=last.began + timedelta(seconds=last.exposure_s) if last and last.began else None,
        hits=sum(each.hits for each in parts),
        doubts=doubts,
    )


def _extrapolated(solution: WavelengthSolution, columns: int) -> list[str]:
    """Say where no line of the lamp is near."""
    if not solution.lines:
        return []
    told = []
    if solution.explained < PLAINLY:
        told.append(
            f"{solution.explained:.0%} of the arc's bright lines lie well on lines of its lamp: ends may be wrong"
        )
    first, last = float(solution.at(np.zeros(1))[0]), float(solution.at(np.array([columns - 1.0]))[0])
    low, high = float(solution.known.min()), float(solution.known.max())
    room = FAR * (last - first)
    if low - first < room and last - high < room:
        return told
    return [
        *told,
        f"lines of the lamp stand from {low:.0f} to {high:.0f} angstrom alone: beyond, wavelengths are extrapolated",
    ]


def _flexure(ways: Sequence[TracedLight]) -> list[str]:
    middles = [float(np.median(each.centre)) for each in ways]
    far = max(middles) - min(middles)
    return [f"the star moved by {far:.1f} px along the slit between frames"] if far > APART_PX else []


def _told(frames: SpectrumFrames, said: SaidOfSpectrograph) -> list[str]:
    told = [f"the camera sees colours ({colours}): pixels differ"] if (colours := _colours(frames)) else []
    told += [] if frames.flats else ["no flat: pixels that see less than others are taken for lines"]
    if frames.by_name:
        told.append(f"the names of {len(frames.by_name)} files tell what they are, their headers do not")
    if not all(each.began for each in frames.lights):
        told.append("not every header proves when its frame was taken")
    return told


def _colours(frames: SpectrumFrames) -> str:
    return next((said for key in BAYER if (said := text(frames.lights[0].cards, key)) in MATRICES), "")
