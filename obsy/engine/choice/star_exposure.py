"""How long a star is exposed: no pixel full at its brightest, and enough light to measure it at its faintest."""

from math import log, pi, sqrt

from obsy.engine.choice.light_of_train import LightOfTrain
from obsy.engine.declare.sense.brightness import peak, well
from obsy.schemas.train import Train

TIMES_S = (1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180)
"""Exposures as people choose them, seconds; of longer ones more are taken."""
HALF = 0.5
"""The share of a full pixel that a star may have at its brightest, for seeing may get better."""
SIGNAL = 100.0
"""Signal to noise in a frame that is enough: 0.01 mag."""


def star_exposure(train: Train, light: LightOfTrain, bright_mag: float, faint_mag: float) -> float:
    """Return the shortest usual exposure, seconds, in which a star has `SIGNAL` at its faintest.

    Never one in which it is more than `HALF` full at its brightest, if there is any. Source: the CCD equation (Merline
    & Howell 1995), solved for the time, over the 4 pi sigma squared of a Gaussian's best aperture (King 1983).
    """
    sky = light.sky_adu * light.electrons_per_adu
    full = _electrons(light, bright_mag) * peak(train.scale, light.fwhm_arcsec) + sky
    allowed = [each for each in TIMES_S if each * full <= HALF * well(train)]
    star, pixels = _electrons(light, faint_mag), 4 * pi * (light.fwhm_arcsec / train.scale) ** 2 / (8 * log(2))
    noise, read = star + pixels * sky, pixels * train.camera.read_noise**2
    needed = SIGNAL * (SIGNAL * noise + sqrt((SIGNAL * noise) ** 2 + 4 * star**2 * read)) / (2 * star**2)
    enough = [each for each in allowed if each >= needed]
    return float(enough[0] if enough else allowed[-1] if allowed else TIMES_S[0])


def _electrons(light: LightOfTrain, mag: float) -> float:
    """Electrons a second of a star of that magnitude."""
    return float(10 ** (-0.4 * (mag - light.zero_point)) * light.electrons_per_adu)
