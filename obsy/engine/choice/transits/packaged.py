"""The planets that come with obsy."""

from obsy.engine.declare.catalogue import TABLES, rows
from obsy.engine.declare.target import Ephemeris
from obsy.engine.importing.transiting_planet import PlanetTable, TransitingPlanet


def packaged() -> PlanetTable:
    """Return the planets that come with obsy."""
    return PlanetTable([_packaged(row) for row in rows(TABLES / "planets.csv")], [])


def _packaged(row: list[str]) -> TransitingPlanet:
    host, letter, *cells = row
    ra, dec, epoch, epoch_error, period, period_error, hours, percent = map(float, cells[:8])
    ephemeris = Ephemeris(epoch, period, hours, "BJD_TDB", epoch_error, period_error)
    return TransitingPlanet(host, letter, ra, dec, ephemeris, percent / 100, float(cells[8]) if cells[8] else None)
