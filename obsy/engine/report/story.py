"""The story of a night: plain values, complete, from which every page and summary is made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from obsy.engine.report.inputs import Limit, StackInput
from obsy.engine.report.span import Span


@dataclass(frozen=True, slots=True)
class Curve:
    """How high something stood: altitudes in degrees at UTC times, about five minutes apart."""

    name: str
    times: tuple[datetime, ...]
    altitude_deg: tuple[float, ...]
    skyline_deg: tuple[float, ...] = ()
    """The lowest free altitude in its direction at each time; empty if there is no skyline."""


@dataclass(frozen=True, slots=True)
class Curves:
    """The night's sky: one curve a plan, the Sun and the Moon."""

    plans: tuple[Curve, ...] = ()
    sun: Curve | None = None
    moon: Curve | None = None
    moon_illuminated_percent: float | None = None
    """Of its disc, in the middle of the night."""
    reach_deg: float | None = None
    """The lowest altitude at which the mount points."""


@dataclass(frozen=True, slots=True)
class FrameStory:
    """One frame that was delivered."""

    frame: str
    kind: str
    filter: str | None
    exposure_s: float
    plan: str | None
    goal: str | None
    began: datetime
    verdict: str = "waiting"
    """accepted, rejected, or waiting."""
    reason: str = ""
    measures: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class GoalStory:
    """One line of a plan: before tonight, tonight, and what is missing."""

    goal: str
    filter: str
    exposure_s: float
    asked: str
    wanted_s: float | None
    before_s: float
    before: int
    tonight_s: float
    accepted: int
    rejected: int
    waiting: int
    unplaced: str = ""
    """Why nothing was taken for it tonight."""

    @property
    def missing_s(self) -> float | None:
        """What is still wanted after tonight; None where the sky decides."""
        return None if self.wanted_s is None else max(0.0, self.wanted_s - self.before_s - self.tonight_s)

    @property
    def frames(self) -> int:
        """Delivered tonight."""
        return self.accepted + self.rejected + self.waiting


@dataclass(frozen=True, slots=True)
class Rejection:
    """Frames that were rejected for the same reason."""

    code: str
    count: int
    words: str


@dataclass(frozen=True, slots=True)
class PlanStory:
    """What one plan got of the night."""

    plan: str
    target: str
    goals: tuple[GoalStory, ...]
    rejections: tuple[Rejection, ...]
    taken: tuple[Span, ...]
    """When its frames were exposed."""
    stacks: tuple[StackInput, ...]

    @property
    def accepted(self) -> int:
        """Tonight's accepted frames."""
        return sum(goal.accepted for goal in self.goals)

    @property
    def rejected(self) -> int:
        """Tonight's rejected frames."""
        return sum(goal.rejected for goal in self.goals)

    @property
    def tonight_s(self) -> float:
        """Tonight's accepted exposure."""
        return sum(goal.tonight_s for goal in self.goals)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person must know in the morning."""

    first: datetime
    grave: bool
    event: str
    words: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class MasterStory:
    """A master that was built tonight."""

    at: datetime
    kind: str
    filter: str | None
    exposure_s: float
    frames: int
    sha256: str


@dataclass(frozen=True, slots=True)
class WeatherStory:
    """What the inputs said at one time; a quantity that nobody measured freshly is left out."""

    at: datetime
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Story:
    """One night."""

    night: str
    site: str
    timezone: str
    finished: bool
    state: str
    headline: str
    window: Span
    """The time that the charts show."""
    dusk: datetime | None
    dawn: datetime | None
    notices: tuple[Notice, ...]
    plans: tuple[PlanStory, ...]
    shots: tuple[FrameStory, ...]
    roof: tuple[Span, ...]
    """When it was open."""
    unsafe: tuple[Span, ...]
    """When it was not safe while it was dark."""
    states: tuple[Span, ...]
    weather: tuple[WeatherStory, ...]
    limits: Mapping[str, Limit]
    masters: tuple[MasterStory, ...]
    curves: Curves
    colophon: tuple[tuple[str, str], ...]
    """At the foot: what made this night, so that it can be had again."""

    @property
    def lights(self) -> tuple[FrameStory, ...]:
        """The frames of the sky."""
        return tuple(shot for shot in self.shots if shot.kind == "light")
