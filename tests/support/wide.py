"""Nights drawn by lot that declare more at once: a skyline, downtime, zones, turns, runs, mosaics, lists, events."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from obsy.engine.declare.names import resolve
from obsy.schemas.constraints.downtime import Downtime
from obsy.schemas.constraints.meridian_zone import MeridianZone
from obsy.schemas.horizon import Horizon
from obsy.schemas.mount import Mount
from obsy.schemas.plan import Plan
from tests.support.problems import Problem, draw

MOMENT = "%Y-%m-%d %H:%M UTC"


def draw_wide(chance: Random, plans: int, *, many: bool = False) -> Problem:
    """Draw a night like `draw`, with a skyline of its own and so many plans that say all that may be said."""
    problem = draw(chance, 1, many=many)
    stands, day = problem.observatory, problem.day
    drawn = [_plan(chance, f"w{number}", day, many) for number in range(plans)]
    noon = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=12 - stands.site.longitude / 15)
    drawn += [_event(chance, f"e{number}", noon) for number in range(chance.choice((0, 1, 2)))]
    if chance.random() < 0.3:
        of = {"choose": f"{chance.randint(1, 2)} a night of some"}
        drawn = [Plan.model_validate(each.said() | of) if chance.random() < 0.6 else each for each in drawn]
    targets = {plan.name: target for plan in drawn if (target := resolve(plan)) is not None}
    horizon = _horizon(chance)
    site = stands.site.model_copy(update={"horizon": horizon.name, "downtime": _downtime(chance, noon)})
    mounts = {each.name: _restricted(chance, each, noon) for each in stands.mounts}
    instruments = tuple(replace(each, site=site, mount=mounts[each.mount.name]) for each in stands.instruments)
    changed: dict[str, Any] = {"site": site, "horizon": horizon, "instruments": instruments}
    changed["mounts"] = tuple(mounts.values())
    return Problem(replace(stands, plans=tuple(drawn), targets=targets, **changed), day)


def _horizon(chance: Random) -> Horizon:
    points = []
    for azimuth in range(0, 360, chance.choice((30, 45, 60))):
        point = {
            "azimuth": f"{azimuth + chance.uniform(0, 10):.1f} deg",
            "altitude": f"{chance.uniform(0, 35):.1f} deg",
        }
        if chance.random() < 0.15:
            point["ceiling"] = f"{chance.uniform(60, 85):.1f} deg"
        points.append(point)
    return Horizon.model_validate({"kind": "horizon", "name": "hills", "points": points})


def _restricted(chance: Random, mount: Mount, noon: datetime) -> Mount:
    """A mount that may not track near the meridian, and takes nothing for some hours; mostly it may."""
    first, last = chance.randint(-30, 0), chance.randint(5, 40)
    zone = MeridianZone.model_validate(f"above {first} min and below {last} min") if chance.random() < 0.25 else None
    return mount.model_copy(update={"meridian_zone": zone, "downtime": _downtime(chance, noon)})


def _downtime(chance: Random, noon: datetime) -> tuple[Downtime, ...]:
    """Some hours of one night in five; nothing in the others."""
    first = noon + timedelta(minutes=chance.randint(4 * 60, 18 * 60))
    said = f"after {first:{MOMENT}} and before {first + timedelta(minutes=chance.randint(20, 240)):{MOMENT}}"
    return (Downtime.model_validate(said),) if chance.random() < 0.2 else ()


def _place(chance: Random) -> dict[str, str]:
    return {"ra": f"{chance.uniform(0, 359.9):.4f} deg", "dec": f"{chance.uniform(-70, 70):.4f} deg"}


def _plan(chance: Random, name: str, day: date, many: bool) -> Plan:
    roles = chance.choice((["L"], ["R", "G", "B"], ["L", "R"], ["Ha"] if many else ["Ha", "OIII"]))
    exposure, frames = chance.choice((30, 60, 180, 300, 600)), chance.randint(1, 60)
    want: dict[str, Any] = {"filter": roles, "exposure": f"{exposure} s", "count": frames}
    dice = chance.random()
    if dice < 0.2:
        want["run"] = f"at least {chance.choice((10, 20, 45))} min"
    elif dice < 0.35:
        want |= {"count": chance.randint(1, 8), "every": "2 h" if exposure < 180 and chance.random() < 0.5 else "2 d"}
    elif dice < 0.5:
        del want["count"]
        want["total"] = f"{chance.randint(10, 400)} min"
    said: dict[str, Any] = {"kind": "plan", "name": name, "priority": chance.randint(1, 10), "pipeline": "deep-sky"}
    said |= {"target": _place(chance), "want": [want], "when": _when(chance, day)}
    if len(roles) > 1 and "run" not in want and chance.random() < 0.4:
        said["turns"] = f"{chance.randint(2, 9)} frames"
    if chance.random() < 0.2:
        said["mosaic"] = {"columns": chance.randint(1, 2), "rows": 2, "overlap": f"{chance.randint(0, 40)} %"}
    if chance.random() < 0.05:
        said["urgency"] = "immediate"
    return Plan.model_validate(said)


def _event(chance: Random, name: str, noon: datetime) -> Plan:
    """Something that happens once a night or so, its middle drawn between 6 and 18 hours after noon."""
    middle = noon + timedelta(hours=chance.uniform(6, 18))
    epoch = 2440587.5 + (middle.timestamp() - 86400 * 3 * 365) / 86400
    period = 3 * 365 / chance.choice((400, 900, 1100))
    event = {"epoch": f"{epoch:.5f} BJD_TDB", "period": f"{period:.7f} d", "duration": f"{chance.randint(30, 150)} min"}
    cover = {"transit": "b", "baseline": f"{chance.randint(5, 40)} min", "accept": chance.choice(("whole", "either"))}
    want = [{"filter": chance.choice(("R", "V")), "exposure": f"{chance.choice((20, 60, 120))} s", "cover": cover}]
    said: dict[str, Any] = {"kind": "plan", "name": name, "priority": chance.randint(1, 10), "pipeline": "exoplanet"}
    return Plan.model_validate(said | {"target": _place(chance) | {"planets": {"b": event}}, "want": want})


def _when(chance: Random, day: date) -> dict[str, str]:
    when = {"sun": f"below -{chance.randint(10, 18)} deg"}
    may: dict[str, str] = {
        "altitude": f"above {chance.randint(10, 45)} deg and below {chance.randint(60, 89)} deg",
        "airmass": f"below {chance.choice((1.3, 1.6, 2.2))}",
        "hour_angle": f"above -{chance.randint(1, 5)} h and below {chance.randint(1, 5)} h",
        "meridian": f"within {chance.choice((30, 90, 180))} min",
        "season": _season(chance, day),
        "dates": f"after {day - timedelta(days=chance.randint(-1, 3))}",
    }
    moon = (f"farther than {chance.randint(20, 90)} deg", f"fainter than {chance.randint(20, 95)} %", "below 15 deg")
    may["moon"] = chance.choice(moon)
    for key, likely in (("altitude", 0.6), ("airmass", 0.2), ("hour_angle", 0.2), ("meridian", 0.1), ("season", 0.1)):
        if chance.random() < likely:
            when[key] = may[key]
    for key in ("moon", "dates"):
        if chance.random() < (0.5 if key == "moon" else 0.1):
            when[key] = may[key]
    return when


def _season(chance: Random, day: date) -> str:
    """A part of the year that mostly begins before this day, and ends after it."""
    first, last = day + timedelta(days=chance.randint(-2, 1)), day + timedelta(days=chance.randint(-1, 40))
    return f"after {first:%m-%d} and before {last:%m-%d}"
