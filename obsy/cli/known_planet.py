"""What is said on the command line of a planet: its name, its orbit, its star's limb."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from obsy.errors import UserError

if TYPE_CHECKING:
    from obsy.engine.science.transit.planet import KnownPlanet

NUMBER = r"\s*(\d+\.?\d*)\s*(?:(?:\+-|\+/-|±)\s*(\d+\.?\d*))?\s*"
ORBIT = rf"{NUMBER},{NUMBER}deg\s*(?:,\s*(0?\.\d+)\s*,\s*(\d+\.?\d*)\s*deg\s*)?,\s*(\S.*)"
LIMB = r"\s*(-?\d*\.?\d+)\s*,\s*(-?\d*\.?\d+)\s*"


def planet_called(said: str, orbit: str | None, limb: str | None) -> "KnownPlanet":
    """Return what is known of a planet by its name, with an orbit and limb darkening if they are said.

    orbit: 'a/R*, inclination[, eccentricity, periastron], reference', as '6.05 +- 0.04, 88.9 +- 0.4 deg, set A'.
    Raises UserError if nothing bears the name, or if the star has several planets and none was said.
    """
    from obsy.cli.named import here, known_by, unknown
    from obsy.engine.declare.target import FixedTarget
    from obsy.engine.science.transit.planet import planet_of

    match = re.fullmatch(r"(.+?)\s*\b([a-z])", said.strip())
    declared = here()
    known, letter = (known_by(match[1], declared), match[2]) if match else (None, "")
    if known is None:
        known, letter = known_by(said, declared), ""
    if known is None:
        raise UserError(unknown(said))
    target = known.target
    events = (
        {key: each for key, each in target.events.items() if len(key) == 1} if isinstance(target, FixedTarget) else {}
    )
    if not events:
        raise UserError(
            f"'{said}': obsy knows no planet of {known.name}: declare it in a 'kind: catalogue' of library/"
        )
    if (letter or "b") not in events or (not letter and len(events) > 1):
        raise UserError(f"'{said}': {known.name} has {', '.join(events)}; write '{known.name} {next(iter(events))}'")
    assert isinstance(target, FixedTarget)
    letter = letter or next(iter(events))
    return with_said(planet_of(f"{known.name} {letter}", target, letter), orbit, limb)


def with_said(known: "KnownPlanet", orbit: str | None, limb: str | None) -> "KnownPlanet":
    """Return it with the orbit and the limb darkening that were said. Raises UserError if they cannot be read."""
    from obsy.engine.science.transit.model import LimbDarkening, PlanetOrbit

    if orbit is not None:
        match = re.fullmatch(ORBIT, orbit)
        if match is None:
            raise UserError(f"--orbit '{orbit}': write it of one reference, as '6.05, 88.9 deg, reference set A'")
        axis, axis_error, tilt, tilt_error, e, omega, reference = match.groups()
        way = PlanetOrbit(known.ephemeris.period_d, float(axis), float(tilt), float(e or 0), float(omega or 90))
        errors = float(axis_error or 0), float(tilt_error or 0)
        known = replace(
            known, orbit=way, axis_ratio_error=errors[0], inclination_error_deg=errors[1], reference=reference.strip()
        )
    if limb is not None:
        match = re.fullmatch(LIMB, limb)
        if match is None:
            raise UserError(f"--limb '{limb}': write both coefficients of the square law, as '0.35, 0.25'")
        known = replace(known, limb=LimbDarkening(float(match[1]), float(match[2])))
    return known
