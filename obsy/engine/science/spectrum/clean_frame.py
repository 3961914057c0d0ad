"""A raw frame made electrons: its pedestal and dark taken off, its pixels' unlike sensitivity divided out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf

import numpy as np
from scipy.ndimage import median_filter, uniform_filter1d

from obsy.engine.mad_std import mad_std
from obsy.engine.reduce.product import read
from obsy.engine.science.spectrum.calibrating import calibrating
from obsy.engine.science.spectrum.lamp_lines import Floats
from obsy.engine.science.spectrum.oriented import Red, oriented
from obsy.engine.science.spectrum.spectrum_frames import SpectrumFrame, SpectrumFrames
from obsy.errors import FrameError, UserError

ALIKE = 0.05
"""Exposures that differ by a smaller share are of one length."""
SMOOTH_PX = 61
"""A flat's light is smooth over as many columns; what is finer is of the pixels."""
FULL = 0.98
"""Of the largest number that 16 bits hold, from which a pixel counts as full."""
LEAST, MOST = 0.3, 3.0
"""A pixel that sees a smaller or a larger share than its neighbours says nothing."""


@dataclass(slots=True)
class FrameCleaner:
    """What is taken off each frame of a reduction; frames in ADU, red to the right."""

    red: Red
    conversion: float
    """Electrons per ADU."""
    pedestal: Floats | None = None
    darks: dict[float, Floats] = field(default_factory=dict)
    """By exposure, s."""
    sensitivity: Floats | None = None
    full_adu: float = FULL * 65535
    doubts: list[str] = field(default_factory=list)

    def electrons(self, frame: SpectrumFrame) -> Floats:
        """Return a frame's light; nan where a pixel is full or says nothing. Raises UserError if it cannot be read."""
        counts = pixels(frame, self.red)
        full = counts >= self.full_adu
        clean = (counts - self._dark(frame.exposure_s, counts)) * self.conversion
        if self.sensitivity is not None and self.sensitivity.shape == clean.shape:
            clean = clean / self.sensitivity
        clean[full] = np.nan
        return clean

    def _dark(self, exposure_s: float, counts: Floats) -> Floats | float:
        """Return what the camera adds by itself: of a dark as long, of one scaled, of a bias, or the frame's lowest."""
        known = {each: dark for each, dark in self.darks.items() if dark.shape == counts.shape}
        if exposure_s in known or any(abs(each - exposure_s) <= ALIKE * exposure_s for each in known):
            return known[min(known, key=lambda each: abs(each - exposure_s))]
        bias = self.pedestal if self.pedestal is not None and self.pedestal.shape == counts.shape else None
        if known and bias is not None:
            near = min(known, key=lambda each: abs(each - exposure_s))
            return bias + (known[near] - bias) * (exposure_s / near if near else 0.0)
        if known:
            near = min(known, key=lambda each: abs(each - exposure_s))
            self._doubt(f"no dark lasted {exposure_s:g} s: that of {near:g} s was taken off")
            return known[near]
        if bias is not None:
            return bias
        self._doubt("neither dark nor bias: a frame's lowest level was taken for its pedestal, hot pixels are in it")
        return float(np.percentile(counts, 1))

    def _doubt(self, words: str) -> None:
        if words not in self.doubts:
            self.doubts.append(words)


def pixels(frame: SpectrumFrame, red: Red) -> Floats:
    """Return a frame's counts with red to the right. Raises UserError if it is no picture of one colour."""
    try:
        counts, _ = read(frame.path)
    except FrameError as fault:
        raise UserError(str(fault)) from None
    if counts.ndim != 2:  # noqa: PLR2004
        raise UserError(f"{frame.path.name} has {counts.ndim} axes: a spectrum is taken with a monochrome camera")
    return oriented(counts.astype(float), red)


def cleaner_of(frames: SpectrumFrames, red: Red, conversion: float, full_adu: float = inf) -> FrameCleaner:
    """Return what cleans the frames of a reduction; full_adu: where the camera is full, if that is known."""
    frames, left_out = calibrating(frames)
    made = FrameCleaner(red, conversion, full_adu=min(full_adu, FULL * 65535), doubts=left_out)
    made.pedestal = combined([pixels(each, red) for each in frames.biases])
    for exposure_s in {each.exposure_s for each in frames.darks}:
        dark = combined([pixels(each, red) for each in frames.darks if each.exposure_s == exposure_s])
        if dark is not None:
            made.darks[exposure_s] = dark
    flat = combined([made.electrons(each) for each in frames.flats])
    if flat is not None:
        made.sensitivity = _sensitivity(flat)
    return made


def combined(frames: Sequence[Floats]) -> Floats | None:
    """Return the median of frames; None of none. Raises UserError if their sizes differ."""
    if not frames:
        return None
    if len({each.shape for each in frames}) > 1:
        raise UserError(f"frames of one kind are of several sizes: {sorted({each.shape for each in frames})}")
    made: Floats = np.nanmedian(np.stack(frames), axis=0)
    return made


def _sensitivity(flat: Floats) -> Floats:
    """Return each pixel's share of what its neighbours along the spectrum see; 1 where it is dark, nan if dead."""
    filled = np.nan_to_num(flat)
    smooth = uniform_filter1d(median_filter(filled, size=(1, SMOOTH_PX), mode="nearest"), SMOOTH_PX // 2, axis=1)
    lit = smooth > 0.2 * np.percentile(smooth, 99)
    share = np.where(lit, filled / np.where(lit, smooth, 1.0), 1.0)
    share[(share < LEAST) | (share > MOST)] = np.nan
    return share


def read_noise_e(frames: SpectrumFrames, red: Red, conversion: float) -> float | None:
    """Return the noise of one read by two bias frames or darks alike, electrons; None where there are no two."""
    alike_taken, _ = calibrating(frames)
    for group in (alike_taken.biases, alike_taken.darks):
        alike = [each for each in group if each.exposure_s == group[0].exposure_s]
        if len(alike) > 1:
            one, other = (pixels(each, red) for each in alike[:2])
            if one.shape == other.shape:
                return mad_std(one - other) / np.sqrt(2) * conversion or None
    return None
