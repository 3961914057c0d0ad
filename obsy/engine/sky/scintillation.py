"""How much a star twinkles in a telescope."""

from math import exp, sqrt

TWINKLING = 1.5
"""How much stronger scintillation is than Young's law has it: a usual night's value; sites lie between 1.3 and 1.7.

Source: Osborn, Föhring, Dhillon & Wilson 2015, MNRAS 452, 1707, its medians of six observatories, from memory, rounded.
"""
SCALE_HEIGHT_M = 8000.0


def scintillation(aperture_mm: float, exposure_s: float, airmass: float, elevation_m: float) -> float:
    """Return by which share of itself a star's light scatters since it twinkles, in one exposure.

    Source: Young 1967, AJ 72, 747, in the form of Osborn et al. 2015, equation 7: 10^-5 C^2 D^(-4/3) / t
    sec(z)^3 exp(-2 h / H), D in metres. For exposures much longer than a wind takes across the aperture.
    """
    young = 1e-5 * (aperture_mm / 1000) ** (-4 / 3) / exposure_s * airmass**3
    return TWINKLING * sqrt(young * exp(-2 * elevation_m / SCALE_HEIGHT_M))
