"""What is said on the command line of a planet: its name, its orbit, its star's limb."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from obsy.cli.said_orbit import said_orbit
from obsy.errors import UserError

if TYPE_CHECKING:
    from obsy.engine.science.transit.planet import KnownPlanet

LARGEST = 1.0
"""Radius of a planet, in radii of its star, that may cross it in passing at least."""
DECLARE = "declare it in a 'kind: catalogue' of library/"
"""What to do about a planet that nobody knows: no service that obsy asks for names knows when it passes."""
KELVIN = r"\s*(\d+(?:\.\d+)?)\s*K\s*"
LIMB = r"\s*(-?\d*\.?\d+)\s*,\s*(-?\d*\.?\d+)\s*"


def planet_called(said: str, orbit: str | None, limb: str | None, filter_name: str = "na") -> "KnownPlanet":
    """Return what is known of a planet by its name, with an orbit and limb darkening if they are said.

    filter_name: at the AAVSO, in which a temperature tells the limb.
    orbit: 'a/R*, inclination[, eccentricity, periastron], reference', as '6.05 +- 0.04, 88.9 +- 0.4 deg, set A'.
    Raises UserError if nothing bears the name, or if the star has several planets and none was said.
    """
    from obsy.cli.named import with_plans
    from obsy.engine.declare.names import cure
    from obsy.engine.declare.planets import planets_meant
    from obsy.engine.science.transit.planet import planet_of

    known, planets, letter = planets_meant(said, with_plans())
    if not planets and known is None:
        raise UserError(f"obsy knows nothing by the name '{said}': {cure(said, DECLARE)}")
    if not planets:
        raise UserError(f"'{said}': obsy knows no planet of {known.name if known else said}: {DECLARE}")
    meant = [each for each in planets if letter in ("", each.letter)]
    if len(meant) != 1:
        several = ", ".join(each.letter for each in planets)
        raise UserError(f"'{said}': {planets[0].host} has {several}; write '{planets[0].name}'")
    return with_said(planet_of(meant[0].name, meant[0].target, meant[0].letter), orbit, limb, filter_name)


def with_said(known: "KnownPlanet", orbit: str | None, limb: str | None, filter_name: str = "na") -> "KnownPlanet":
    """Return it with the orbit and the limb darkening that were said. Raises UserError if they cannot be read."""
    from obsy.engine.science.transit.model import LimbDarkening, duration_d

    if orbit is not None:
        way, axis_error, tilt_error, reference = said_orbit(orbit, known.ephemeris.period_d)
        if not duration_d(LARGEST, way):
            raise UserError(
                f"--orbit '{orbit}': on that orbit {known.name} never crosses its star; look at each number"
            )
        known = replace(
            known, orbit=way, axis_ratio_error=axis_error, inclination_error_deg=tilt_error, reference=reference
        )
    if limb is not None and (kelvin := re.fullmatch(KELVIN, limb)):
        from obsy.engine.science.transit.limb_table import TABLE_ERROR, tabled_limb

        return replace(known, limb=tabled_limb(float(kelvin[1]), filter_name), limb_error=TABLE_ERROR)
    if limb is not None:
        match = re.fullmatch(LIMB, limb)
        if match is None:
            ways = "as '0.35, 0.25', or how hot the star is, as '6200 K'"
            raise UserError(f"--limb '{limb}': write both coefficients of the square law, {ways}")
        linear, square = float(match[1]), float(match[2])
        if linear + square > 1:
            raise UserError(f"--limb '{limb}': both add up to {linear + square:g}; at 1 the limb is black already")
        known = replace(known, limb=LimbDarkening(linear, square))
    return known
