"""Wishes become plans: the YAML of each, with comments that say where it came from and what was left behind."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from obsy.engine.declare.names import known
from obsy.engine.declare.target import FixedTarget
from obsy.engine.importing.home import Home
from obsy.engine.importing.places import HOURS, apart_deg
from obsy.engine.importing.wish import UNSAID, Wish, plain, words
from obsy.schemas.model import plain_name
from obsy.schemas.plan import Plan
from obsy.schemas.reserved import Reserved
from obsy.units import sexagesimal

_PLAIN = re.compile(r"[A-Za-z+\-./_°\d](?:[A-Za-z0-9 +\-./_°%()]|:(?=\w))*(?<! )", re.ASCII)
_NO_TEXT = re.compile(r"[+\-.\d][\da-fA-F.:+_\-xo]*|[+\-]?\.(inf|nan)|null|true|false|-( .*)?", re.IGNORECASE)
WIDEST = 118
NEAR_ARCMIN = 1.0
"""A place that is nearer to what bears its name is that."""
DEFAULT_GOAL = {"exposure": "60 s", "count": 10}
ORDER = ("kind", "name", "target", "priority", "want", "turns", "when", "mosaic", "angle", "needs", "pipeline", "notes")


def plan_of(wish: Wish, name: str, home: Home, origin: str) -> tuple[str, list[str]]:
    """Return a wish as the text of a plan, and what is to be told of it.

    origin: what it comes from, for the first comment.
    """
    told = [f"not carried over: {each}" for each in wish.lost]
    plan: dict[str, Any] = {"kind": "plan", "name": name, "target": _target(wish, told)}
    plan["want"] = [_goal(goal, home, told) for goal in wish.want] or _default(home, told)
    plan["when"] = {**_mapping(home.like.get("when")), **wish.when}
    plan["pipeline"] = home.pipeline(wish.purpose)
    for key, value in wish.more.items():
        if key == "angle" and not any(value == f"{plain(train.rotation)} deg" for train in home.trains):
            told.append(f"not carried over: its angle of {value}, to which no camera here is turned")
            continue
        field = Plan.model_fields[key]
        if any(isinstance(mark, Reserved) and mark.holds(value) for mark in field.metadata):
            told.append(f"not carried over: '{key}: {flow(value)}', which obsy does not do yet")
        else:
            plan[key] = value
    told = list(dict.fromkeys(told))
    return written(plan, [origin, *told]), told


def named(wish: Wish) -> str:
    """Return the name of a wish's plan."""
    return plain_name(re.sub(r"^m (?=\d)", "m", wish.name.lower())) or f"target-{wish.line}"


def written(plan: Mapping[str, Any], comments: Sequence[str]) -> str:
    """Return a document as people lay it out: a goal and a condition to a line."""
    keys = [key for key in (*ORDER, *plan) if plan.get(key) not in (None, {}, [], ())]
    lines = [f"# {words(each)}" for each in comments]
    for key in dict.fromkeys(keys):
        lines += _lines(key, plan[key])
    return "\n".join(lines) + "\n"


def flow(value: Any) -> str:
    """Return a value in one line of YAML."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow(str(key))}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(flow(each) for each in value) + "]"
    if not isinstance(value, str):
        return json.dumps(value)
    is_plain = _PLAIN.fullmatch(value) and not _NO_TEXT.fullmatch(value)
    return value if is_plain else json.dumps(value, ensure_ascii=False)


def _lines(key: str, value: Any) -> Iterator[str]:
    if key == "want":
        yield "want:"
        yield from (f"  - {flow(goal)}" for goal in value)
    elif isinstance(value, Mapping) and (key in ("when", "target") or len(flow(value)) > WIDEST):
        yield f"{key}:"
        for each, said in value.items():
            parts = [f"    - {flow(part)}" for part in said] if isinstance(said, list) else []
            yield f"  {flow(str(each))}:" + (f" {flow(said)}" if not parts else "")
            yield from parts
    else:
        yield f"{key}: {flow(value)}"


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
    ra, dec = (sexagesimal(wish.target[key]) for key in ("ra", "dec"))
    if ra is None or dec is None:
        return wish.target
    apart_arcmin = 60 * apart_deg((ra[0] * HOURS, dec[0]), (found.ra_deg, found.dec_deg))
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
    rest = {key: value for key, value in goal.items() if key not in ("filter", "setting")}
    return {"filter": role or said, **rest}


def _default(home: Home, told: list[str]) -> list[Any]:
    """Return goals for a target without any: those of the plan that it shall be like, or a guess that is told."""
    if want := home.like.get("want"):
        return list(want) if isinstance(want, list) else []
    role = home.trains[0].roles[0] if home.trains else "L"
    told.append("it says no exposures: ten of a minute are a guess; change them, or name a plan: --like m31")
    return [{"filter": role, **DEFAULT_GOAL}]


def _mapping(value: object) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}
