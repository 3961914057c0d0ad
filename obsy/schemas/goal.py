"""One line of `want`: filters, an exposure, and how much of it."""

import re
from math import ceil
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from obsy.diagnostics import unfit
from obsy.schemas.model import Model, Text, Whole
from obsy.schemas.phrase import Phrase
from obsy.schemas.proof import Proof
from obsy.schemas.recurring import Event, Letter
from obsy.schemas.reserved import RESERVED
from obsy.schemas.setting import Burst, Setting
from obsy.schemas.when import When
from obsy.units import DURATION, Days, Seconds, duration

AMOUNTS = ("total", "count", "cover", "until")
"""What may say how much is wanted."""
GOAL_NAME = r"[A-Za-z0-9]+([-+.][A-Za-z0-9]+)*"
SHORTEST_S = 1e-5
"""No camera exposes for less."""
LONGEST_NAME = 40
"""So that a goal's name, with filter and tile, fits into a header card."""


def _several(value: object) -> object:
    if isinstance(value, int | float):
        raise unfit("not-text", expected="a name, or a list of names", mend=f"put quotes around it: '{value}'")
    return (value,) if isinstance(value, str) else value


def _goal_name(name: str) -> str:
    if not re.fullmatch(GOAL_NAME, name, re.ASCII) or len(name) > LONGEST_NAME:
        plain = re.sub(r"[^A-Za-z0-9+.]+", "-", name).strip("-+.")[:LONGEST_NAME].rstrip("-+.") or "luminance"
        raise unfit(
            "bad-goal-name",
            expected=f"letters, digits and single '-', '+' or '.' between them, at most {LONGEST_NAME} characters",
            mend=f"write '{plain}'",
        )
    return name


def _differ(roles: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(roles)) < len(roles):
        raise unfit("filter-twice", expected="each filter once", mend="remove the second one")
    return roles


Filters = Annotated[
    tuple[Text, ...],
    Field(min_length=1),
    AfterValidator(_differ),
    BeforeValidator(_several, json_schema_input_type=str | list[str]),
]


GoalName = Annotated[Text, AfterValidator(_goal_name)]
Formerly = Annotated[tuple[Text, ...], BeforeValidator(_several, json_schema_input_type=str | list[str])]
"""One earlier name, or several."""


class Unbroken(Phrase):
    """How long it is taken in one go."""

    at_least: Annotated[Seconds, Field(gt=0)]
    """No block of it is shorter, unless less is wanted."""


class Nightly(Phrase):
    """How often a cadence begins in a night."""

    at_most: Annotated[Whole, Field(ge=1)]
    """Visits; what is wanted more often waits for the next night."""


BASELINE_S = 45 * 60.0
"""What obsy takes of the flat light curve on either side of a transit, and by which it judges one, unless told."""


class Cover(Model):
    """An event of the target from beginning to end, with some of the flat light curve on both sides."""

    transit: Letter | None = None
    """The planet's letter."""
    event: Event | None = None
    """Or the name of another event of the target; a letter is that planet's transit."""
    baseline: Seconds | None = None
    """How much to take before the first and after the last contact."""
    before: Seconds | None = None
    """Or how much before the first contact."""
    after: Seconds | None = None
    """And how much after the last one."""
    accept: Literal["whole", "ingress", "egress", "either"] = "whole"
    """What will do where the whole cannot be had: the half up to its middle, the half from there on, or one of them."""

    @property
    def of(self) -> str:
        """Return the name that the target has for it."""
        return self.transit or self.event or ""

    @property
    def sides_s(self) -> tuple[float, float]:
        """Return how much to take before the first and after the last contact, seconds."""
        both = self.baseline or 0.0
        return both if self.before is None else self.before, both if self.after is None else self.after

    @model_validator(mode="after")
    def _says_what_and_how_much(self) -> Self:
        what = [key for key in ("transit", "event") if getattr(self, key) is not None]
        sides = [key for key in ("before", "after") if getattr(self, key) is not None]
        if not what:
            mend = "add 'transit: b', or 'event:' and its name"
            raise unfit("missing-key", found="'transit' is missing", expected="what is to be covered", mend=mend)
        if self.baseline is None and not sides:
            mend = f"add 'baseline: {duration(BASELINE_S)}'"
            raise unfit("missing-key", found="'baseline' is missing", expected="how much to take beside it", mend=mend)
        twice = what[1:] or (sides if self.baseline is not None else [])
        if twice:
            expected = "'before' and 'after', or 'baseline' for both" if twice == sides else "one of transit or event"
            raise unfit("never-both", at=(twice[0],), expected=expected, mend=f"remove '{twice[0]}'")
        return self


class Goal(Model):
    """One line of `want`."""

    filter: Filters
    """A role or a list of roles; each role in the list gets the whole amount."""
    exposure: Seconds
    """Of one frame."""
    total: Seconds | None = None
    """Accepted time wanted in each filter."""
    count: Annotated[Whole, Field(ge=1)] | None = None
    """Accepted frames wanted in each filter; with `every`, at each visit."""
    every: Days | None = None
    """A cadence: a visit counts again after this long."""
    nightly: Nightly | None = None
    """How many visits of a cadence begin in one night; unsaid, as many as fall due."""
    cover: Cover | None = None
    """Take frames through a transit, or another event of the target."""
    until: Proof | None = None
    """Accepted frames wanted in each filter: until they prove so much."""
    run: Unbroken | None = None
    """How long it is taken in one go, at the least."""
    setting: Annotated[Setting | None, RESERVED] = None
    """What differs from the train's camera."""
    burst: Annotated[Burst | None, RESERVED] = None
    """Many frames in one file, as fast as they come."""
    when: When = When.model_construct()
    """What differs from the plan's own `when` for this goal."""
    name: GoalName | None = None
    """What its frames are counted under, with the filter if there are several; filter and exposure if left out."""
    formerly: Formerly = ()
    """Names it was counted under before it was renamed or its exposure changed, such as `L-180s`."""

    def key(self, role: str) -> str:
        """Return what the goal is called in one of its filters: 'L-180s', 'deep', or 'deep-L' if it has several."""
        if self.name is None:
            return f"{role}-{self.exposure:g}s"
        return self.name if len(self.filter) == 1 else f"{self.name}-{role}"

    def former_keys(self, role: str) -> tuple[str, ...]:
        """Return what it may have been called in this filter: a former name alone, or with the filter."""
        return tuple(key for name in self.formerly for key in (name, f"{name}-{role}"))

    @model_validator(mode="after")
    def _says_how_much(self) -> Self:
        said = [key for key in AMOUNTS if getattr(self, key) is not None]
        if len(said) != 1:
            found = f"a goal with several amounts: {' and '.join(said)}" if said else "a goal without an amount"
            mend = f"keep one of them, such as '{said[0]}'" if said else "write 'total: 3 h' or 'count: 20'"
            raise unfit("how-much", found=found, expected=f"one of {', '.join(AMOUNTS)}", mend=mend)
        return self

    @model_validator(mode="after")
    def _a_visit_has_a_size(self) -> Self:
        if self.every is not None and (self.count is None or self.every == 0):
            raise unfit(
                "cadence-without-count",
                found="'every' without 'count'" if self.count is None else "'every: 0 d'",
                expected="how often, and how many frames a visit takes",
                mend="write 'count: 3' beside 'every: 4 d'" + (", in the place of 'total'" if self.total else ""),
                at=("every",),
            )
        if self.every is None and self.nightly is not None:
            raise unfit(
                "cadence-without-count",
                found="'nightly' without 'every'",
                expected="a cadence, whose visits it counts",
                mend="write 'every: 3 h' beside 'nightly'",
                at=("nightly",),
            )
        taken_s = (self.count or 0) * self.exposure
        if self.every is not None and 2 * taken_s > self.every * DURATION["d"]:
            hours = 2 * taken_s / DURATION["h"]
            longer = f"{ceil(hours)} h" if hours > 1 else f"{ceil(hours * 60)} min"
            raise unfit(
                "visit-too-long",
                found=f"a visit of {duration(taken_s)} every {duration(self.every * DURATION['d'])}",
                expected="a visit that takes at most half of its cadence, so that it can be completed",
                mend=f"write 'every: {longer}'",
                at=("every",),
            )
        return self

    @model_validator(mode="after")
    def _an_exposure_takes_time(self) -> Self:
        if self.exposure < SHORTEST_S:
            raise unfit(
                "no-exposure",
                at=("exposure",),
                expected=f"an exposure of at least {SHORTEST_S:.5f} s",
                mend="write 'exposure: 60 s'",
            )
        if self.total is not None and self.total < self.exposure:
            raise unfit(
                "exposure-longer-than-total",
                found=f"one exposure of {duration(self.exposure)} in a total of {duration(self.total)}",
                expected="a total that holds at least one exposure",
                mend="write a longer total, or a shorter exposure",
                at=("total",),
            )
        return self
