"""The planets that an observatory declares itself: in its catalogues, and in the targets of its plans."""

from collections.abc import Iterator, Sequence

from obsy.engine.declare.declared import Declared
from obsy.engine.declare.names import called, lookup, meant, resolve
from obsy.engine.declare.spelling import key
from obsy.engine.declare.star_names import planet_name, table_star
from obsy.engine.declare.target import FixedTarget, Target
from obsy.engine.importing.transiting_planet import PlanetTable, TransitingPlanet
from obsy.schemas.catalogue import Catalogue
from obsy.schemas.plan import Plan
from obsy.schemas.recurring import Recurring
from obsy.schemas.target import Position


def with_declared(table: PlanetTable, declared: Declared) -> PlanetTable:
    """Return a table with the planets that are declared beside it; of one that both know the declared times count.

    The first that declares it counts: catalogues before plans, as they are read.
    """
    own: dict[str, TransitingPlanet] = {}
    for each in (*_of_catalogues(declared), *_of_plans(declared)):
        own.setdefault(key(each.name), each)
    mine = [_as_known(own.pop(key(each.name), each), each) for each in table.planets]
    return table._replace(planets=[*mine, *own.values()])


def _as_known(own: TransitingPlanet, known: TransitingPlanet) -> TransitingPlanet:
    """Return what is declared, with the depth and the brightness of a table."""
    return own._replace(host=known.host, depth=known.depth, mag=own.mag if known.mag is None else known.mag)


def _of_catalogues(declared: Declared) -> Iterator[TransitingPlanet]:
    for entry in declared.of(Catalogue):
        for name, each in entry.document.targets.items():
            letters = tuple(each.target.planets) if isinstance(each.target, Recurring) else ()
            star = lookup(name)
            mag = star.mag if star and star.kind == "star" else None
            yield from _planets(name, meant(each.target), letters, mag, own=False)


def _of_plans(declared: Declared) -> Iterator[TransitingPlanet]:
    for plan in (each.document for each in declared.of(Plan)):
        letters: Sequence[str] = tuple(plan.target.planets) if isinstance(plan.target, Recurring) else ()
        star = table_star(plan) if letters else None
        for letter in letters:
            host = planet_name(plan, letter).removesuffix(f" {letter}")
            is_place = isinstance(plan.target, Position) and called(plan) == plan.name
            yield from _planets(host, resolve(plan), [letter], star and star.mag, own=is_place)


def _planets(
    host: str, target: Target | None, letters: Sequence[str], mag: float | None, *, own: bool
) -> Iterator[TransitingPlanet]:
    """own: whether a plan must write its place, for no name leads to it."""
    for letter in letters if isinstance(target, FixedTarget) else ():
        assert isinstance(target, FixedTarget)  # noqa: S101 - for the checker
        yield TransitingPlanet(host, letter, target.ra_deg, target.dec_deg, target.events[letter], None, mag, own)
