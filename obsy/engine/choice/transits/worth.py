"""What a transit is worth: how far it stands over its noise, how well it tells the time, and who needs that."""

from collections.abc import Mapping
from math import hypot, log10, sqrt
from typing import NamedTuple

from obsy.engine.choice.depth import SIGNIFICANT, StarSeen, scatter
from obsy.engine.choice.transits.exposure import TransitExposure
from obsy.engine.importing.transiting_planet import TransitingPlanet
from obsy.engine.schedule.cover import CONTACT
from obsy.engine.sky.transit import PARTS, Transit
from obsy.schemas.goal import BASELINE_S
from obsy.schemas.site import Site
from obsy.schemas.train import Train

LEAST = SIGNIFICANT
"""Times that a transit stands over its noise, below which it is not listed."""
PLAIN = 20.0
"""A depth that is known to a twentieth is as good as any."""
UNKNOWN = 0.3
"""The worth of a signal to noise, or of an ephemeris' error, that nobody knows."""
WEIGHTS = {"least": LEAST, "plain": PLAIN, "unknown": UNKNOWN, "contact": CONTACT}
"""What the order rests on, by name."""


class TransitWorth(NamedTuple):
    """What a transit is worth."""

    score: float
    """From 0 to 1: the share of it that is had, times how plain it is, times how much its time is wanted."""
    snr: float | None
    """Depth over its error, from all frames; None where nobody knows depth, brightness or filter."""
    frames: int
    """Of the window, as far as it can be had."""
    timing_s: float | None
    """One standard deviation with which its middle would be known, by photons and the air alone."""
    gain: float | None
    """The share of the ephemeris' variance that this takes away; None where nobody says the error or the timing."""


def worth(
    planet: TransitingPlanet,
    what: tuple[Transit, Mapping[str, float]],
    exposure: TransitExposure,
    train: Train,
    where: tuple[Site, float, float],
) -> TransitWorth:
    """Return what a transit is worth of which the shares of its parts can be had.

    where: the site, the air mass and the share of the sky's light that is not the Moon's.
    """
    (transit, shares), each_s = what, exposure.exposure_s + train.camera.download
    lasts_s = (transit.egress - transit.ingress).total_seconds()
    noise = _noise(planet, exposure, train, where)
    inside_s, outside_s, contacts_s = _taken_s(shares, lasts_s)
    frames = int((inside_s + outside_s + 0.75 * contacts_s) / each_s)
    snr = timing_s = None
    if noise is not None and planet.depth is not None:
        snr = planet.depth / noise * _over(inside_s / each_s, outside_s / each_s)
        timing_s = timing_error_s(noise / planet.depth, CONTACT * lasts_s, contacts_s, each_s)
    error_s = transit.error.total_seconds()
    gain = error_s**2 / (error_s**2 + timing_s**2) if error_s > 0 and timing_s is not None else None
    plain = UNKNOWN if snr is None else min(1.0, snr / PLAIN)
    wanted = (1.0 + (UNKNOWN if gain is None else gain)) / 2
    share = sum(shares[part] for part in PARTS) / len(PARTS)
    return TransitWorth(share * plain * wanted, snr, frames, timing_s, gain)


def at_best(planet: TransitingPlanet, exposure: TransitExposure, train: Train, site: Site) -> float:
    """Return the signal to noise of all of a transit in the zenith, without the Moon; infinity where nobody knows."""
    noise = _noise(planet, exposure, train, (site, 1.0, 1.0))
    if noise is None or planet.depth is None:
        return float("inf")
    each_s = exposure.exposure_s + train.camera.download
    inside_s, outside_s, _ = _taken_s(dict.fromkeys(PARTS, 1.0), planet.ephemeris.duration_h * 3600)
    return planet.depth / noise * _over(inside_s / each_s, outside_s / each_s)


def timing_error_s(noise: float, contact_s: float, taken_s: float, each_s: float) -> float | None:
    """Return with which error the middle is known, s, from the contacts that are taken; None of none.

    noise: of one frame, in depths. contact_s: how long one contact lasts. taken_s: how much of both is taken.
    While the planet enters, light falls by its depth in `contact_s`: a frame tells the time to `noise * contact_s`, and
    frames add up. Of both contacts this is Carter et al. 2008, ApJ 689, 499, equation 23.
    """
    return noise * contact_s / sqrt(taken_s / each_s) if taken_s > 0 else None


def _noise(
    planet: TransitingPlanet, exposure: TransitExposure, train: Train, where: tuple[Site, float, float]
) -> float | None:
    """Return by which part of itself the star's light scatters from frame to frame; None where nobody knows."""
    site, airmass, dark_share = where
    if planet.mag is None:
        return None
    seen = StarSeen(site.sky + 2.5 * log10(dark_share), site.elevation, airmass, exposure.disc_px)
    return scatter(train, exposure.role, exposure.exposure_s, planet.mag, seen)


def _taken_s(shares: Mapping[str, float], lasts_s: float) -> tuple[float, float, float]:
    """Return how long is taken of the full depth, of the baselines, and of the contacts.

    Half of a contact counts as depth: it is half as deep in the mean, and so for a quarter of what it shows.
    """
    contact_s = CONTACT * lasts_s
    contacts_s = contact_s * (shares["ingress"] + shares["egress"])
    inside_s = shares["middle"] * (lasts_s - 2 * contact_s) + contacts_s / 4
    outside_s = BASELINE_S * (shares["baseline before"] + shares["baseline after"])
    return inside_s, outside_s, contacts_s


def _over(inside: float, outside: float) -> float:
    """Return by how much a depth stands over its noise more than in one frame: it is a difference of two means."""
    return 1 / hypot(inside**-0.5, outside**-0.5) if inside > 0 and outside > 0 else 0.0
