"""What may be chosen from: the catalogues that come with obsy."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from obsy.diagnostics import did_you_mean
from obsy.engine.declare.catalogue import TABLES, CatalogueObject, deep_sky, lines, rows
from obsy.engine.declare.names import lookup
from obsy.engine.declare.orbits import bodies
from obsy.engine.declare.target import Ephemeris
from obsy.errors import UserError
from obsy.schemas.target import Asteroid, Comet, PlanetName

OVER = re.compile(r"(N[ABC]*|SN.*)([:+]|$)")
"""Of the GCVS's types those of stars that have flared up once: novae, but no recurrent ones, and supernovae."""
FAINTEST_MAG, LEAST_SWING_MAG = 14.0, 0.3
"""A variable star is offered if it gets brighter than this, and changes by more."""


@dataclass(frozen=True, slots=True)
class Sight:
    """Something that stands still among the stars, or hardly moves among them in a night; ICRS, degrees."""

    name: str
    ra_deg: float
    dec_deg: float
    kind: str = "target"
    size_arcmin: tuple[float, float] | None = None
    mag: float | None = None
    swing_mag: float | None = None
    """How much a variable star changes."""
    transit: tuple[str, Ephemeris] | None = None
    """Of a star with a planet: its letter, and when it passes."""
    also: str = ""
    """Another name of it."""
    body: str = ""
    """Of a planet, as a plan says it: where it stands is worked out for each night."""
    elements: Asteroid | Comet | None = None
    """Of an asteroid or a comet, likewise."""
    absolute: tuple[float, float] | None = None
    """Its H and G, or M1 and K1; None if nobody says."""

    @property
    def called(self) -> str:
        """Return its name, with the other one."""
        return f"{self.name} ({self.also})" if self.also not in ("", self.name) else self.name


def sights(catalogue: str) -> list[Sight]:
    """Return what a catalogue offers. Raise UserError if there is none of that name."""
    if made := CATALOGUES.get(catalogue):
        return list(made())
    mend = did_you_mean(catalogue, CATALOGUES, f"choose one of {', '.join(CATALOGUES)}, or a file of targets")
    raise UserError(f"no catalogue is named '{catalogue}', and no file: {mend}")


def seen(found: CatalogueObject, name: str) -> Sight:
    """Return what the tables say of an object, by the name that it was asked for."""
    size = (found.major_arcmin, found.minor_arcmin or found.major_arcmin) if found.major_arcmin else None
    return Sight(name, found.ra_deg, found.dec_deg, found.kind, size, found.mag, also=found.name)


def _named(prefix: str, count: int) -> Iterator[Sight]:
    for number in range(1, count + 1):
        if found := lookup(f"{prefix} {number}"):
            yield seen(found, f"{prefix} {number}")


def _ngc() -> Iterator[Sight]:
    return (seen(each, each.name) for each in deep_sky() if each.kind != "star")


def _variables() -> Iterator[Sight]:
    for line in lines("variables"):
        name, ra, dec, sort, *light = [*line.split(","), "", "", ""]
        if "=" in name or not light[0] or not light[1] or float(light[0]) > FAINTEST_MAG:
            continue
        if OVER.match(sort):
            continue
        bright, swing = float(light[0]), float(light[1]) - float(light[0])
        if swing > LEAST_SWING_MAG:
            yield Sight(name, float(ra), float(dec), f"variable star {sort}".strip(), None, bright, swing)


def _exoplanets() -> Iterator[Sight]:
    for host, letter, ra, dec, epoch, _, period, _, hours, depth, mag, *_ in rows(TABLES / "planets.csv"):
        transit = letter, Ephemeris(float(epoch), float(period), float(hours))
        light = float(mag) if mag else None
        yield Sight(host, float(ra), float(dec), "star with a planet", None, light, float(depth) / 100, transit)


def _planets() -> Iterator[Sight]:
    return (Sight(each.title(), 0.0, 0.0, "planet", body=each) for each in get_args(PlanetName) if each != "moon")


def _orbiting(table: str) -> Iterator[Sight]:
    kind = table.removesuffix("s")
    return (Sight(b.name, 0.0, 0.0, kind, elements=b.elements, absolute=b.magnitude) for b in bodies(table))


CATALOGUES: Mapping[str, Callable[[], Iterator[Sight]]] = {
    "messier": lambda: _named("M", 110),
    "caldwell": lambda: _named("C", 109),
    "ngc": _ngc,
    "variables": _variables,
    "exoplanets": _exoplanets,
    "planets": _planets,
    "asteroids": lambda: _orbiting("asteroids"),
    "comets": lambda: _orbiting("comets"),
}
