"""What a report needs besides the journal: what was declared, what was done before, and what stands on disk."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from obsy.engine.forecast.question import Forecast
from obsy.engine.report.fitted_transits import FittedTransitStory
from obsy.engine.report.magnitudes import MagnitudesStory
from obsy.engine.schedule.cover import CoverGoal
from obsy.engine.schedule.learned import LearnedOverheads
from obsy.engine.schedule.shares import Debt
from obsy.engine.signal import Signal
from obsy.engine.sky.grid import Window
from obsy.engine.sky.transit import Transit
from obsy.schemas.proof import Proof

if TYPE_CHECKING:
    from obsy.engine.science.saturated_target import SaturatedTarget


@dataclass(frozen=True, slots=True)
class GoalInput:
    """One line of a plan, and what the nights before had done of it."""

    plan: str
    goal: str
    filter: str
    exposure_s: float
    wanted_s: float | None
    """Accepted exposure wanted in all; None where the sky decides, as for a cadence or a transit."""
    asked: str
    """The amount in words: '3 h', '2 frames every 4 d', 'transit b'."""
    before: int = 0
    """Frames accepted in earlier nights."""
    before_s: float = 0.0
    count: int | None = None
    """Frames wanted in all, where it is frames and not a time."""
    until: Proof | None = None
    """The signal to noise wanted, where it is that."""
    signal: Signal = Signal()
    """What the frames of earlier nights prove of it."""


@dataclass(frozen=True, slots=True)
class TransitInput:
    """What is known of the transits that a goal is to cover."""

    cover: CoverGoal
    tonight: tuple[Transit, ...]
    following: Window | None
    """When the next transit after the night can be had, or of it the half that will do."""
    how: str = "whole"
    """How: whole, or by which half; empty if neither the whole nor a half that would do can be."""
    before: bool = False
    """Whether an earlier night covered one."""


@dataclass(frozen=True, slots=True)
class StackInput:
    """A stack as it stands now, with its stretched picture."""

    picture: str
    filter: str
    plan: str
    frames: int
    exposure_s: float
    preview: Path
    sha256: str
    """Of the stack itself, not of its picture."""
    train: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """What a measured quantity must stay above or below."""

    value: float
    above_is_bad: bool = True


@dataclass(frozen=True, slots=True)
class TrainPlace:
    """What a train stands on."""

    mount: str = ""
    enclosure: str = ""
    flips: bool = False
    """Whether its mount must change sides at the meridian."""


@dataclass(frozen=True, slots=True)
class ReportInputs:
    """All of it; an empty one still gives a story."""

    site: str = ""
    timezone: str = "UTC"
    goals: tuple[GoalInput, ...] = ()
    """Every line of every plan, in the order of the files."""
    targets: Mapping[str, str] = field(default_factory=dict)
    """By plan: its target as people say it."""
    stacks: tuple[StackInput, ...] = ()
    limits: Mapping[str, Limit] = field(default_factory=dict)
    """By quantity of the weather (rain, cloud …) or measure of a frame (fwhm_arcsec …)."""
    transits: Mapping[tuple[str, str], TransitInput] = field(default_factory=dict)
    """By plan and goal."""
    trains: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By plan: the trains that can take it."""
    several_trains: bool = False
    """Whether there is more than one, so that they are named."""
    colour: frozenset[str] = frozenset()
    """The trains whose sensors see colours, which their stacks do not tell apart."""
    places: Mapping[str, TrainPlace] = field(default_factory=dict)
    """By train."""
    longitude_deg: float = 0.0
    """East of Greenwich, for the side of the meridian."""
    sides: tuple[tuple[str, str], ...] = ()
    """Train and side of the pier of the night's lights, in order, where their headers say it."""
    following: Mapping[str, Any] = field(default_factory=dict)
    """The intent of the next night, in the shape of `obsy apply --dry-run --json`; empty if it has begun."""
    outlook: Forecast | None = None
    """When each goal will be done, from that night on; None if it has begun."""
    learned: Mapping[str, LearnedOverheads] = field(default_factory=dict)
    """By train: how long its steps took in the nights before."""
    shares: tuple[Debt, ...] = ()
    """How each share of the time stands after it."""
    all_plans: bool = True
    """Whether the goals are those of all plans: else what is not among them may be declared all the same."""
    left_aside: tuple[str, ...] = ()
    """Why rows of the store could not be understood."""
    magnitudes: tuple[MagnitudesStory, ...] = ()
    """Of plans that have comparison stars, what the night says of their targets."""
    fitted: tuple[FittedTransitStory, ...] = ()
    """Transits that the night covered, of plans whose stars are measured."""
    saturated: tuple["SaturatedTarget", ...] = ()
    """Plans whose target is saturated in frames of the night."""
