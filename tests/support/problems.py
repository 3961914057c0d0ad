"""Nights drawn by lot: a place, an evening, what stands there, and what is wanted of it, all as people declare it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from obsy.engine.declare.names import resolve
from obsy.engine.declare.observatory import Observatory
from obsy.schemas.constraints.altitude import Altitude
from obsy.schemas.plan import Plan
from tests.support.equipment import club, example


@dataclass(frozen=True)
class Problem:
    """One night's question."""

    observatory: Observatory
    day: date


def draw(chance: Random, goals: int, *, many: bool = False, latitudes: tuple[float, float] = (-60.0, 60.0)) -> Problem:
    """Draw a night in which so many goals compete.

    many: on up to three mounts with four trains; else on one mount with one.
    """
    day = date(2026, 1, 1) + timedelta(days=chance.randrange(365))
    stands = _moved(club() if many else example(), chance, latitudes)
    plans: list[Plan] = []
    while (lines := sum(len(goal.filter) for plan in plans for goal in plan.want)) < goals:
        plans.append(_plan(chance, f"p{len(plans)}", goals - lines, many, day))
    targets = {plan.name: target for plan in plans if (target := resolve(plan)) is not None}
    return Problem(replace(stands, plans=tuple(plans), targets=targets), day)


def _moved(stands: Observatory, chance: Random, latitudes: tuple[float, float]) -> Observatory:
    """The same equipment elsewhere, under a flat horizon; its mounts reach and flip otherwise."""
    where = {"latitude": round(chance.uniform(*latitudes), 2), "longitude": round(chance.uniform(-180, 180), 2)}
    site = stands.site.model_copy(update={**where, "horizon": None})
    mounts = {}
    for mount in stands.mounts:
        reach = Altitude.model_validate(f"above {chance.randint(10, 25)} deg and below {chance.randint(80, 90)} deg")
        mounts[mount.name] = mount.model_copy(update={"altitude": reach, "slew": chance.choice((1.0, 2.0, 4.0))})
    instruments = tuple(replace(each, site=site, mount=mounts[each.mount.name]) for each in stands.instruments)
    return replace(stands, site=site, horizon=None, mounts=tuple(mounts.values()), instruments=instruments)


def _plan(chance: Random, name: str, most: int, many: bool, day: date) -> Plan:
    sets = (("L",), ("R", "G", "B"), ("L", "R"), ("L", "R", "G", "B"))
    roles = list(chance.choice((*sets, ("Ha",), ("Ha", "OIII"), ("V",)) if many else (*sets, ("Ha", "OIII"), ("V",))))
    exposure, minutes = chance.choice((60, 120, 180, 300)), chance.choice((20, 40, 60, 90, 120, 180))
    want: dict[str, Any] = {"filter": roles[:most], "exposure": f"{exposure} s", "total": f"{minutes} min"}
    if chance.random() < 0.15:
        want = {"filter": roles[:1], "exposure": "60 s", "count": chance.randint(3, 20), "every": "2 d"}
    said: dict[str, Any] = {"kind": "plan", "name": name, "priority": chance.randint(1, 10), "pipeline": "deep-sky"}
    height = f"{chance.uniform(-1, 1):.4f}"
    dec = f"{chance.choice((-1, 1)) * abs(float(height)) ** 1.5 * 75:.4f} deg"
    return Plan.model_validate(
        said
        | {"target": {"ra": f"{chance.uniform(0, 359.9999):.4f} deg", "dec": dec}, "want": [want]}
        | {"when": _when(chance, day)}
    )


def _when(chance: Random, day: date) -> dict[str, str]:
    when = {"sun": f"below -{chance.randint(12, 18)} deg"}
    if chance.random() < 0.3:
        when["airmass"] = f"below {chance.choice((1.3, 1.5, 1.8, 2.2))}"
    else:
        when["altitude"] = f"above {chance.randint(20, 45)} deg"
    if chance.random() < 0.5:
        when["moon"] = f"farther than {chance.randint(20, 90)} deg"
    if chance.random() < 0.15:
        when["hour_angle"] = f"above -{chance.randint(2, 5)} h and below {chance.randint(1, 5)} h"
    if chance.random() < 0.3:
        when["dates"] = f"before {day + timedelta(days=chance.randint(0, 20))}"
    return when
