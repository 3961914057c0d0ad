"""Names people write in plans, resolved without a network: deep-sky objects, stars, planets and their hosts."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple, get_args

from obsy.engine.declare.target import Ephemeris, FixedTarget, Target
from obsy.schemas.plan import Plan
from obsy.schemas.recurring import Recurring
from obsy.schemas.target import NamedTarget, Planet, Position

_SILENT = str.maketrans("", "", " \t_'’-")
_PADDING = re.compile(r"(?<=[a-z])0+(?=\d)")


class CatalogueObject(NamedTuple):
    """A thing in the sky with a name: ICRS place at J2000.0 and, where they are known, its size and brightness."""

    name: str
    ra_deg: float
    dec_deg: float
    kind: str
    """galaxy, nebula, planetary, open-cluster, globular, remnant or star."""
    major_arcmin: float | None = None
    minor_arcmin: float | None = None
    position_angle_deg: float | None = None
    mag: float | None = None
    """V; where there is none, B of a galaxy, Hp of a variable star, VT of a planet's host."""


def key(name: str) -> str:
    """A name as it is compared: no case, spaces, hyphens, apostrophes or leading zeros of a number."""
    return _PADDING.sub("", name.lower().translate(_SILENT))


def lookup(name: str) -> CatalogueObject | None:
    """The object of that name, or None if obsy does not know it."""
    line = _index().get(key(name))
    return None if line is None else _named(line)


def everything() -> tuple[CatalogueObject, ...]:
    """Every object of the table, in its order."""
    return tuple(_named(line) for line in _lines("names.csv"))


def near(name: str) -> tuple[str, ...]:
    """At most three names spelt much like this one, the likeliest first, one for each object."""
    from difflib import get_close_matches  # noqa: PLC0415 - only a misspelt name needs it

    index = _index()
    spelt: dict[str, str] = {}
    for match in get_close_matches(key(name), list(index), n=6, cutoff=0.7):
        spelt.setdefault(index[match], next(said for said in _names(index[match]) if key(said) == match))
    return tuple(spelt.values())[:3]


def planets(host: str) -> dict[str, Ephemeris]:
    """Return the transiting planets of a star by letter, as far as their ephemerides are good enough."""
    rows = (line.split(",") for line in _lines("planets.csv"))
    mine = sorted((row for row in rows if key(row[0]) == key(host)), key=lambda row: row[1])
    return {row[1]: Ephemeris(float(row[4]), float(row[6]), float(row[8])) for row in mine}


def _named(line: str) -> CatalogueObject:
    said, _, ra, dec, kind, *sizes = line.split(",")
    return CatalogueObject(said, float(ra), float(dec), kind, *map(_number, sizes))


def _number(cell: str) -> float | None:
    return float(cell) if cell else None


def _names(line: str) -> list[str]:
    """A table line's name, then its other names."""
    said, aliases, _ = line.split(",", 2)
    return [said, *aliases.split(";")] if aliases else [said]


def _lines(table: str) -> list[str]:
    """The rows of a table that lies beside this file, without its notes and its heading."""
    text = Path(__file__).with_name(table).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")][1:]


@cache
def _index() -> dict[str, str]:
    """Each spelling's table line; where two objects claim one spelling the earlier keeps it."""
    hosts = (line.split(",") for line in _lines("planets.csv"))
    lines = _lines("names.csv") + [f"{host},,{ra},{dec},star,,,,{vt}" for host, _, ra, dec, *_, vt, _ in hosts]
    # Done on the whole text at once: the table holds no padded numbers, and a name must not cost 5 ms.
    quiet = "\n".join(lines).lower().translate(_SILENT).split("\n")
    index: dict[str, str] = {}
    for line, still in zip(reversed(lines), reversed(quiet), strict=True):
        said, aliases, _ = still.split(",", 2)
        if aliases:
            index.update(dict.fromkeys(aliases.split(";"), line))
        index[said] = line
    return index


def resolve(plan: Plan) -> Target | None:
    """The plan's target; None if it is a name that obsy does not know."""
    match plan.target:
        case NamedTarget(name=name) as star:
            found = known(name)
            return found._replace(events={**found.events, **_events(star)}) if isinstance(found, FixedTarget) else found
        case Position() as place:
            return FixedTarget(place.ra, place.dec, _events(place))
        case body:
            return body


def _events(target: Recurring) -> dict[str, Ephemeris]:
    return {
        name: Ephemeris(each.epoch.jd, each.period, each.duration, each.epoch.scale)
        for name, each in target.recurring().items()
    }


@cache
def known(name: str) -> Target | None:
    """What obsy knows by that name: a body of the solar system, or a place with its planets; None if nothing."""
    found = lookup(name)
    if found is None:
        return Planet.model_validate({"body": name.lower()}) if name.lower() in BODIES else None
    return FixedTarget(found.ra_deg, found.dec_deg, planets(name) if found.kind == "star" else {})


BODIES: tuple[str, ...] = get_args(Planet.model_fields["body"].annotation)
"""A name among these needs no table."""
