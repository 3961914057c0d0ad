"""What is said on the command line of a planet: its name, its orbit, its star's limb."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from obsy.cli.said_orbit import said_orbit
from obsy.errors import UserError

if TYPE_CHECKING:
    from obsy.engine.science.transit.planet import KnownPlanet

NAMED = r"(.+?)\s*(?:\b|(?<=\d))([a-z])"
"""A star and the letter of its planet, with a blank between or not: 'HAT-P-32 b', 'HAT-P-32b'."""
LARGEST = 1.0
"""Radius of a planet, in radii of its star, that may cross it in passing at least."""
DECLARE = "declare it in a 'kind: catalogue' of library/"
"""What to do about a planet that nobody knows: no service that obsy asks for names knows when it passes."""
LIMB = r"\s*(-?\d*\.?\d+)\s*,\s*(-?\d*\.?\d+)\s*"


def planet_called(said: str, orbit: str | None, limb: str | None) -> "KnownPlanet":
    """Return what is known of a planet by its name, with an orbit and limb darkening if they are said.

    orbit: 'a/R*, inclination[, eccentricity, periastron], reference', as '6.05 +- 0.04, 88.9 +- 0.4 deg, set A'.
    Raises UserError if nothing bears the name, or if the star has several planets and none was said.
    """
    from obsy.cli.named import here, known_by
    from obsy.engine.declare.names import cure
    from obsy.engine.declare.target import FixedTarget
    from obsy.engine.science.transit.planet import planet_of

    match = re.fullmatch(NAMED, said.strip())
    declared = here()
    known, letter = (known_by(match[1], declared), match[2]) if match else (None, "")
    if known is None:
        known, letter = known_by(said, declared), ""
    if known is None:
        raise UserError(f"obsy knows nothing by the name '{said}': {cure(said, DECLARE)}")
    target = known.target
    events = (
        {key: each for key, each in target.events.items() if len(key) == 1} if isinstance(target, FixedTarget) else {}
    )
    if not events:
        raise UserError(f"'{said}': obsy knows no planet of {known.name}: {DECLARE}")
    if (letter or "b") not in events or (not letter and len(events) > 1):
        raise UserError(f"'{said}': {known.name} has {', '.join(events)}; write '{known.name} {next(iter(events))}'")
    assert isinstance(target, FixedTarget)
    letter = letter or next(iter(events))
    return with_said(planet_of(f"{known.name} {letter}", target, letter), orbit, limb)


def with_said(known: "KnownPlanet", orbit: str | None, limb: str | None) -> "KnownPlanet":
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
    if limb is not None:
        match = re.fullmatch(LIMB, limb)
        if match is None:
            raise UserError(f"--limb '{limb}': write both coefficients of the square law, as '0.35, 0.25'")
        linear, square = float(match[1]), float(match[2])
        if linear + square > 1:
            raise UserError(f"--limb '{limb}': both add up to {linear + square:g}; at 1 the limb is black already")
        known = replace(known, limb=LimbDarkening(linear, square))
    return known
