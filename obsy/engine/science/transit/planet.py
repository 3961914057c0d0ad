"""What is known of a planet before its transit is fitted, all of one reference."""

from dataclasses import dataclass, replace

from obsy.engine.declare.target import Ephemeris, FixedTarget
from obsy.engine.science.transit.model import LimbDarkening, PlanetOrbit, orbit_of_duration
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.instants import MJD_0
from obsy.engine.sky.transit import barycentric_epoch

USUAL_LIMB = LimbDarkening(0.40, 0.25)
"""Of a star of 6000 K in red light, within what `USUAL_LIMB_ERROR` allows. Source: the run of Claret & Bloemen 2011."""
USUAL_LIMB_ERROR = 0.15
USUAL_RATIO = 0.1
USUAL_IMPACT = 0.3
"""Where nobody says how far from the middle of its star a planet crosses."""
DERIVED_ERROR = 0.05
"""One standard deviation of the axis ratio, as a share, where it is derived of a duration."""


@dataclass(frozen=True, slots=True)
class KnownPlanet:
    """What a fit begins with, and how far it may move."""

    name: str
    ephemeris: Ephemeris
    """Its epoch in BJD_TDB."""
    ratio: float
    """Radius, in radii of the star: where the fit begins, no more."""
    orbit: PlanetOrbit
    axis_ratio_error: float = 0.0
    """One standard deviation; 0 keeps it where it is."""
    inclination_error_deg: float = 0.0
    limb: LimbDarkening = USUAL_LIMB
    limb_error: float = USUAL_LIMB_ERROR
    reference: str = ""
    """Who says so of ratio and orbit; empty where they are derived of the declared duration."""
    place: tuple[float, float] | None = None
    """Right ascension and declination of its star, degrees, ICRS."""


def of_duration(name: str, ephemeris: Ephemeris, ratio: float = USUAL_RATIO) -> KnownPlanet:
    """Return what an ephemeris with a duration alone says: a circular orbit whose transit lasts as long."""
    orbit = orbit_of_duration(ephemeris.period_d, ephemeris.duration_h / 24, ratio, USUAL_IMPACT)
    return KnownPlanet(name, ephemeris, ratio, orbit, axis_ratio_error=DERIVED_ERROR * orbit.axis_ratio)


def planet_of(name: str, target: FixedTarget, letter: str) -> KnownPlanet:
    """Return what is declared of a star's planet, its epoch as the barycentre sees it."""
    epoch = barycentric_epoch(target.events[letter], Fixed(target.ra_deg, target.dec_deg)) + MJD_0
    ephemeris = target.events[letter]._replace(epoch_jd=epoch, scale="BJD_TDB")
    return replace(of_duration(name, ephemeris), place=(target.ra_deg, target.dec_deg))
