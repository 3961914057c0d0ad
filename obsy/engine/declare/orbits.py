"""Bodies of the solar system by name: the planets and their moons, asteroids by number or name, comets."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple, get_args

from obsy.engine.declare.catalogue import TABLES, rows
from obsy.engine.declare.spelling import fold
from obsy.schemas.target import Asteroid, Comet, Planet

BODIES: tuple[str, ...] = get_args(Planet.model_fields["body"].annotation)
"""A name among these needs no table."""
MOONS = {
    "phobos": ("mars", 0.4), "deimos": ("mars", 1.0),
    "io": ("jupiter", 2.3), "europa": ("jupiter", 3.7), "ganymede": ("jupiter", 5.9), "callisto": ("jupiter", 10.3),
    "mimas": ("saturn", 0.5), "enceladus": ("saturn", 0.6), "tethys": ("saturn", 0.8), "dione": ("saturn", 1.0),
    "rhea": ("saturn", 1.4), "titan": ("saturn", 3.3), "hyperion": ("saturn", 4.0), "iapetus": ("saturn", 9.6),
    "ariel": ("uranus", 0.2), "umbriel": ("uranus", 0.3), "titania": ("uranus", 0.5), "oberon": ("uranus", 0.7),
    "triton": ("neptune", 0.3),
}  # fmt: skip
"""The planet of each moon, and how far from it the moon is at most at a mean opposition, arcmin.

Source: Astronomical Almanac, section F, orbital data of the satellites.
"""
SOURCES = {
    "asteroids": "JPL's Small-Body Database of 2022-08, carried to the epoch by the planets' pull",
    "comets": "Minor Planet Center, carried to the epoch by the planets' pull",
}

OLD_COMET_DAYS, OLD_DAYS = 400, 5 * 365
"""Elements that hold at a date further away are told of; a comet is pushed by its own jets too, and observed anew."""
TLE_DAYS = 14
"""Two lines that are older lead astray: drag alone may shift a pass by minutes."""
_COMET = r"(.+?) \((.+)\)|(\d+[A-Z](?:-\w+)?)/(.+)"
"""C/2023 A3 (Tsuchinshan-ATLAS), or 161P/Hartley-IRAS."""


class OrbitingBody(NamedTuple):
    """A comet or an asteroid of a table."""

    name: str
    """As catalogues have it: 1 Ceres, 161P/Hartley-IRAS."""
    elements: Asteroid | Comet
    epoch: str
    """The date, TT, at which the elements hold."""
    magnitude: tuple[float, float]
    """H and G of an asteroid, M1 and K1 (times log r) of a comet."""
    source: str


def oldest_days(elements: Asteroid | Comet) -> int:
    """Return how far from their epoch elements are still good. Source: docs/decisions/0023."""
    return OLD_DAYS if isinstance(elements, Asteroid) else OLD_COMET_DAYS


def old(epoch: str, days: int, elements: Asteroid | Comet) -> str | None:
    """Return how good elements are so many days from their epoch; None if good."""
    far = f"{days // 365} years" if days >= 2 * 365 else f"{days} days"
    missed = "what was observed since" if isinstance(elements, Asteroid) else "what its jets did and was observed since"
    return f"elements of {epoch} are {far} off, and miss {missed}" if days > oldest_days(elements) else None


def body(name: str) -> Planet | None:
    """Return the planet of that name, or the one whose moon has that name; None if there is none."""
    said = name.strip().lower()
    known = said if said in BODIES else MOONS.get(said, ("", 0.0))[0]
    return Planet.model_validate({"body": known}) if known else None


def orbit(name: str) -> OrbitingBody | None:
    """Return what the tables have of a comet or an asteroid; None if nothing.

    An asteroid goes by its number, its name or both; a comet by its designation, with its discoverers or without, or by
    their names alone, if they have no other.
    """
    line = _index().get(_key(name))
    if line is None:
        return None
    table, cells = line
    return _asteroid(cells) if table == "asteroids" else _comet(cells)


def bodies(table: str) -> Iterator[OrbitingBody]:
    """Yield all of a table: 'asteroids' or 'comets'."""
    made = _asteroid if table == "asteroids" else _comet
    yield from (made(cells) for cells in rows(TABLES / f"{table}.csv"))


def epoch(table: str) -> str:
    """Return the date, TT, of a table's elements."""
    with (TABLES / f"{table}.csv").open(encoding="utf-8") as file:
        found = re.search(r"\d{4}-\d\d-\d\d", file.readline())
    return found[0] if found else ""


def named() -> dict[str, tuple[str, str]]:
    """Return how each key of the tables' bodies is spelt, and a mark of the body that it means."""
    full = {
        key: cells[0] if table == "comets" else f"{cells[0]} {cells[1]}" for key, (table, cells) in _index().items()
    }
    return {key: (name, name) for key, name in full.items()}


def _key(name: str) -> str:
    return fold(re.sub(r"^\s*(comet|asteroid)\s+", "", name.lower()).replace("(", "").replace(")", "")).replace("/", "")


@cache
def _index() -> dict[str, tuple[str, list[str]]]:
    found: dict[str, tuple[str, list[str]]] = {}
    discoverers: dict[str, list[list[str]]] = {}
    for cells in rows(TABLES / "comets.csv"):
        parts = re.fullmatch(_COMET, cells[0])
        designation, who = (parts[1] or parts[3], parts[2] or parts[4]) if parts else (cells[0], "")
        for spelt in (cells[0], designation):
            found.setdefault(_key(spelt), ("comets", cells))
        discoverers.setdefault(_key(who), []).append(cells)
    for cells in rows(TABLES / "asteroids.csv"):
        for spelt in (f"{cells[0]} {cells[1]}", cells[1]):
            found.setdefault(_key(spelt), ("asteroids", cells))
    for who, comets in discoverers.items():
        if who and len(comets) == 1:
            found.setdefault(who, ("comets", comets[0]))
    return found


def _asteroid(cells: list[str]) -> OrbitingBody:
    number, name, h, a, e, *angles = cells
    at = epoch("asteroids")
    inclination, node, argument, anomaly = (f"{each} deg" for each in angles)
    elements = Asteroid.model_validate(
        {"epoch": f"{at} TT", "semi_major_axis": f"{a} au", "eccentricity": float(e), "inclination": inclination}
        | {"node": node, "argument": argument, "mean_anomaly": anomaly}
    )
    return OrbitingBody(f"{number} {name}", elements, at, (float(h), 0.15), "asteroids")


def _comet(cells: list[str]) -> OrbitingBody:
    name, m1, k1, perihelion, q, e, *angles = cells
    at = epoch("comets")
    inclination, node, argument = (f"{each} deg" for each in angles)
    elements = Comet.model_validate(
        {"perihelion": f"{perihelion} TT", "distance": f"{q} au", "eccentricity": float(e), "inclination": inclination}
        | {"node": node, "argument": argument, "epoch": f"{at} TT"}
    )
    return OrbitingBody(name, elements, at, (float(m1), float(k1)), "comets")
