"""What the star of a plan is called, and its planet: by the tables where its place is that of a star in them."""

import re

from obsy.engine.declare.catalogue import CatalogueObject
from obsy.engine.declare.names import called, lookup, resolve
from obsy.engine.declare.target import FixedTarget
from obsy.engine.separation import separation_deg
from obsy.schemas.plan import Plan
from obsy.schemas.target import NamedTarget

NEAR_DEG = 1 / 60
"""Two places of one star are not farther apart, by whatever catalogue."""


def star_and_letter(said: str) -> tuple[str, str]:
    """Return a planet's star and its letter: of 'HAT-P-32 b', 'HAT-P-32b', 'hat-p-32-b'; else all and ''."""
    match = re.fullmatch(r"(.+?)[-\s]*(?:\b|(?<=\d))([b-z])", said)
    return (match[1], match[2]) if match else (said, "")


def planets_covered(plan: Plan) -> tuple[str, ...]:
    """Return the letters of the planets whose transits the goals of a plan cover."""
    return tuple(dict.fromkeys(goal.cover.of for goal in plan.want if goal.cover and len(goal.cover.of) == 1))


def table_star(plan: Plan) -> CatalogueObject | None:
    """Return the star of obsy's tables that a plan points at: by its target's name, or by its own and its place."""
    target, name = resolve(plan), called(plan)
    if not isinstance(target, FixedTarget):
        return None
    for said in (name, star_and_letter(name)[0]):
        found = lookup(said)
        if found and found.kind == "star" and _apart_deg(found, target) < NEAR_DEG:
            return found
    return None


def planet_name(plan: Plan, letter: str) -> str:
    """Return what a planet of a plan's target is called: 'HD 189733 b', also of a plan 'hd-189733-b' of its place."""
    name = called(plan)
    if isinstance(plan.target, NamedTarget) or name != plan.name:
        return f"{name} {letter}"
    star = table_star(plan)
    return f"{star.name if star else name.removesuffix(f'-{letter}')} {letter}"


def _apart_deg(star: CatalogueObject, target: FixedTarget) -> float:
    return separation_deg((star.ra_deg, star.dec_deg), (target.ra_deg, target.dec_deg))
