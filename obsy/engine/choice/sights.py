"""What may be chosen from: a catalogue that comes with obsy, or a file that can be imported."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from obsy.diagnostics import did_you_mean
from obsy.engine.declare.catalogue import TABLES, CatalogueObject, deep_sky, lines, rows
from obsy.engine.declare.names import known, lookup
from obsy.engine.declare.target import Ephemeris, FixedTarget
from obsy.engine.importing.formats import reader_of
from obsy.engine.importing.given import given
from obsy.engine.importing.wish import Wish
from obsy.errors import UserError
from obsy.schemas.target import Position

FAINTEST_MAG, LEAST_SWING_MAG = 14.0, 0.3
"""A variable star is offered if it gets brighter than this, and changes by more."""


@dataclass(frozen=True, slots=True)
class Sight:
    """Something that stands still among the stars; ICRS, degrees."""

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

    @property
    def called(self) -> str:
        """Return its name, with the other one."""
        return f"{self.name} ({self.also})" if self.also not in ("", self.name) else self.name


def sights(catalogue: str) -> list[Sight]:
    """Return what a catalogue, or a file, offers. Raise UserError if there is none of that name, or nothing in it."""
    if made := CATALOGUES.get(catalogue):
        return list(made())
    if not Path(catalogue).exists():
        mend = did_you_mean(catalogue, CATALOGUES, f"choose one of {', '.join(CATALOGUES)}, or a file of targets")
        raise UserError(f"no catalogue is named '{catalogue}', and no file: {mend}")
    source = given(Path(catalogue))
    if source.refused:
        raise UserError(source.refused)
    wishes = (each for each in reader_of(source, None).read(source) if isinstance(each, Wish))
    found = [sight for each in wishes for sight in _wished(each)]
    if not found:
        raise UserError(f"'{catalogue}' names no target that stands still among the stars")
    return found


def _named(prefix: str, count: int) -> Iterator[Sight]:
    for number in range(1, count + 1):
        if found := lookup(f"{prefix} {number}"):
            yield _seen(found, f"{prefix} {number}")


def _seen(found: CatalogueObject, name: str) -> Sight:
    size = (found.major_arcmin, found.minor_arcmin or found.major_arcmin) if found.major_arcmin else None
    return Sight(name, found.ra_deg, found.dec_deg, found.kind, size, found.mag, also=found.name)


def _ngc() -> Iterator[Sight]:
    return (_seen(each, each.name) for each in deep_sky() if each.kind != "star")


def _variables() -> Iterator[Sight]:
    for line in lines("variables"):
        name, ra, dec, sort, *light = [*line.split(","), "", "", ""]
        if "=" in name or not light[0] or not light[1] or float(light[0]) > FAINTEST_MAG:
            continue
        bright, swing = float(light[0]), float(light[1]) - float(light[0])
        if swing > LEAST_SWING_MAG:
            yield Sight(name, float(ra), float(dec), f"variable star {sort}".strip(), None, bright, swing)


def _exoplanets() -> Iterator[Sight]:
    for host, letter, ra, dec, epoch, _, period, _, hours, depth, mag, *_ in rows(TABLES / "planets.csv"):
        transit = letter, Ephemeris(float(epoch), float(period), float(hours))
        light = float(mag) if mag else None
        yield Sight(host, float(ra), float(dec), "star with a planet", None, light, float(depth) / 100, transit)


def _wished(wish: Wish) -> Iterator[Sight]:
    """Yield what a file wishes for, with what obsy knows of its name."""
    found, place = lookup(wish.name), known(wish.name)
    if isinstance(wish.target, Mapping) and {"ra", "dec"} <= set(wish.target):
        where = Position.model_validate({key: wish.target[key] for key in ("ra", "dec")})
        place = FixedTarget(where.ra, where.dec)
    if isinstance(place, FixedTarget):
        seen = _seen(found, wish.name) if found else Sight(wish.name, 0.0, 0.0)
        yield Sight(wish.name, place.ra_deg, place.dec_deg, seen.kind, seen.size_arcmin, seen.mag)


CATALOGUES: Mapping[str, Callable[[], Iterator[Sight]]] = {
    "messier": lambda: _named("M", 110),
    "caldwell": lambda: _named("C", 109),
    "ngc": _ngc,
    "variables": _variables,
    "exoplanets": _exoplanets,
}
