"""What a plan points at."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, Field, Tag

from obsy.schemas.model import Model, Text
from obsy.units import AstronomicalUnits, BarycentricDate, Days, Declination, Degrees, Hours, Moment, RightAscension


class Transits(Model):
    """When a planet crosses its star."""

    epoch: BarycentricDate
    """The middle of one transit."""
    period: Days
    duration: Hours
    """From first to last contact."""


class Named(Model):
    """A name that obsy looks up in its own table, without a network."""

    name: Text


class Position(Model):
    """A fixed place on the sky, ICRS at epoch J2000."""

    ra: RightAscension
    dec: Declination
    planets: dict[str, Transits] = {}
    """Its transiting planets by letter."""


class Comet(Model):
    """A body by its perihelion: heliocentric elements, ecliptic and equinox J2000."""

    perihelion: Moment
    """When it passes its perihelion."""
    distance: AstronomicalUnits
    """Perihelion distance."""
    eccentricity: float = Field(ge=0)
    inclination: Degrees
    node: Degrees
    """Longitude of the ascending node."""
    argument: Degrees
    """Argument of perihelion."""


class Asteroid(Model):
    """A body by its mean motion: heliocentric elements, ecliptic and equinox J2000."""

    epoch: Moment
    semi_major_axis: AstronomicalUnits
    eccentricity: float = Field(ge=0, lt=1)
    inclination: Degrees
    node: Degrees
    """Longitude of the ascending node."""
    argument: Degrees
    """Argument of perihelion."""
    mean_anomaly: Degrees


class Planet(Model):
    """A body of the solar system that needs no elements."""

    body: Annotated[str, Field(pattern=r"^(moon|mercury|venus|mars|jupiter|saturn|uranus|neptune)$")]


def _spelling(value: Any) -> str:
    if isinstance(value, Model):
        return type(value).__name__.lower()
    if isinstance(value, dict):
        return next((kind for key, kind in _TELLING.items() if key in value), "position")
    return "named"


_TELLING = {"perihelion": "comet", "semi_major_axis": "asteroid", "body": "planet", "name": "named"}


def _name(value: Any) -> Any:
    return {"name": re.sub(r"\s+", " ", value)} if isinstance(value, str) else value


Target = Annotated[
    Annotated[Named, BeforeValidator(_name), Tag("named")]
    | Annotated[Position, Tag("position")]
    | Annotated[Comet, Tag("comet")]
    | Annotated[Asteroid, Tag("asteroid")]
    | Annotated[Planet, Tag("planet")],
    Discriminator(_spelling),
]
