"""The planets that an observatory declares itself: in its catalogues, and in the targets of its plans."""

from obsy.engine.declare.declared import Declared
from obsy.engine.declare.planets import DeclaredPlanet, declared_planets
from obsy.engine.declare.spelling import key
from obsy.engine.importing.transiting_planet import PlanetTable, TransitingPlanet


def with_declared(table: PlanetTable, declared: Declared) -> PlanetTable:
    """Return a table with the planets that are declared beside it; of one that both know the declared times count.

    The first that declares it counts: catalogues before plans, as they are read.
    """
    own: dict[str, TransitingPlanet] = {}
    for each in map(_transiting, declared_planets(declared)):
        own.setdefault(key(each.name), each)
    mine = [_as_known(own.pop(key(each.name), each), each) for each in table.planets]
    return table._replace(planets=[*mine, *own.values()])


def _as_known(own: TransitingPlanet, known: TransitingPlanet) -> TransitingPlanet:
    """Return what is declared, with the depth and the brightness of a table."""
    return own._replace(host=known.host, depth=known.depth, mag=own.mag if known.mag is None else known.mag)


def _transiting(each: DeclaredPlanet) -> TransitingPlanet:
    place = (each.target.ra_deg, each.target.dec_deg)
    return TransitingPlanet(
        each.host, each.letter, *place, each.target.events[each.letter], None, each.mag, each.is_place
    )
