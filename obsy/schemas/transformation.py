"""How far a train's own colours are from the standard ones, as a night of a standard field told."""

import re
from datetime import date, timedelta
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field, PlainValidator, WithJsonSchema, model_validator

from obsy.diagnostics import unfit
from obsy.moments import Day
from obsy.schemas.comparison import Magnitude
from obsy.schemas.model import Document, Text, Whole
from obsy.schemas.with_error import ERROR, form_schema, with_error

_COEFFICIENT = rf"\s*([+-]?\d(?:\.\d+)?)\s*{ERROR}"
ORDER = "UBVRI"
"""The bands that coefficients join, from blue to red: R and I are Cousins'."""
NAME = re.compile(r"T(?:([ubvri])_)?([ubvri])([ubvri])\Z")
LASTS = timedelta(days=366)
"""How long coefficients hold where nothing is said: the AAVSO asks for new ones each year."""


class CoefficientValue(NamedTuple):
    """A coefficient, and one standard deviation."""

    value: float
    error: float


def _coefficient(value: object) -> CoefficientValue:
    said = with_error(_COEFFICIENT, value)
    if said is None or said.error is None:
        raise unfit("not-understood", expected="a coefficient with its error", mend="write '-0.052 +- 0.004'")
    return CoefficientValue(said.value, said.error)


_SAID = form_schema(_COEFFICIENT, "a coefficient with its error", "-0.052 +- 0.004")
Coefficient = Annotated[CoefficientValue, PlainValidator(_coefficient), WithJsonSchema(_SAID)]


class Transformation(Document):
    """Transformation coefficients of a train: what its magnitudes lack to be those of the standard system."""

    kind: Literal["transformation"]
    train: Text
    """Whose they are."""
    night: Day
    """The evening on which the standard field was taken."""
    since: Day | None = None
    """From which evening on they hold, if the train was the same before; unsaid, from `night` on."""
    until: Day | None = None
    """The last evening on which they hold; unsaid, for a year. Write it when a filter or the camera is changed."""
    sky: Literal["real", "simulated"] = "real"
    """A rehearsal's coefficients are applied to rehearsals alone."""
    field: Text
    """The standard field: M67, NGC 7790."""
    chart: Text
    """Where the magnitudes of its stars come from."""
    filters: Annotated[dict[Literal["U", "B", "V", "R", "I"], Text], Field(min_length=2)]
    """By the AAVSO's name of each filter, what the train calls it."""
    coefficients: Annotated[dict[Text, Coefficient], Field(min_length=3)]
    """By the AAVSO's names: Tbv multiplies a difference of instrumental colours; Tb_bv and Tv_bv say how a magnitude
    goes with the true one."""
    stars: dict[Text, Whole] = {}
    """On how many stars each pair of filters rests: `{bv: 38}`."""
    left_out: tuple[Text, ...] = ()
    """Which stars were left out, and why."""
    extinction: dict[Literal["U", "B", "V", "R", "I"], Magnitude] = {}
    """What an air mass takes, where the night told it; nothing is corrected by it."""
    second_order: dict[Literal["U", "B", "V", "R", "I"], Coefficient] = {}
    """By how much more an air mass takes of a star that is a magnitude redder, where the night told it; likewise."""
    frames: dict[Text, tuple[Text, ...]] = {}
    """By filter, the frames that they rest on."""

    @model_validator(mode="after")
    def _coefficients_are_those_of_its_filters(self) -> Self:
        for name in self.coefficients:
            match = NAME.match(name)
            bands = [band.upper() for band in match.groups() if band] if match else []
            if not match or ORDER.index(bands[-2]) >= ORDER.index(bands[-1]) or bands[0] not in bands[-2:]:
                expected = "names as the AAVSO has them, from blue to red: Tbv, Tb_bv, Tv_bv, Tvr"
                mend = "write 'Tv_bv' for V by the colour B-V"
                raise unfit("unknown-word", at=("coefficients", name), found=f"'{name}'", expected=expected, mend=mend)
            if lacking := [band for band in bands if band not in self.filters]:
                mend = f"add 'filters: {{{lacking[0]}: …}}', or remove it"
                expected = "coefficients of the filters that it names"
                raise unfit("unknown-word", at=("coefficients", name), found=f"'{name}'", expected=expected, mend=mend)
        return self

    @property
    def first(self) -> date:
        """The first evening on which they hold."""
        return self.since or self.night

    @property
    def last(self) -> date:
        """The last evening on which they hold."""
        return self.until or self.night + LASTS


def spelt_coefficient(value: float, error: float) -> str:
    """Return a coefficient as this language writes it."""
    return f"{value:.4f} +- {error:.4f}"
