"""Wishes become plans: the YAML of each, with comments that say where it came from and what was left behind."""

import re
from collections.abc import Mapping
from typing import Any

from obsy.engine.declare.names import known, lookup
from obsy.engine.declare.spelling import key
from obsy.engine.declare.target import FixedTarget
from obsy.engine.exchange.layout import flow, written
from obsy.engine.importing.home import Home
from obsy.engine.importing.plain_text import digits, words
from obsy.engine.importing.wish import UNSAID, Leftover, Wish
from obsy.engine.separation import separation_deg
from obsy.schemas.model import plain_name
from obsy.schemas.plan import Plan
from obsy.schemas.reserved import Reserved
from obsy.units import DEGREES_PER_HOUR, sexagesimal

NEAR_ARCMIN, FAR_DEG = 1.0, 5.0
"""A place that is nearer to what bears its name is that; one that is farther is a mistake."""
DEFAULT_GOAL = {"exposure": "60 s", "count": 10}


def plan_of(wish: Wish, name: str, home: Home, origin: str) -> tuple[str, list[str]]:
    """Return a wish as the text of a plan, and what is to be told of it.

    origin: what it comes from, for the first comment.
    """
    told = [f"not carried over: {each}" for each in wish.lost]
    plan: dict[str, Any] = {"kind": "plan", "name": name, "target": _target(wish, told)}
    plan["want"] = [_goal(goal, home, told) for goal in wish.want] or _default(home, told)
    plan["when"] = {**_mapping(home.like.get("when")), **{word: said for word, said in wish.when.items() if said}}
    plan["pipeline"] = home.pipeline(wish.purpose)
    for word, value in ((word, value) for word, value in wish.more.items() if value):
        stands = (train.rotator or value == f"{digits(train.rotation)} deg" for train in home.trains)
        if word == "angle" and not any(stands):
            told.append(f"not carried over: its angle of {value}, to which no camera here is turned")
            continue
        if value == "required" and not any(train.guider for train in home.trains):
            told.append(f"not carried over: '{word}: {value}', for no train here has a guider")
            continue
        field = Plan.model_fields[word]
        if any(isinstance(mark, Reserved) and mark.holds(value) for mark in field.metadata):
            told.append(f"not carried over: '{word}: {flow(value)}', which obsy does not do yet")
        else:
            plan[word] = value
    told = list(dict.fromkeys(told))
    return written(plan, [words(each) for each in (origin, *told)]), told


def named(wish: Wish) -> str:
    """Return the name of a wish's plan."""
    return plain_name(re.sub(r"^m (?=\d)", "m", wish.name.lower())) or f"target-{wish.line}"


def doubt(wish: Wish) -> Leftover | None:
    """Return why a wish cannot be for what it names, if so: for its place, or because its name is a word too."""
    name, found = words(wish.name), lookup(wish.name)
    if wish.target == {}:
        return Leftover(wish.line, f"'{name}': its coordinates are no place", "put them right in the file")
    if found is None or wish.written:
        return None
    if (apart := _apart_deg(wish.target, (found.ra_deg, found.dec_deg))) is not None and apart > FAR_DEG:
        mend = "put right its name or its place; in a table, see the unit of its column"
        return Leftover(wish.line, f"'{name}': its place is {apart:.0f} deg from {found.name}", mend)
    is_word = name.isalpha() and name in (name.lower(), name.upper(), name.title())
    if wish.target is None and is_word and " " in found.name and key(found.name) == key(name):
        mend = f"write '{found.name}' if the star is meant, else its place"
        return Leftover(wish.line, f"'{name}' is a word, and would be the star {found.name}", mend)
    return None


def _apart_deg(target: Any, other: tuple[float, float]) -> float | None:
    """Return how far a target is from a place, degrees; None if it has none."""
    ra, dec = (sexagesimal(target.get(each, "")) if isinstance(target, Mapping) else None for each in ("ra", "dec"))
    return separation_deg((ra[0] * DEGREES_PER_HOUR, dec[0]), other) if ra and dec else None


def _target(wish: Wish, told: list[str]) -> Any:
    """Return the name, if obsy finds there what bears it; else what the file says."""
    known_as = words(wish.name)
    found = known(known_as)
    if wish.target is None:
        return known_as
    if found is None or not set(wish.target) <= {"ra", "dec"}:
        return wish.target
    if not isinstance(found, FixedTarget):
        told.append(f"not carried over: its place {wish.target['ra']} {wish.target['dec']}, because {known_as} moves")
        return known_as
    apart_arcmin = 60 * (_apart_deg(wish.target, (found.ra_deg, found.dec_deg)) or 0)
    if apart_arcmin <= NEAR_ARCMIN:
        return known_as
    told.append(f"its place is {apart_arcmin:.1f} arcmin from {known_as} as obsy knows it; the file's is kept")
    return wish.target


def _goal(goal: Mapping[str, Any], home: Home, told: list[str]) -> dict[str, Any]:
    said = str(goal["filter"]) or next((role for train in home.trains for role in train.roles), "L")
    role = home.role(said)
    if role is None:
        one = next((role for train in home.trains for role in train.roles), "L")
        found = f"no train here has a filter '{said}': declare it, or" if said != UNSAID else "it names no filter:"
        told.append(f"{found} say what it is here: --filter '{said}={one}'")
    elif said == UNSAID:
        told.append(f"it names no filter: '{role}' is taken")
    elif role != said:
        told.append(f"its filter '{said}' is '{role}' here")
    if setting := goal.get("setting"):
        told.append(f"not carried over: the camera's {flow(setting)}; the train's counts")
    rest = {word: value for word, value in goal.items() if word not in ("filter", "setting")}
    return {"filter": role or said, **rest}


def _default(home: Home, told: list[str]) -> list[Any]:
    """Return goals for a target without any: those of the plan that it shall be like, or a guess that is told."""
    if want := home.like.get("want"):
        return list(want) if isinstance(want, list) else []
    role = home.trains[0].roles[0] if home.trains else "L"
    told.append(
        "it says no exposures that can be taken: ten of a minute are a guess; change them, or name a plan: --like m31"
    )
    return [{"filter": role, **DEFAULT_GOAL}]


def _mapping(value: object) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}
