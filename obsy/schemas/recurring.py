"""What recurs at a place on the sky: transits of planets, eclipses, maxima; and the scale of time of its epoch."""

import re
from typing import Annotated, Any, NamedTuple, Self

from pydantic import Field, PrivateAttr, StringConstraints, model_validator

from obsy.diagnostics import unfit
from obsy.schemas.model import Model
from obsy.units import Before, Days, Hours, told

_JULIAN = r"\s*(\d+\.?\d*)\s+(HJD|BJD|JD)(_UTC|_TT|_TDB)?\s*"
_UNSAID = {"HJD": "_UTC", "BJD": "_TDB", "JD": "_UTC"}
"""What lists of minima and tables of planets mean where they do not say it."""


class Epoch(NamedTuple):
    """A moment as observers of variable stars publish it."""

    jd: float
    scale: str = "BJD_TDB"
    """Where the light is timed (at the Sun HJD, at the barycentre BJD, at the Earth JD), and by which clock."""

    def said(self) -> str:
        """Return it as a person would write it."""
        return f"{self.jd!r} {self.scale}"


def _epoch(value: object) -> Epoch:
    if isinstance(value, Epoch):
        return value
    match = re.fullmatch(_JULIAN, value, re.ASCII) if isinstance(value, str) else None
    expected, mend = "a Julian date and its scale", "write for example '2451492.3223 HJD' or '2455867.402743 BJD_TDB'"
    if match is None or (match[2] != "BJD" and match[3] == "_TDB"):
        raise unfit("unknown-unit" if match else "not-a-quantity", expected=expected, mend=mend)
    if not 2_000_000 <= float(match[1]) <= 3_000_000:  # noqa: PLR2004  763 to 3501, as published dates are
        raise unfit("out-of-range", expected="a Julian date from 2000000 to 3000000", mend=mend)
    return Epoch(float(match[1]), match[2] + (match[3] or _UNSAID[match[2]]))


JulianDate = Annotated[
    Epoch,
    Before(_epoch),
    told("a Julian date and its scale", "2451492.3223 HJD", _JULIAN),
]
Letter = Annotated[str, StringConstraints(pattern=r"^[a-z]$")]


def _named(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch("[a-z][a-z0-9-]*", value):
        plain = re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")
        mend = f"write '{plain if re.match('[a-z]', plain) else 'minimum'}'"
        raise unfit(
            "bad-name", found=f"'{value}'", expected="small letters, digits and dashes, as 'minimum'", mend=mend
        )
    return value


def _longer(value: object) -> object:
    if isinstance(value, str) and len(value) == 1:
        expected, mend = "a name; letters are those of planets", "write a word, such as 'minimum'"
        raise unfit("bad-name", found=f"'{value}'", expected=expected, mend=mend)
    return _named(value)


EventName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]+$"), Before(_longer)]
Event = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$"), Before(_named)]
"""A planet's letter, or the name of what else recurs."""


class Recurrence(Model):
    """Something that recurs."""

    epoch: JulianDate
    """The middle of one, and phase 0."""
    period: Annotated[Days, Field(gt=0)]
    """From one to the next."""
    duration: Hours = 0.0
    """From first to last contact; a moment if left out."""
    epoch_error: Days = 0.0
    """One standard deviation of the epoch, as published."""
    period_error: Days = 0.0
    """One standard deviation of the period: it adds up from one event to the next."""

    @model_validator(mode="after")
    def _ends_before_the_next(self) -> Self:
        if self.duration >= self.period * 24:
            expected = "an event that ends before the next begins"
            raise unfit("out-of-range", at=("duration",), expected=expected, mend="write a shorter duration")
        return self


class Transits(Recurrence):
    """When a planet crosses its star."""

    duration: Hours
    """From first to last contact."""


class Recurring(Model):
    """A place with what recurs there."""

    planets: dict[Letter, Transits] = {}
    """Its transiting planets by letter."""
    events: dict[EventName, Recurrence] = {}
    """What else recurs there by name, such as `minimum`."""
    _called: str | None = PrivateAttr(None)

    @property
    def called(self) -> str | None:
        """By which name of the observatory's own catalogues a plan says it, if by one."""
        return self._called

    def said_as(self, name: str) -> Self:
        """Return the same place, said by this name."""
        said = self.model_copy()
        said._called = name  # noqa: SLF001  a copy of its own
        return said

    def recurring(self) -> dict[str, Recurrence]:
        """Return planets and events by the name that goals have for them."""
        return {**self.planets, **self.events}

    def said(self) -> dict[str, Any]:
        """Return what a person would write."""
        of = {key: {name: each.said() for name, each in getattr(self, key).items()} for key in ("planets", "events")}
        return super().said() | {key: each for key, each in of.items() if each}
