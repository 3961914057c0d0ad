"""What a plan points at."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar, Literal, Self, TypeGuard, get_args

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, model_validator

from obsy.diagnostics import did_you_mean, unfit
from obsy.moments import Moment
from obsy.schemas.model import Model, Number, Text
from obsy.schemas.motion import J2000, StarMotion, Year
from obsy.schemas.recurring import Recurring
from obsy.units import (
    ANGLE,
    AltitudeDegrees,
    AstronomicalUnits,
    Azimuth,
    Before,
    Declination,
    Degrees,
    Parallax,
    Quantity,
    RightAscension,
)


class NamedTarget(Recurring):
    """A name that obsy looks up in its own table, without a network."""

    name: Text
    """As catalogues spell it: M31, NGC 7000, HAT-P-32."""


class Position(Recurring):
    """A place among the stars, ICRS; unsaid, it stays there for ever."""

    ra: RightAscension
    """Right ascension."""
    dec: Declination
    """Declination."""
    motion: StarMotion | None = None
    """How far it moves in a year."""
    parallax: Parallax = 0.0
    """How far the Earth's way round the Sun moves it to and fro."""
    epoch: Year = J2000
    """When it stood at this place, if it moves: J2000.0 unsaid."""

    @model_validator(mode="after")
    def _epoch_is_of_a_motion(self) -> Self:
        if self.motion is None and self.epoch != J2000:
            expected = "an epoch only of what moves: places are ICRS, whatever the year"
            mend = "write its 'motion' of the same catalogue, or remove 'epoch'"
            raise unfit("no-effect", at=("epoch",), expected=expected, mend=mend)
        return self


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
    epoch: Moment | None = None
    """When the elements hold, in TT; unsaid, the comet is followed without the pull of the planets."""


def _of_an_ellipse(value: float) -> float:
    if value >= 1:
        mend = "a body that does not come again goes by its perihelion: write 'perihelion' and 'distance'"
        raise unfit("out-of-range", expected="less than 1", mend=mend)
    return value


class Asteroid(Model):
    """A body by its mean anomaly: heliocentric elements, ecliptic and equinox J2000."""

    epoch: Moment
    """When the elements hold; they are published in TT, so write '2026-11-21 TT'."""
    semi_major_axis: AstronomicalUnits
    """Half the long axis of its orbit."""
    eccentricity: Annotated[
        Number, Field(ge=0, json_schema_extra={"exclusiveMaximum": 1}), AfterValidator(_of_an_ellipse)
    ]
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

    body: Annotated[PlanetName, Before(_needs_no_elements)]
    """Which."""


Offset = Annotated[float, Quantity("an angle on the sky", ANGLE, "10 arcmin", -10.0, 10.0)]


class Beside(Model):
    """A place beside something that has a name."""

    of: Text
    """As catalogues spell it: a star, or what else stands still among the stars."""
    east: Offset = 0.0
    """How far to the east of it, on the sky."""
    north: Offset = 0.0
    """How far to the north of it."""


_CALLED = {"alt": "altitude", "elevation": "altitude", "az": "azimuth"}
"""What others call the keys of a place over the ground."""


class OverGround(Model):
    """A fixed place over the ground, where the stars pass."""

    altitude: AltitudeDegrees
    """Above the horizon."""
    azimuth: Azimuth
    """From north through east."""

    @model_validator(mode="before")
    @classmethod
    def _is_called_so(cls, value: Any) -> Any:
        meant = {key: name for key, name in _CALLED.items() if isinstance(value, dict) and key in value}
        if meant:
            found, said = (" and ".join(f"'{each}'" for each in words) for words in (meant, meant.values()))
            expected, mend = "altitude, azimuth", f"did you mean {said}?"
            raise unfit("unknown-key", at=(next(iter(meant)),), found=found, expected=expected, mend=mend)
        return value


FIRST_SATELLITE = 57
"""Years of two digits begin with that of Sputnik."""
COLUMNS = 69
"""Of a line of elements; the last holds the sum of the others, in which a minus counts one."""


def _checked(line: str) -> str:
    """Return a line of a TLE. Raise what `unfit` makes if it is cut, or was copied with a mistake."""
    total = sum(int(each) if each.isdigit() else each == "-" for each in line[:-1])
    if len(line) != COLUMNS or line[-1] != str(total % 10):
        found = (
            "a line whose last digit is not its sum" if len(line) == COLUMNS else f"a line of {len(line)} characters"
        )
        mend = "copy the line again, with all its blanks, between quotes"
        raise unfit("not-a-quantity", found=found, expected="a line of 69 characters that ends in its sum", mend=mend)
    return line


def _both(value: object) -> object:
    """Return what may be the two lines. Raise what `unfit` makes of a text, and of lines with their name."""
    if isinstance(value, str):
        mend = "write the two lines as a list, without the name: one '- ' before each, and quotes around it"
        raise unfit("not-a-list", found="a text", expected="a list of the two lines", mend=mend)
    names = [n for n, each in enumerate(value) if not str(each).startswith(("1 ", "2 "))] if _is_three(value) else []
    if len(names) == 1:
        raise unfit("one-too-many", at=(names[0],), expected="the two lines alone", mend="remove it: it is their name")
    return value


def _is_three(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, list | tuple) and len(value) == 3  # noqa: PLR2004 - a name and two lines


class Satellite(Model):
    """What circles the Earth, by its two-line elements."""

    tle: Annotated[
        tuple[Annotated[str, AfterValidator(_checked)], Annotated[str, AfterValidator(_checked)]], Before(_both)
    ]
    """Both lines."""

    @model_validator(mode="after")
    def _is_an_orbit(self) -> Self:
        first, second = self.tle
        try:
            turns = float(second[52:63])
            is_one = (first[:2], second[:2], first[2:7]) == ("1 ", "2 ", second[2:7]) and isinstance(self.epoch, date)
        except ValueError:
            turns, is_one = 0.0, False
        if not (is_one and turns > 0):
            found = "a mean motion of 0" if is_one else "lines that are not the first and the second of one satellite"
            expected, mend = "both lines of one satellite that circles the Earth", "copy the two lines again, in order"
            raise unfit("not-a-quantity", found=found, expected=expected, mend=mend)
        return self

    @property
    def epoch(self) -> date:
        """The day, UTC, at which the elements hold. Raise ValueError if the first line says none."""
        years, days = int(self.tle[0][18:20]), float(self.tle[0][20:32])
        return date(years + (1900 if years >= FIRST_SATELLITE else 2000), 1, 1) + timedelta(days=int(days) - 1)


_TELLING = {"of": "beside", "tle": "satellite", "altitude": "over-ground", "azimuth": "over-ground"}
_TELLING |= dict.fromkeys(_CALLED, "over-ground")
_TELLING |= {"perihelion": "comet", "semi_major_axis": "asteroid", "mean_anomaly": "asteroid", "body": "planet"}


def _spelling(value: Any) -> str:
    """Which sort of target this is, by the key that only that sort has."""
    if isinstance(value, Model):
        return "over-ground" if isinstance(value, OverGround) else type(value).__name__.lower()
    if isinstance(value, dict):
        return next(
            (sort for key, sort in (_TELLING | {"name": "named", "object": "named"}).items() if key in value),
            "position",
        )
    return "named"


OF_A_PLACE = "motion", "parallax", "epoch"
"""What only a place says of itself."""


def _name(value: Any) -> Any:
    if isinstance(value, list):
        expected, mend = "one target", "write 'targets:' before the list, or one target without brackets"
        raise unfit("not-text", expected=expected, mend=mend)
    if isinstance(value, int | float):
        expected = "a name, a position, elements, or a body of the solar system"
        raise unfit("not-text", expected=expected, mend=f"write its whole name, such as 'M {value}'")
    if isinstance(value, dict) and {"name", "ra", "dec"} <= value.keys():
        found, mend = "'name' beside 'ra' and 'dec'", "take 'name' away, or put it into a 'kind: catalogue'"
        raise unfit("never-both", at=("name",), found=found, expected="a known name, or a place", mend=mend)
    if isinstance(value, dict) and "name" in value and (own := [key for key in OF_A_PLACE if key in value]):
        words = " and ".join(f"'{key}'" for key in own)
        expected = "a known name, whose motion obsy's table has, or a place with its own"
        mend = f"take {words} away, or write 'ra' and 'dec' in the place of 'name'"
        raise unfit("never-both", at=(own[0],), found=f"{words} beside 'name'", expected=expected, mend=mend)
    return {"name": re.sub(r"\s+", " ", value)} if isinstance(value, str) else value


class TargetTable(Model):
    """A survey's targets, a line each."""

    is_reserved: ClassVar[bool] = True
    table: Text
    """A file of comma-separated columns: `name`, `ra` and `dec`, with their units."""


Target = Annotated[
    Annotated[NamedTarget, BeforeValidator(_name, json_schema_input_type=str | NamedTarget), Tag("named")]
    | Annotated[Position, Tag("position")]
    | Annotated[Comet, Tag("comet")]
    | Annotated[Asteroid, Tag("asteroid")]
    | Annotated[Planet, Tag("planet")]
    | Annotated[Beside, Tag("beside")]
    | Annotated[OverGround, Tag("over-ground")]
    | Annotated[Satellite, Tag("satellite")],
    Discriminator(_spelling),
]


def short(target: Any) -> str:
    """Return what a target adds to its plan's name, however it is spelt, such as 'ngc891'; '' if it has no name."""
    match target:
        case NamedTarget(name=said) | Planet(body=said):
            return re.sub(r"[^a-z0-9]+", "", said.lower())
        case Beside(of=of, east=east, north=north):
            sides = f"{'e' if east >= 0 else 'w'}{abs(60 * east):.0f}-{'n' if north >= 0 else 's'}{abs(60 * north):.0f}"
            return f"{re.sub(r'[^a-z0-9]+', '', of.lower())}-{sides}"
        case Position(ra=ra, dec=dec):
            (hours, minutes), (degrees, arcmin) = divmod(int(ra * 4), 60), divmod(int(abs(dec) * 60), 60)
            return f"j{hours:02}{minutes:02}{'s' if dec < 0 else 'n'}{degrees:02}{arcmin:02}"
        case _:
            return ""
