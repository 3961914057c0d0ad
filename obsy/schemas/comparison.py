"""The stars around a target whose magnitudes are known, so that a night measures its own against them."""

from math import cos, hypot, radians
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field, PlainValidator, WithJsonSchema, model_validator

from obsy.diagnostics import did_you_mean, unfit
from obsy.schemas.model import Document, Model, Text
from obsy.schemas.with_error import ERROR, form_schema, with_error
from obsy.units import Declination, RightAscension

_MAGNITUDE = rf"\s*([+-]?\d{{1,2}}(?:\.\d+)?)\s*(?:{ERROR})?mag\s*"
BRIGHTEST, FAINTEST = -10.0, 25.0
"""Of what the AAVSO takes."""
LARGEST_ERROR = 0.5
"""A magnitude that is known no better is none to compare with."""
APART_ARCSEC = 5.0
"""Nearer to each other two stars are one, or each has some of the other's light."""
BANDS = ("U", "B", "V", "R", "I", "J", "H", "K", "SU", "SG", "SR", "SI", "SZ")
"""In which catalogues say magnitudes, by the AAVSO's names: R and I are Cousins'."""
Band = Literal["U", "B", "V", "R", "I", "J", "H", "K", "SU", "SG", "SR", "SI", "SZ"]


class KnownMagnitude(NamedTuple):
    """A magnitude of a catalogue."""

    value: float
    error: float | None = None
    """One standard deviation; None where the catalogue says none."""


def _magnitude(value: object) -> KnownMagnitude:
    said = with_error(_MAGNITUDE, value)
    if said is None:
        expected, mend = "a magnitude, with its error where one is known", "write '11.345 +- 0.021 mag' or '11.3 mag'"
        raise unfit("not-understood", expected=expected, mend=mend)
    if not BRIGHTEST <= said.value <= FAINTEST:
        expected = f"a magnitude from {BRIGHTEST:g} to {FAINTEST:g} mag"
        raise unfit("out-of-range", expected=expected, mend="write for example '11.3 mag'")
    if said.error is not None and said.error > LARGEST_ERROR:
        mend = "write the magnitude without an error where none is known, or leave the star out"
        raise unfit("out-of-range", expected=f"an error of at most {LARGEST_ERROR:g} mag", mend=mend)
    return KnownMagnitude(*said)


_SAID = form_schema(_MAGNITUDE, "a magnitude, with its error where one is known", "11.345 +- 0.021 mag")
Magnitude = Annotated[KnownMagnitude, PlainValidator(_magnitude), WithJsonSchema(_SAID)]


class ComparisonStar(Model):
    """A star whose magnitudes are known, and which does not vary."""

    name: Text
    """Its AUID, such as 000-BCP-220, or what else a report calls it."""
    ra: RightAscension
    """Right ascension, ICRS."""
    dec: Declination
    """Declination, ICRS."""
    magnitudes: Annotated[dict[Band, Magnitude], Field(min_length=1)]
    """How bright it is, by the AAVSO's name of the band: `{V: 11.345 +- 0.021 mag}`."""
    label: Text | None = None
    """What charts call it: 113."""


class ComparisonTable(Document):
    """The stars around a target whose magnitudes are known: those of a chart of the AAVSO, or one's own."""

    kind: Literal["comparison"]
    of: Text
    """Whose neighbours they are, as the AAVSO calls it: SS Cyg."""
    chart: Text
    """What a report says of where they come from: a chart's name, X16382L, or of one's own 'K APASS DR10'."""
    check: Text
    """The name of the star that is measured like the target and never compared with: it tells whether all is well."""
    stars: Annotated[tuple[ComparisonStar, ...], Field(min_length=1)]
    """Those that may be compared with, and the check star."""
    source: Text = "declared"
    """Who says so, and when: AAVSO VSP, 2026-11-28."""

    @model_validator(mode="after")
    def _check_is_one_of_them(self) -> Self:
        names = [star.name for star in self.stars]
        if len(names) == 1:
            expected, mend = (
                "at least two stars, one of them to check by",
                "add one, or import the chart of a wider field",
            )
            raise unfit("too-few", at=("stars",), expected=expected, mend=mend)
        if self.check not in names:
            mend = did_you_mean(self.check, names, f"choose one of {', '.join(names)}")
            raise unfit("unknown-word", at=("check",), found=f"'{self.check}'", expected="one of its stars", mend=mend)
        for number, name in enumerate(names):
            if name in names[:number]:
                raise unfit("name-twice", at=("stars", number, "name"), expected="each star once", mend="remove one")
        return self

    @model_validator(mode="after")
    def _check_is_no_other_star(self) -> Self:
        check = next((star for star in self.stars if star.name == self.check), None)
        for number, star in enumerate(self.stars):
            if check is None or star.name == check.name or _apart_arcsec(check, star) > APART_ARCSEC:
                continue
            expected = f"no star within {APART_ARCSEC:g} arcsec of the check star {check.name}: it would check itself"
            mend = "remove one of the two, or name another star by 'check'"
            raise unfit("said-twice", at=("stars", number), found=f"'{star.name}'", expected=expected, mend=mend)
        return self

    @property
    def check_star(self) -> ComparisonStar:
        """The star that is never compared with."""
        return next(star for star in self.stars if star.name == self.check)


def _apart_arcsec(one: ComparisonStar, other: ComparisonStar) -> float:
    """How far apart two stars are that are near each other: on a plane."""
    east_deg = (one.ra - other.ra + 180) % 360 - 180
    return hypot(east_deg * cos(radians(one.dec)), one.dec - other.dec) * 3600


def spelt_magnitude(value: float, error: float | None = None) -> str:
    """Return a magnitude as this language writes it."""
    return f"{value:.3f} mag" if error is None else f"{value:.3f} +- {error:.3f} mag"
