"""What a plan points at."""

import re
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Discriminator, Field, Tag

from obsy.diagnostics import did_you_mean, unfit
from obsy.schemas.model import Model, Number, Text
from obsy.schemas.recurring import Recurring
from obsy.units import AstronomicalUnits, Declination, Degrees, Moment, RightAscension


class NamedTarget(Recurring):
    """A name that obsy looks up in its own table, without a network."""

    name: Text
    """As catalogues spell it: M31, NGC 7000, HAT-P-32."""


class Position(Recurring):
    """A fixed place on the sky, ICRS at epoch J2000."""

    ra: RightAscension
    """Right ascension."""
    dec: Declination
    """Declination."""


class Comet(Model):
    """A body by its perihelion: heliocentric elements, ecliptic and equinox J2000."""

    perihelion: Moment
    """When it passes its perihelion; elements are published in TT, so write '2026-11-03.25 TT'."""
    distance: AstronomicalUnits
    """Perihelion distance."""
    eccentricity: Annotated[Number, Field(ge=0)]
    """Below 1 it comes again."""
    inclination: Degrees
    """Of its orbit to the ecliptic."""
    node: Degrees
    """Longitude of the ascending node."""
    argument: Degrees
    """Argument of perihelion."""


class Asteroid(Model):
    """A body by its mean anomaly: heliocentric elements, ecliptic and equinox J2000."""

    epoch: Moment
    """When the elements hold; they are published in TT, so write '2026-11-21 TT'."""
    semi_major_axis: AstronomicalUnits
    """Half the long axis of its orbit."""
    eccentricity: Annotated[Number, Field(ge=0, lt=1)]
    """0 is a circle."""
    inclination: Degrees
    """Of its orbit to the ecliptic."""
    node: Degrees
    """Longitude of the ascending node."""
    argument: Degrees
    """Argument of perihelion."""
    mean_anomaly: Degrees
    """At the epoch."""


PlanetName = Literal["moon", "mercury", "venus", "mars", "jupiter", "saturn", "uranus", "neptune"]


def _needs_no_elements(value: object) -> object:
    known = get_args(PlanetName)
    if not isinstance(value, str) or value in known:
        return value
    if value.strip().lower() == "sun":
        raise unfit("unknown-word", expected=f"one of {', '.join(known)}", mend="choose another: obsy points at no Sun")
    elements = f"write the elements of '{value}' in its place, as docs/language.md shows for comets and asteroids"
    raise unfit("unknown-word", expected=f"one of {', '.join(known)}", mend=did_you_mean(value, known, elements))


class Planet(Model):
    """A body of the solar system that needs no elements."""

    body: Annotated[PlanetName, BeforeValidator(_needs_no_elements)]
    """Which."""


_TELLING = {"perihelion": "comet", "semi_major_axis": "asteroid", "mean_anomaly": "asteroid", "body": "planet"}


def _spelling(value: Any) -> str:
    """Which sort of target this is, by the key that only that sort has."""
    if isinstance(value, Model):
        return type(value).__name__.lower()
    if isinstance(value, dict):
        return next((sort for key, sort in (_TELLING | {"name": "named"}).items() if key in value), "position")
    return "named"


def _name(value: Any) -> Any:
    return {"name": re.sub(r"\s+", " ", value)} if isinstance(value, str) else value


Target = Annotated[
    Annotated[NamedTarget, BeforeValidator(_name, json_schema_input_type=str | NamedTarget), Tag("named")]
    | Annotated[Position, Tag("position")]
    | Annotated[Comet, Tag("comet")]
    | Annotated[Asteroid, Tag("asteroid")]
    | Annotated[Planet, Tag("planet")],
    Discriminator(_spelling),
]
