"""What processing is told: whom a frame is credited to, how it is judged, and who does the work."""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from obsy.engine.events import Log
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.frames.frame import Frame, FrameKind
from obsy.engine.identity import Card, Identity
from obsy.engine.processing.limited import LimitedWorker
from obsy.engine.reduce import work
from obsy.engine.reduce.orders import Field, LightOrder, LightResult, LiveOrder, MasterOrder, Optics, StackOrder
from obsy.engine.store.store import Store
from obsy.schemas.calibration import Calibration
from obsy.schemas.pipeline import Pipeline
from obsy.schemas.pipeline import Stack as StackStep
from obsy.schemas.policy import Quality, Retention
from obsy.schemas.site import Location


@dataclass(frozen=True, slots=True)
class Credit:
    """The goal a light counts for, and how its plan wants it reduced."""

    plan: str
    goal: str
    pipeline: Pipeline
    quality: Quality | None
    field: Field | None
    cards: tuple[Card, ...] = ()
    trails: bool = False
    """Whether its stars are meant to leave trails."""
    aim: tuple[float, float] | None = None
    """Where its target is, degrees, whose star is measured; None where it moves, or the plan is a mosaic."""

    @property
    def stacking(self) -> StackStep | None:
        """The step of the pipeline that stacks, if it has one."""
        return next((step for step in self.pipeline.steps if isinstance(step, StackStep)), None)


@dataclass(frozen=True, slots=True)
class TrainRules:
    """What was declared of one train, as far as processing must know it."""

    calibration: Calibration
    optics: Optics
    shape: tuple[int, int]
    """(rows, columns) of its frames."""
    roles: Mapping[str, str]
    """What plans call a filter, by the label that the driver writes into headers."""
    alone: str | None = None
    """The role of the one filter of a train without a wheel, whose frames may not say it."""

    def role(self, label: str | None) -> str | None:
        """Return what plans call a filter; a label that is not known is taken for a role itself."""
        return self.alone if label is None else self.roles.get(label, label)


@dataclass(frozen=True, slots=True)
class ProcessingRules:
    """What was declared, as far as processing must know it."""

    site: str
    night_of: Callable[[datetime], date]
    train_of: Callable[[Frame], str | None]
    """The train that took a frame; None if it is none of ours."""
    credit: Callable[[Frame], Credit | None]
    trains: Mapping[str, TrainRules]
    shown: Callable[[Frame], bool] = lambda _: True
    """Whether a light still shows what its goal points at: else it joins no stack of it."""
    sites: frozenset[str] = frozenset()
    """Every site of ours: what a frame from one of them says it is for is not guessed anew."""
    contradiction: Callable[[Frame], str] = lambda frame: ""
    """What of a light speaks against the goal that it says it was asked for."""
    ticket: Callable[[Path], Identity] = lambda path: Identity()
    """What a delivered file was asked for, where its header does not say it."""
    place: Location | None = None
    """Where the site is."""
    retention: Retention = Retention()
    patience_s: float = 60.0
    """On the wall: how long a file that was promised, or an archive that is full, is waited for."""
    retry_s: float = 5.0
    """On the wall: how often a file that the archive refused is offered again."""

    def identified(self, frame: Frame, path: Path) -> Frame:
        """Return the frame of a file that came as `path`, with what it was asked for and its filter by its role."""
        asked = Identity.of(frame).over(self.ticket(path)).over(Identity(site=self.site))
        frame = replace(frame, **asdict(asked))
        return self.by_role(replace(frame, train=self.train_of(frame) or frame.train))

    def by_role(self, frame: Frame) -> Frame:
        """Return a frame with its filter by its role, as its train has it; dark frames and those of no train as is."""
        known = self.trains.get(frame.train or "")
        if known is None or frame.kind not in (FrameKind.LIGHT, FrameKind.FLAT):
            return frame
        return replace(frame, filter=known.role(frame.filter))


@dataclass(frozen=True, slots=True)
class Crew:
    """What processing works with."""

    store: Store
    rules: ProcessingRules
    executor: Executor
    tell: Log = lambda event: None
    """Called with what a person must hear of, in processing's own thread; what else happens is asked for."""
    reduce_light: Callable[[LightOrder], LightResult] = work.reduce_light
    """This and the following run in workers."""
    build_master: Callable[[MasterOrder], str] = work.build_master
    add_live: Callable[[LiveOrder], None] = work.add_live
    combine_stack: Callable[[StackOrder], str] = work.combine_stack
    foreign: LimitedWorker = field(default_factory=LimitedWorker)
    """Checks foreign files."""

    @property
    def data_root(self) -> DataRoot:
        """Where everything lies: beside the store."""
        return DataRoot(self.store.folder)
