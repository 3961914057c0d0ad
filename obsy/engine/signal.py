"""The signal to noise of what a frame shows, by the CCD equation, and of many frames together.

Source: Merline & Howell 1995, Experimental Astronomy 6, 163; Howell 2006, Handbook of CCD Astronomy, section 4.4.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import ceil, isclose, pi, sqrt

from obsy.schemas.proof import Proof, Shown

APERTURE_FWHM = 1.0
"""Radius of the aperture, in median star widths: near the best for faint and bright stars.

Source: Howell 1989, PASP 101, 616.
"""
WITHIN = 1 - 2 ** (-4 * APERTURE_FWHM**2)
"""The share of a Gaussian's light that it holds: 15/16."""
RARE = 3.09
"""Sigmas above which one of a thousand normal values is."""
NOTHING = 1e-9
"""Of a frame: sums of fractions are not exact."""
FIRST_VISIT = 10
"""Frames in a night of a goal in S/N of which nobody knows yet what one shows."""
ALIKE = 0.05
"""Of an exposure: headers tell what a shutter really did."""
MOST = 1e12
"""Signal to noise of a frame that no light gives: what is not below it is a damaged row's, NaN and infinity too."""
Measures = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Signal:
    """What accepted frames prove: the square of their signal to noise adds up, as in a stack weighed by the noise."""

    squared: float = 0.0
    """Of all frames together, above what noise alone would give."""
    frames: int = 0
    """Those that it could be measured on."""
    untold: int = 0
    """Those that it could not."""
    summed: float = 0.0
    """The signal to noise of each frame, added; below zero where the place is darker than the sky around it."""
    exposure_s: float = field(default=0.0, compare=False)
    """Of the newest frame; 0 where it is not known."""
    earlier: tuple[float, int, int, float] = field(default=(0.0, 0, 0, 0.0), compare=False)
    """The four sums of the frames before its exposure was changed to that."""
    coloured: int = field(default=0, compare=False)
    """Frames of one-shot-colour cameras, whose pixels differ: they are left out."""

    @property
    def present(self) -> "Signal":
        """Return what frames of the present exposure prove, by which the next are told; all, while these are few."""
        squared, frames, untold, summed = self.earlier
        since = Signal(self.squared - squared, self.frames - frames, self.untold - untold, self.summed - summed)
        return since if since.frames + since.untold >= FIRST_VISIT else self

    @property
    def to_noise(self) -> float:
        """Return the signal to noise of all frames together; 0 where noise hides it."""
        return sqrt(max(0.0, self.squared)) if self.summed >= 0 else 0.0

    @property
    def hidden(self) -> bool:
        """Whether no star shows: its place is dark, or noise alone would show as much in one of a thousand cases.

        Where there is nothing, squares add up as chi squared does, whose tail is longer than a normal one's.
        Source: Wilson & Hilferty 1931, PNAS 17, 684.
        """
        if not self.frames or self.summed < 0:
            return True
        spread = 2 / (9 * self.frames)
        return self.squared <= self.frames * ((1 - spread + RARE * sqrt(spread)) ** 3 - 1)

    @property
    def vague(self) -> bool:
        """Whether its square is known to no better than a third, by what noise makes each frame's scatter."""
        return self.squared < 3 * sqrt(2 * self.frames + 4 * max(0.0, self.squared))

    def with_frame(self, measures: Measures, exposure_s: float, of: Shown | None = None) -> "Signal":
        """Return it with one more frame; one on which nothing could be measured proves nothing.

        Of a star's square 1 is taken off, which is what noise alone gives in the mean.
        """
        if not isclose(exposure_s, self.exposure_s, rel_tol=ALIKE):
            so_far = (self.squared, self.frames, self.untold, self.summed)
            return replace(self, exposure_s=exposure_s, earlier=so_far).with_frame(measures, exposure_s, of)
        each = in_frame(measures, exposure_s, of)
        if each is None or not abs(each) < MOST:
            return replace(self, untold=self.untold + 1)
        squared = each**2 - (1.0 if of is None else 0.0)
        return replace(self, squared=self.squared + squared, frames=self.frames + 1, summed=self.summed + each)


def more(signal: Signal, proof: Proof) -> int | None:
    """Return how many frames more prove what is asked, by those that are there; None where these tell nothing."""
    missing, now = proof.snr**2 - signal.squared, signal.present
    shows, goes_on = (each.squared > 0 if proof.of else not each.hidden for each in (signal, now))
    if missing <= 0 and shows:
        return 0
    if not goes_on:
        return None
    return max(1, ceil(missing * (now.frames + now.untold) / now.squared - NOTHING))


def in_frame(measures: Measures, exposure_s: float, of: Shown | None = None) -> float | None:
    """Return the signal to noise in one frame; None where the frame was not measured so far.

    measures: as `reduce` names them. of: None for the star at the target's place, whose flux is measured, and its
    error: it is below zero where the place is darker than the sky around it.
    """
    try:
        if of is None:
            return measures["target_adu"] / measures["target_error_adu"]
        pixels, magnitude, share = _area(measures, of)
        light = share * exposure_s * 10 ** (-0.4 * (magnitude - measures["zero_point"]))
        variance = light / measures["electrons_per_adu"] + pixels * measures["noise_adu"] ** 2
        return light / sqrt(variance)
    except (KeyError, ZeroDivisionError, OverflowError, ValueError, TypeError):
        return None


def _area(measures: Measures, of: Shown) -> tuple[float, float, float]:
    """Pixels that are added, the magnitude of all light in question, and the share of it that falls on them."""
    if of.surface is not None:
        scale_arcsec = measures["fwhm_arcsec"] / measures["fwhm_px"]
        return 1 / scale_arcsec**2, of.surface, 1.0
    return pi * (APERTURE_FWHM * measures["fwhm_px"]) ** 2, of.magnitude or 0.0, WITHIN
