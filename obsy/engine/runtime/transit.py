"""The transit that a plan covered in a night, as a light curve: store, star tables and declarations together."""

from dataclasses import replace
from datetime import date

from obsy.engine.declare.names import resolve
from obsy.engine.declare.star_names import planet_name
from obsy.engine.declare.target import FixedTarget
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.runtime.photometry import night_tables
from obsy.engine.science.transit.curve import MeasuredCurve
from obsy.engine.science.transit.outside import outside_of
from obsy.engine.science.transit.planet import KnownPlanet, planet_of
from obsy.engine.science.transit.tables import tables_curve
from obsy.engine.store.store import Store
from obsy.errors import UserError
from obsy.schemas.goal import BASELINE_S
from obsy.schemas.plan import Plan


def covered(plan: Plan) -> tuple[KnownPlanet, tuple[str, ...]]:
    """Return the planet whose transit a plan covers, and in which filters. Raises UserError if it covers none."""
    wanted = [(each.cover.of, each.filter) for each in plan.want if each.cover is not None and len(each.cover.of) == 1]
    target = resolve(plan)
    if not wanted or not isinstance(target, FixedTarget):
        raise UserError(f"the plan '{plan.name}' covers no transit: a goal of it says 'cover: {{transit: b}}'")
    letter = wanted[0][0]
    if letter not in target.events:
        raise UserError(f"the plan '{plan.name}' covers the transit of '{letter}', of which its target knows nothing")
    roles = dict.fromkeys(role for name, filters in wanted if name == letter for role in filters)
    return planet_of(planet_name(plan, letter), target, letter), tuple(roles)


def transit_curve(
    store: Store, data_root: DataRoot, plan: Plan, night: date | None
) -> tuple[KnownPlanet, MeasuredCurve]:
    """Return the planet that a plan covers, and its star's light in a night, the newest with tables if none is said.

    It is that of one filter and one train, those that have most frames; a doubt names what else there is.
    Raises UserError if there is none.
    """
    planet, roles = covered(plan)
    assert planet.place is not None
    found = night_tables(store, data_root, plan.name, night)
    every = found.series()
    series = {of: every[of] for role in roles for of in every if of[0] == role}
    if not series:
        told = f"the night of {found.night} has no accepted frame of '{plan.name}' in {' or '.join(roles)}"
        raise UserError(f"{told} with a table of stars: see 'obsy report {found.night}'")
    (role, train), tables = max(series.items(), key=lambda each: len(each[1]))
    made = tables_curve(tables, planet.place, outside_of(planet))
    others = [
        f"{len(each)} frames in {of} by {by or 'no train'}"
        for (of, by), each in series.items()
        if (of, by) != (role, train)
    ]
    beside = (f"of {role} by {train or 'no train'} alone: beside it there are {', '.join(others)}",) if others else ()
    left = tuple(f"left out: {each}" for each in found.left_out.get(role, ()))
    doubts = (*beside, *left, *made.doubts)
    sides_s = asked_beside_s(plan, planet.name[-1], role)
    return planet, replace(made, doubts=doubts, night=found.night, sides_s=sides_s, role=role, train=train)


def asked_beside_s(plan: Plan, letter: str, role: str) -> tuple[float, float]:
    """Return how much a plan asks for before and after a planet's transit in a filter, seconds; the usual for 0.

    Nothing is no measure: without light beside a transit nobody knows its depth.
    """
    covers = (each.cover for each in plan.want if each.cover and each.cover.of == letter and role in each.filter)
    before_s, after_s = next(covers).sides_s
    return before_s or BASELINE_S, after_s or BASELINE_S
