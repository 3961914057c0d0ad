"""What a plan's target is: looked up where it is a name, plain numbers where it is written out."""

from functools import cache

from obsy.engine.declare import names
from obsy.engine.declare.target import AsteroidTarget, CometTarget, Crossing, FixedTarget, SolarSystemTarget, Target
from obsy.schemas.plan import Plan
from obsy.schemas.target import Asteroid, Comet, NamedTarget, Planet, Position

LETTERS = "bcdefghi"
"""Planets are lettered in the order of their discovery; `a` would be the star."""


def resolve(plan: Plan) -> Target | None:
    """The plan's target; None if it is a name that obsy does not know."""
    match plan.target:
        case NamedTarget(name=name):
            return known(name)
        case Position() as place:
            planets = {letter: Crossing(t.epoch, t.period, t.duration) for letter, t in place.planets.items()}
            return FixedTarget(place.ra, place.dec, planets)
        case Comet() as comet:
            angles = (comet.inclination, comet.node, comet.argument)
            return CometTarget(comet.distance, comet.eccentricity, *angles, comet.perihelion)
        case Asteroid() as rock:
            plane = (rock.inclination, rock.node, rock.argument)
            return AsteroidTarget(rock.semi_major_axis, rock.eccentricity, *plane, rock.mean_anomaly, rock.epoch)
        case Planet(body=body):
            return SolarSystemTarget(body)


@cache
def known(name: str) -> Target | None:
    """What obsy knows by that name: a body of the solar system, or a place with its planets; None if nothing."""
    found = names.lookup(name)
    if found is None:
        return SolarSystemTarget(name.lower()) if name.lower() in BODIES else None
    planets = {}
    if found.kind == "star":
        known = ((letter, names.planet(name, letter)) for letter in LETTERS)
        planets = {letter: Crossing(e.epoch_bjd_tdb, e.period_d, e.duration_h) for letter, e in known if e is not None}
    return FixedTarget(found.ra_deg, found.dec_deg, planets)


BODIES = ("moon", "mercury", "venus", "mars", "jupiter", "saturn", "uranus", "neptune")
"""A name among these needs no table."""
