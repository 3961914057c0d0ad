"""How much light the Moon and the planets give a pixel: it goes by their surface, whatever their magnitude."""

from math import exp, log, log10, pi

from obsy.engine.declare.sense.brightness import SHARPNESS_ARCSEC, electrons, well
from obsy.schemas.train import Train

SUN_MAG, ARCSEC = -26.76, 206264.8
"""V of the Sun at 1 au: Willmer 2018, ApJS 236, 47; arcseconds in a radian."""
DISCS = {
    "moon": (0.12, 1.0, 932.0),
    "mercury": (0.142, 0.387, 3.0),
    "venus": (0.689, 0.723, 8.0),
    "mars": (0.170, 1.524, 6.0),
    "jupiter": (0.538, 5.203, 20.0),
    "saturn": (0.499, 9.537, 8.5),
    "uranus": (0.488, 19.19, 1.8),
    "neptune": (0.442, 30.07, 1.1),
}
"""Geometric albedo in V, distance from the Sun in au, and a usual radius in arcsec. Source of the albedos: Mallama et
al. 2017, Icarus 282, 19; of the Moon's, and of distances and radii: NASA's planetary fact sheets."""


def surface_mag(body: str) -> float:
    """Return the mean V of a square arcsecond of a disc that is lit in full.

    By the albedo's own definition: a disc that reflects so much shines like its part of the Sun's light there.
    """
    albedo, sun_au, _ = DISCS[body]
    return SUN_MAG + 5 * log10(sun_au) - 2.5 * log10(albedo) + 2.5 * log10(pi * ARCSEC**2)


def full_s(train: Train, role: str, body: str) -> float | None:
    """Return after how long the middle of a full disc fills a binned pixel through a filter, seconds; None if unknown.

    A small one is spread by a poor night's seeing. Good to a factor of two, as what a star gives.
    """
    sigma, radius = SHARPNESS_ARCSEC / (8 * log(2)) ** 0.5, DISCS[body][2]
    light = electrons(train, role, surface_mag(body))
    if light is None:
        return None
    return well(train) / (light * train.scale**2 * (1 - exp(-(radius**2) / (2 * sigma**2))))
