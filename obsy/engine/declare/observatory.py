"""The observatory as it is declared: checked, whole and frozen; what everything above reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple, Self

from obsy.diagnostics import Mark, did_you_mean, there_are
from obsy.engine.declare.instrument import Instrument
from obsy.engine.declare.overrides import Overrides
from obsy.engine.declare.target import Target
from obsy.errors import UserError
from obsy.schemas.comparison import ComparisonTable
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.horizon import Horizon
from obsy.schemas.mount import Mount
from obsy.schemas.night import NightTable
from obsy.schemas.people import Person, Share
from obsy.schemas.pipeline import Pipeline
from obsy.schemas.plan import Plan
from obsy.schemas.policy import OverheadsFrom, Quality, Retention, Safety
from obsy.schemas.rule import Rule
from obsy.schemas.scenario import Scenario
from obsy.schemas.site import Site
from obsy.schemas.transformation import Transformation
from obsy.schemas.value import Value
from obsy.schemas.weather import Weather


class Wanted(NamedTuple):
    """How an alert wants a plan."""

    until: datetime
    below: int
    """Plans with a priority below this give way to it; 0 for none."""
    alert: str
    """Its id."""


@dataclass(frozen=True)
class Observatory:
    """One site, all that stands there, the house rules, and what is wanted, in the order of its files."""

    root: Path
    """The folder that holds `site/`, `library/` and the plans."""
    site: Site
    horizon: Horizon | None
    enclosures: tuple[Enclosure, ...]
    mounts: tuple[Mount, ...]
    """Those that carry no train are parked like the others."""
    instruments: tuple[Instrument, ...]
    """What a night may count on."""
    weather: tuple[Weather, ...]
    safety: Safety
    quality: Quality
    retention: Retention
    pipelines: Mapping[str, Pipeline]
    nights: Mapping[str, NightTable]
    """The state table of each enclosure, by the enclosure's name."""
    scenarios: Mapping[str, Scenario]
    plans: tuple[Plan, ...]
    targets: Mapping[str, Target] = field(default_factory=dict)
    """By plan."""
    asked_by: Mapping[str, str] = field(default_factory=dict)
    """By plan: the rule that asks for it; until then it takes nothing."""
    rules: Mapping[str, Rule] = field(default_factory=dict)
    """What asks for plans."""
    foreseen: tuple[Plan, ...] = ()
    """What live rules would make of alerts, with samples for what these tell: the filters and exposures are right."""
    wanted: Mapping[str, Wanted] = field(default_factory=dict)
    """By plan: how an alert wants it, and until when; it takes nothing afterwards."""
    marks: Mapping[tuple[str, str], Mark] = field(default_factory=dict)
    """Where each document stands, by kind and name."""
    overrides: Overrides = Overrides()
    """What counts otherwise for a time."""
    value: Value = Value.model_construct()
    """What makes one night better than another."""
    overheads: OverheadsFrom = "learned"
    """Whether what journals tell of slews and downloads counts, or what is declared."""
    people: tuple[Person, ...] = ()
    shares: tuple[Share, ...] = ()
    """Of the time, by group."""
    comparisons: tuple[ComparisonTable, ...] = ()
    """The stars that targets are measured against."""
    transformations: tuple[Transformation, ...] = ()
    """How far trains' own colours are from the standard ones."""
    sites: frozenset[str] = frozenset()
    """Every site that is declared, by its name and by those that it had before: their frames are ours."""
    all_plans: bool = True
    """Whether its plans are all that there are: what was not given may be declared all the same."""
    data: frozenset[str] = frozenset()
    """Where each site that is declared keeps its data, from the root."""
    retired: tuple[Instrument, ...] = ()
    """What took frames, and takes no more."""

    @property
    def every_instrument(self) -> tuple[Instrument, ...]:
        """Return what may have taken a frame: what is in use, then what is retired."""
        return *self.instruments, *self.retired

    def in_use_on(self, night: date) -> tuple[Instrument, ...]:
        """Return what was in use on a night that is over: what has been retired since comes first, it was there."""
        return *(each for each in self.retired if each.was_in_use_on(night)), *self.instruments

    def as_of(self, night: date) -> Self:
        """Return it with the trains that were in use on a night that is over; tonight's are `instruments`."""
        then = self.in_use_on(night)
        return replace(self, instruments=then, retired=tuple(each for each in self.retired if each not in then))

    def instrument(self, train: str) -> Instrument:
        """Return the instrument of that train, which is known to be declared."""
        return next(each for each in self.every_instrument if each.name == train)

    def inputs_of(self, enclosure: Enclosure) -> tuple[Weather, ...]:
        """Return the weather inputs that count for an enclosure: its own, and those that name none."""
        return tuple(each for each in self.weather if each.enclosure in (None, enclosure.name))

    def target(self, plan: Plan) -> Target:
        """What a plan points at, in plain numbers."""
        return self.targets[plan.name]

    def scenario(self, name: str) -> Scenario:
        """The scenario of that name. Raises UserError if none bears it."""
        if name not in self.scenarios:
            mend = did_you_mean(name, self.scenarios, "declare it in library/scenarios/")
            raise UserError(f"no scenario is named '{name}'; {there_are(self.scenarios)}: {mend}")
        return self.scenarios[name]

    def mark(self, kind: str, name: str) -> Mark:
        """Where a document stands, so that a message of the night can point to it."""
        return self.marks.get((kind, name), Mark(str(self.root)))
