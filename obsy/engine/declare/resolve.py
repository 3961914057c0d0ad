"""What a plan's target is: looked up where it is a name, plain numbers where it is written out."""

from functools import cache
from typing import get_args

from obsy.engine.declare import names
from obsy.engine.declare.target import Ephemeris, FixedTarget, Target
from obsy.schemas.plan import Plan
from obsy.schemas.target import NamedTarget, Planet, Position


def resolve(plan: Plan) -> Target | None:
    """The plan's target; None if it is a name that obsy does not know."""
    match plan.target:
        case NamedTarget(name=name):
            return known(name)
        case Position() as place:
            planets = {letter: Ephemeris(t.epoch, t.period, t.duration) for letter, t in place.planets.items()}
            return FixedTarget(place.ra, place.dec, planets)
        case body:
            return body


@cache
def known(name: str) -> Target | None:
    """What obsy knows by that name: a body of the solar system, or a place with its planets; None if nothing."""
    found = names.lookup(name)
    if found is None:
        return Planet.model_validate({"body": name.lower()}) if name.lower() in BODIES else None
    return FixedTarget(found.ra_deg, found.dec_deg, names.planets(name) if found.kind == "star" else {})


BODIES: tuple[str, ...] = get_args(Planet.model_fields["body"].annotation)
"""A name among these needs no table."""
