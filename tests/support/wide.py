"""Nights drawn by lot that declare at once all that limits one: places and people, plans with all their words."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from obsy.engine.declare.names import resolve
from obsy.schemas.constraints.downtime import Downtime
from obsy.schemas.constraints.meridian_zone import MeridianZone
from obsy.schemas.horizon import Horizon
from obsy.schemas.mount import Mount
from obsy.schemas.people import Person, Share
from obsy.schemas.plan import Choose, Plan
from obsy.schemas.policy import SunHeightLimit
from tests.support.moving import place, target
from tests.support.problems import Problem, draw

PEOPLE = tuple(
    Person.model_validate({"kind": "person", "name": name, "called": name.title(), "groups": [group]})
    for name, group in (("ana", "school"), ("ben", "club"))
)
SHARES = (Share.model_validate({"kind": "share", "name": "s", "group": "school", "time": "40 %", "over": "9 d"}),)
MOMENT = "%Y-%m-%d %H:%M UTC"


def draw_wide(chance: Random, plans: int, *, many: bool = False) -> Problem:
    """Draw a night like `draw`, with a skyline of its own and so many plans that say all that may be said."""
    problem = draw(chance, 1, many=many, latitudes=chance.choice(((-60.0, 60.0), (-60.0, 60.0), (-75.0, 75.0))))
    stands, day = problem.observatory, problem.day
    noon = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=12 - stands.site.longitude / 15)
    drawn = [_plan(chance, f"w{number}", noon, many) for number in range(plans)]
    drawn += [_event(chance, f"e{number}", noon) for number in range(chance.choice((0, 1, 2)))]
    if chance.random() < 0.3:
        of = Choose(most=chance.randint(1, 2), of="some")
        drawn = [each.model_copy(update={"choose": of}) if chance.random() < 0.6 else each for each in drawn]
    targets = {plan.name: target for plan in drawn if (target := resolve(plan)) is not None}
    horizon = _horizon(chance)
    site = stands.site.model_copy(update={"horizon": horizon.name, "downtime": _downtime(chance, noon)})
    mounts = {each.name: _restricted(chance, each, noon) for each in stands.mounts}
    instruments = tuple(replace(each, site=site, mount=mounts[each.mount.name]) for each in stands.instruments)
    changed: dict[str, Any] = {"site": site, "horizon": horizon, "instruments": instruments}
    changed["mounts"] = tuple(mounts.values())
    changed |= {"people": PEOPLE, "shares": SHARES if chance.random() < 0.3 else ()}
    roof = SunHeightLimit.model_validate(f"below -{chance.choice((6, 6, 12, 18))} deg")
    sun = stands.safety.sun.model_copy(update={"roof": roof})
    changed["safety"] = stands.safety.model_copy(update={"sun": sun})
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


def _plan(chance: Random, name: str, noon: datetime, many: bool) -> Plan:
    others = (["Ha"], ["V"], ["OSC"]) if many else (["Ha", "OIII"],)
    roles = chance.choice((["L"], ["R", "G", "B"], ["L", "R"], *others))
    want = {"filter": roles, **_amount(chance)}
    said: dict[str, Any] = {"kind": "plan", "name": name, "priority": chance.randint(1, 10), "pipeline": "deep-sky"}
    said |= {"target": target(chance, noon.date()), "want": [want], "when": _when(chance, noon)}
    if chance.random() < 0.3:  # another goal, which replaces words of the plan's own `when`
        said["want"] = [want, {"filter": roles[:1], "exposure": "45 s", "count": 9, "when": _when(chance, noon)}]
    if len(roles) > 1 and "run" not in want and chance.random() < 0.4:
        said["turns"] = f"{chance.randint(2, 9)} frames"
    if chance.random() < 0.2:
        said["mosaic"] = {"columns": chance.randint(1, 2), "rows": 2, "overlap": f"{chance.randint(0, 40)} %"}
        said["angle"] = f"{chance.choice((0, chance.randint(1, 359)))} deg"
    said |= _seldom(chance, noon)
    return Plan.model_validate(said)


def _amount(chance: Random) -> dict[str, Any]:
    """Draw an exposure, and how much of it."""
    exposure, frames = chance.choice((30, 60, 180, 300, 600)), chance.randint(1, 60)
    want: dict[str, Any] = {"exposure": f"{exposure} s", "count": frames}
    dice = chance.random()
    if dice < 0.2:
        want["run"] = f"at least {chance.choice((10, 20, 45))} min"
    elif dice < 0.35:
        want |= {"count": chance.randint(1, 8), "every": "2 h" if exposure < 180 and chance.random() < 0.5 else "2 d"}
        want |= {"nightly": f"at most {chance.randint(1, 2)}"} if chance.random() < 0.5 else {}
    elif dice < 0.5:
        want = {"exposure": want["exposure"], "total": f"{chance.randint(10, 400)} min"}
    return want


def _seldom(chance: Random, noon: datetime) -> dict[str, Any]:
    """Draw some of what few plans say."""
    may: tuple[tuple[float, dict[str, Any]], ...] = (
        (0.05, {"urgency": "immediate"}),
        (0.05, {"paused": f"until {chance.choice((f'{noon:%Y-%m-%d}', f'{noon + timedelta(hours=12):{MOMENT}}'))}"}),
        (0.1, {"needs": chance.choice(({"field": "above 0.5 deg"}, {"scale": "below 4 arcsec"}))}),
        (0.4, {"owner": chance.choice(PEOPLE).name}),
    )
    return {key: value for likely, said in may if chance.random() < likely for key, value in said.items()}


def _event(chance: Random, name: str, noon: datetime) -> Plan:
    """Something that happens once a night or so, its middle drawn between 6 and 18 hours after noon."""
    middle = noon + timedelta(hours=chance.uniform(6, 18))
    epoch = 2440587.5 + (middle.timestamp() - 86400 * 3 * 365) / 86400
    period = 3 * 365 / chance.choice((400, 900, 1100))
    event = {"epoch": f"{epoch:.5f} BJD_TDB", "period": f"{period:.7f} d", "duration": f"{chance.randint(30, 150)} min"}
    if chance.random() < 0.3:
        event |= {"epoch_error": f"{chance.randint(1, 20)} min", "period_error": f"{chance.uniform(0, 2):.2f} s"}
    is_planet = chance.random() < 0.5
    there = place(chance) | ({"planets": {"b": event}} if is_planet else {"events": {"minimum": event}})
    said: dict[str, Any] = {"kind": "plan", "name": name, "priority": chance.randint(1, 10), "pipeline": "exoplanet"}
    want: dict[str, Any] = {"filter": chance.choice(("R", "V")), "exposure": f"{chance.choice((20, 60, 120))} s"}
    if chance.random() < 0.3:
        phase = f"after {chance.random():.2f} and before {chance.random():.2f}"
        return Plan.model_validate(said | {"target": there, "want": [want | {"count": 40}], "when": {"phase": phase}})
    cover = {"transit": "b"} if is_planet else {"event": "minimum"}
    sides = {"baseline": f"{chance.randint(5, 40)} min"}
    if chance.random() < 0.3:
        sides = {"before": f"{chance.randint(0, 40)} min", "after": f"{chance.randint(1, 40)} min"}
    accept = {"accept": chance.choice(("whole", "ingress", "egress", "either"))}
    when = _when(chance, noon) if chance.random() < 0.3 else {}
    return Plan.model_validate(
        said | {"target": there, "want": [want | {"cover": cover | sides | accept}], "when": when}
    )


def _when(chance: Random, noon: datetime) -> dict[str, str]:
    """Draw some of the words of `when`."""
    day, late = noon.date(), noon + timedelta(minutes=chance.randint(360, 1080))
    moons = [f"farther than {chance.randint(20, 90)} deg", f"fainter than {chance.randint(20, 95)} %", "below 15 deg"]
    moons += [f"{moons[0]} and width {chance.randint(2, 14)} d", f"{moons[0]} and relaxed below 30 deg"]
    moons += [f"{moons[-2]} and relaxed below 20 deg", f"{moons[0]} and {moons[1]}"]
    may: dict[str, tuple[float, list[str]]] = {
        "sun": (0.7, [f"below -{chance.randint(6, 18)} deg"]),
        "altitude": (
            0.5,
            [f"above {chance.randint(10, 45)} deg and below {chance.randint(60, 89)} deg", "above 30 deg"],
        ),
        "airmass": (0.2, [f"below {chance.choice((1.3, 1.6, 2.2))}", "above 1.5 and below 2.5", "above 1.2"]),
        "hour_angle": (
            0.2,
            [f"above -{chance.randint(1, 5)} h and below {chance.randint(1, 5)} h", "below 1 h", "above 0 h"],
        ),
        "meridian": (0.1, [f"within {chance.choice((30, 90, 180))} min"]),
        "season": (0.1, [_season(chance, day)]),
        "moon": (0.5, moons),
        "dates": (
            0.2,
            [f"after {day - timedelta(days=chance.randint(-1, 3))}", f"before {day}", f"after {late:{MOMENT}}"],
        ),
    }
    may["dates"][1].append(f"before {late:{MOMENT}}")
    return {word: chance.choice(says) for word, (likely, says) in may.items() if chance.random() < likely}


def _season(chance: Random, day: date) -> str:
    """A part of the year that mostly begins before this day, and ends after it."""
    first, last = day + timedelta(days=chance.randint(-2, 1)), day + timedelta(days=chance.randint(-1, 40))
    return f"after {first:%m-%d} and before {last:%m-%d}"
