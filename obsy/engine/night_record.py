"""What a journal tells of its night: states, roof, verdicts, troubles, and every file that the camera delivered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from obsy.engine.events import ALARM, Severity
from obsy.engine.journal import Entry, moment
from obsy.engine.observed import BlockRun, FocusRun, GaveWay, PlanLeft, Wait


@dataclass(frozen=True, slots=True)
class Capture:
    """One delivered file; `plan` and `goal` are None for a calibration frame."""

    path: Path
    train: str
    kind: str
    filter: str | None
    exposure_s: float
    began: datetime
    plan: str | None = None
    goal: str | None = None
    verdict: str = "waiting"
    """accepted, rejected, or waiting."""
    reason: str = ""
    measures: Mapping[str, float] = field(default_factory=dict)
    block: str | None = None

    @property
    def line(self) -> tuple[str, str] | None:
        """The plan and goal it counts for."""
        return (self.plan, self.goal) if self.plan is not None and self.goal is not None else None

    def facts(self, incoming: Path) -> dict[str, Any]:
        """Return what every event about this file says of it; incoming: the folder of arrivals."""
        inside = self.path.is_relative_to(incoming)
        return {
            "frame": self.path.relative_to(incoming).as_posix() if inside else self.path.name,
            "train": self.train,
            "kind": self.kind,
            "filter": self.filter,
            "exposure_s": self.exposure_s,
            "plan": self.plan,
            "goal": self.goal,
            "block": self.block,
            "began": self.began,
        }

    @classmethod
    def of(cls, entry: Entry, folder: Path) -> "Capture":
        """Return the capture that an entry tells of, delivered to `folder`."""
        return cls(
            folder / entry["frame"],
            entry.get("train") or "",
            entry["kind"],
            entry["filter"],
            entry["exposure_s"],
            moment(entry.get("began") or entry["time"]),
            entry.get("plan"),
            entry.get("goal"),
            block=entry.get("block"),
        )


INTERRUPTED = "interrupted"
"""The state of a night that was told to stop or was cut off, until it is taken up again."""


ROOFS = ("closed", "", "closing", "unknown", "moving", "opening", "open")
MOUNTS = ("parked", "", "unknown", "not parked")
VERDICTS = (True, None, False)
"""What may be said of an enclosure, the best first; of several, the worst speaks for the night."""


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment to another, both UTC; `words` says what it was."""

    start: datetime
    end: datetime
    words: str = ""
    enclosure: str = ""
    on: str = ""
    """Of a state: the event that led there."""

    @property
    def seconds(self) -> float:
        """Its length."""
        return (self.end - self.start).total_seconds()

    def meets(self, start: datetime, end: datetime) -> bool:
        """Return whether any of it lies between the two."""
        return self.start < end and start < self.end


def joined(spans: Iterable[Span], gap: timedelta) -> tuple[Span, ...]:
    """Return spans in order of time, those no farther apart than `gap` made one."""
    out: list[Span] = []
    for span in sorted(spans, key=lambda each: each.start):
        if out and span.start - out[-1].end <= gap:
            out[-1] = replace(out[-1], end=max(out[-1].end, span.end))
        else:
            out.append(span)
    return tuple(out)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person must know in the morning; `count` events differed in nothing that matters."""

    first: datetime
    severity: Severity
    event: str
    words: str
    count: int

    @property
    def grave(self) -> bool:
        """Whether it may have needed hands at once."""
        return self.severity >= ALARM


@dataclass(frozen=True, slots=True)
class WeatherNote:
    """What the inputs said at one time; a quantity that nobody measured freshly is missing."""

    at: datetime
    values: Mapping[str, float]
    enclosure: str = ""


@dataclass(frozen=True, slots=True)
class NewMaster:
    """A master that was built tonight."""

    at: datetime
    kind: str
    filter: str | None
    exposure_s: float
    frames: int
    sha256: str
    train: str = ""
    """Empty if the journal does not say it."""


@dataclass(slots=True)
class EnclosureRecord:
    """How the night went under one enclosure."""

    enclosure: str = ""
    state: str = ""
    """Where its table stood last; empty if the journal never said."""
    safe: bool | None = None
    reason: str = ""
    """Of the last verdict."""
    roof_is: str = ""
    """opening, open, closing, closed, moving or unknown, as the journal said last; empty if it never did."""
    mount_is: str = ""
    """parked, not parked or unknown, likewise; parked only if every mount is."""
    parked: dict[str, bool] = field(default_factory=dict)
    """Whether each mount that moved was seen parked last."""
    states: list[Span] = field(default_factory=list)
    roof: list[Span] = field(default_factory=list)
    """When it was open."""
    unsafe: list[Span] = field(default_factory=list)
    """When it was not safe, with the reason it turned."""
    _going_on: dict[str, tuple[datetime, str, str]] = field(default_factory=dict)
    """What has begun and not ended: an attribute above, since when, its words, and the event that led there."""

    def begin(self, what: str, at: datetime, words: str = "", on: str = "") -> None:
        """End what goes on of `states`, `roof` or `unsafe`, if anything does, and begin the next."""
        self.end(what, at)
        self._going_on[what] = at, words, on

    def end(self, what: str, at: datetime, words: str = "") -> None:
        """End what goes on, if anything does; `words`, if given, say better what it was."""
        start, before, on = self._going_on.pop(what, (at, "", ""))
        if at > start and (words or before or what != "states"):
            getattr(self, what).append(Span(start, at, words or before, self.enclosure, on))

    def goes_on(self, what: str) -> bool:
        """Return whether it has begun and not ended."""
        return what in self._going_on

    def end_all(self, at: datetime) -> None:
        """End all that goes on at the last word that there is."""
        for what in list(self._going_on):
            self.end(what, at)


def rank(said: str | bool | None, words: Sequence[str | bool | None]) -> int:
    """Return how bad it is that this was said; a word that this version does not know is the worst."""
    return words.index(said) if said in words else len(words)


def peril(state: str, roof: str, mount: str, safe: bool | None) -> tuple[bool, int, int, int]:
    """Return how bad an enclosure stands; one that has not finished stands worse than one that has."""
    return state != "finished", rank(roof, ROOFS), rank(mount, MOUNTS), rank(safe, VERDICTS)


@dataclass(frozen=True, slots=True)
class NightRecord:
    """All that a journal tells of its night so far."""

    begin: Entry
    """`night-started`; empty if the journal does not have it."""
    first: datetime | None
    last: datetime | None
    ended: str
    """`finished`, `interrupted` or `ended-early`; empty while it runs, or after it was cut off without a last word."""
    enclosures: tuple[EnclosureRecord, ...]
    """One for each enclosure, at least one."""
    captures: tuple[Capture, ...]
    """Every delivered file, once, in the order of the exposures."""
    notices: tuple[Notice, ...]
    """The gravest first, then by time."""
    weather: tuple[WeatherNote, ...]
    masters: tuple[NewMaster, ...]
    failed: Mapping[str, tuple[datetime, ...]]
    """By plan, when its blocks failed one after the other."""
    blocks: tuple[BlockRun, ...] = ()
    focus: tuple[FocusRun, ...] = ()
    waits: tuple[Wait, ...] = ()
    gave_way: tuple[GaveWay, ...] = ()
    changes: tuple[PlanLeft, ...] = ()
    """Where the night went another way than it was planned."""
    hindsight: Entry = field(default_factory=dict)
    """How far it was from its best, as it was told last; empty if nobody told it."""

    @property
    def begun(self) -> bool:
        """Whether anything happened at all."""
        return self.last is not None

    @property
    def finished(self) -> bool:
        """Whether its last word is that it is finished."""
        return self.ended == "finished"

    @property
    def worst(self) -> EnclosureRecord:
        """The enclosure's that stands worst; see `peril`."""
        return max(self.enclosures, key=lambda each: peril(each.state, each.roof_is, each.mount_is, each.safe))

    def under(self, enclosure: str) -> EnclosureRecord:
        """Return how the night went under an enclosure; one that the journal does not know began nothing."""
        return next((each for each in self.enclosures if each.enclosure == enclosure), EnclosureRecord(enclosure))

    @property
    def state(self) -> str:
        """Where the table stood last of the enclosure that stands worst."""
        return self.worst.state

    @property
    def owed(self) -> tuple[Capture, ...]:
        """The files whose verdict was not written."""
        return tuple(capture for capture in self.captures if capture.verdict == "waiting")

    def spans(self, what: str) -> tuple[Span, ...]:
        """Return the `states`, `roof` or `unsafe` spans of every enclosure, one enclosure after the other."""
        return tuple(span for each in self.enclosures for span in getattr(each, what))
