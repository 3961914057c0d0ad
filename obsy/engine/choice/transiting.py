"""Planets that cross their stars, and those that come with obsy."""

from typing import NamedTuple

from obsy.engine.declare.catalogue import TABLES, rows
from obsy.engine.declare.target import Ephemeris


class TransitingPlanet(NamedTuple):
    """A planet, and its star."""

    host: str
    letter: str
    ra_deg: float
    dec_deg: float
    ephemeris: Ephemeris
    depth: float | None
    """The share of the star's light that it hides; None where nobody says."""
    mag: float | None
    """Of the star: V, or what its table has instead."""
    own: bool = False
    """Whether it is of a person's table, not of obsy's."""

    @property
    def name(self) -> str:
        """Return what people call it."""
        return f"{self.host} {self.letter}"


class PlanetTable(NamedTuple):
    """What a table offers."""

    planets: list[TransitingPlanet]
    left: list[str]
    """What else it names, with its line, and why it is not offered."""


def packaged() -> PlanetTable:
    """Return the planets that come with obsy."""
    return PlanetTable([_packaged(row) for row in rows(TABLES / "planets.csv")], [])


def _packaged(row: list[str]) -> TransitingPlanet:
    host, letter, *cells = row
    ra, dec, epoch, epoch_error, period, period_error, hours, percent = map(float, cells[:8])
    ephemeris = Ephemeris(epoch, period, hours, "BJD_TDB", epoch_error, period_error)
    return TransitingPlanet(host, letter, ra, dec, ephemeris, percent / 100, float(cells[8]) if cells[8] else None)
