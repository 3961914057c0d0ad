"""How faint a star a train can show, and how finely it can measure one: judgements, good to half a magnitude."""

from math import hypot, log, log10, pi, sqrt
from typing import NamedTuple

from obsy.engine.declare.sense.brightness import SHARPNESS_ARCSEC, electrons, sky_electrons
from obsy.engine.sky.scintillation import scintillation
from obsy.schemas.train import Train

SIGNIFICANT = 5.0
"""What stands so many times over its noise shows."""
AIRMASS = 1.3
"""The air that a target is seen through."""


class StarSeen(NamedTuple):
    """What a star is seen under."""

    sky_mag: float
    """How bright its sky is, mag/arcsec2."""
    elevation_m: float
    airmass: float = AIRMASS
    disc_px: float = 0.0
    """How wide the disc is into which it is defocused, binned pixels; 0 in focus."""


def faintest_mag(train: Train, role: str, exposure_s: float, sky_mag: float) -> float | None:
    """Return the faintest star that a frame shows; None if nobody knows what the filter lets through."""
    per_s, background = electrons(train, role, 0.0), _background(train, role, exposure_s, sky_mag)
    if per_s is None or background is None:
        return None
    needed = (SIGNIFICANT**2 + sqrt(SIGNIFICANT**4 + 4 * SIGNIFICANT**2 * background)) / 2
    return 2.5 * log10(per_s * exposure_s / needed)


def scatter(train: Train, role: str, exposure_s: float, mag: float, seen: StarSeen) -> float | None:
    """Return by which part of itself a star's light scatters from frame to frame; None as for `faintest_mag`."""
    per_s = electrons(train, role, mag)
    background = _background(train, role, exposure_s, seen.sky_mag, pi / 4 * seen.disc_px**2)
    if per_s is None or background is None:
        return None
    light = per_s * exposure_s
    twinkle = scintillation(train.telescope.aperture, exposure_s, seen.airmass, seen.elevation_m)
    return hypot(sqrt(light + background) / light, twinkle)


def _background(train: Train, role: str, exposure_s: float, sky_mag: float, disc_px: float = 0.0) -> float | None:
    """The variance, in electrons, that a star's own light is added to; disc_px: pixels that it is spread over besides.

    Of a star's picture, a Gaussian of the width s, counts what lies in 4 pi s2 (King 1983, PASP 95, 163); s2 is larger
    by that of a pixel, 1/12.
    """
    sky, camera = sky_electrons(train, role, sky_mag), train.camera
    if sky is None:
        return None
    pixels = disc_px + 4 * pi * ((SHARPNESS_ARCSEC / train.scale) ** 2 / (8 * log(2)) + 1 / 12)
    dark = camera.dark_current * camera.binning**2
    return pixels * ((sky + dark) * exposure_s + camera.read_noise**2)
