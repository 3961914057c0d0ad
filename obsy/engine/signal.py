"""The signal to noise of what a frame shows, by the CCD equation, and of many frames together.

Source: Merline & Howell 1995, Experimental Astronomy 6, 163; Howell 2006, Handbook of CCD Astronomy, section 4.4.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil, pi, sqrt

from obsy.schemas.proof import Proof, Shown

APERTURE_FWHM = 1.0
"""Radius of the aperture, in median star widths: near the best for faint and bright stars.

Source: Howell 1989, PASP 101, 616.
"""
WITHIN = 1 - 2 ** (-4 * APERTURE_FWHM**2)
"""The share of a Gaussian's light that it holds: 15/16."""
NOTHING = 1e-9
"""Of a frame: sums of fractions are not exact."""
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

    @property
    def to_noise(self) -> float:
        """Return the signal to noise of all frames together; 0 where noise hides it."""
        return sqrt(max(0.0, self.squared))

    @property
    def hidden(self) -> bool:
        """Whether this many frames of noise alone would show as much, in one of a thousand cases.

        Each frame's square scatters by sqrt(2) about its mean where there is nothing.
        """
        return self.squared <= 3 * sqrt(2 * self.frames)

    def with_frame(self, squared: float | None) -> "Signal":
        """Return it with one more frame; one on which nothing could be measured proves nothing."""
        if squared is None:
            return replace(self, untold=self.untold + 1)
        return replace(self, squared=self.squared + squared, frames=self.frames + 1)


def more(signal: Signal, proof: Proof) -> int | None:
    """Return how many frames more prove what is asked, by those that are there; None where these tell nothing."""
    missing = proof.snr**2 - signal.squared
    if missing <= 0:
        return 0
    tells = not signal.hidden if proof.of is None else signal.squared > 0
    return max(1, ceil(missing * (signal.frames + signal.untold) / signal.squared - NOTHING)) if tells else None


def squared(measures: Measures, exposure_s: float, of: Shown | None = None) -> float | None:
    """Return the square of the signal to noise in one frame; None where the frame was not measured so far.

    measures: as `reduce` names them. of: None for the star at the target's place, whose flux is measured, and its
    error: of its square 1 is taken off, which is what noise alone gives in the mean.
    """
    try:
        if of is None:
            return (measures["target_adu"] / measures["target_error_adu"]) ** 2 - 1.0
        pixels, magnitude, share = _area(measures, of)
        light = share * exposure_s * 10 ** (-0.4 * (magnitude - measures["zero_point"]))
        variance = light / measures["electrons_per_adu"] + pixels * measures["noise_adu"] ** 2
        return light**2 / variance
    except (KeyError, ZeroDivisionError, OverflowError):
        return None


def _area(measures: Measures, of: Shown) -> tuple[float, float, float]:
    """Pixels that are added, the magnitude of all light in question, and the share of it that falls on them."""
    if of.surface is not None:
        scale_arcsec = measures["fwhm_arcsec"] / measures["fwhm_px"]
        return 1 / scale_arcsec**2, of.surface, 1.0
    return pi * (APERTURE_FWHM * measures["fwhm_px"]) ** 2, of.magnitude or 0.0, WITHIN
