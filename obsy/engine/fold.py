"""The one place where a night's journal is read from end to end, for resuming, report and status alike."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from obsy.engine.events import TROUBLE, severity, words
from obsy.engine.journal import Entry, moment
from obsy.engine.night_record import (
    INTERRUPTED,
    Capture,
    EnclosureRecord,
    NewMaster,
    NightRecord,
    Notice,
    WeatherNote,
)
from obsy.engine.observed import BlockRun, FocusRun, GaveWay, PlanLeft, Wait

_ITS_OWN = ("frame", "place", "attempt", "in_a_row", "until", "pause_s")
"""Facts in which events that are told together may differ."""


def fold(entries: Iterable[Entry], folder: Path = Path()) -> NightRecord:
    """Return what a journal tells, in one pass; an event that this version does not know changes only the last moment.

    folder: where the camera delivers, which gives each capture its path.
    """
    folding = _Folding(folder)
    for entry in entries:
        folding.take(entry)
    return folding.record()


class _Folding:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._begin: Entry = {}
        self._first: datetime | None = None
        self._at: datetime | None = None
        self._before: datetime | None = None
        """When the entry before this one was written."""
        self._initial, self._ended = "", ""
        self._initials: Mapping[str, str] = {}
        """Of the enclosures that begin elsewhere, each by itself."""
        self._nights: dict[str, EnclosureRecord] = {}
        self._captures: dict[str, Capture] = {}
        self._notices: dict[str, Notice] = {}
        self._refused: dict[str | None, str] = {}
        """The files that the archive has not taken yet, each with its notice."""
        self._taken: dict[str, datetime] = {}
        """Notices of files that it took after all, and when it took the last."""
        self._weather: list[WeatherNote] = []
        self._masters: list[NewMaster] = []
        self._failed: dict[str, tuple[datetime, ...]] = {}
        self._blocks: list[BlockRun] = []
        self._focus: list[FocusRun] = []
        self._waits: list[Wait] = []
        self._hindsight: Entry = {}
        self._gave_way: list[GaveWay] = []
        self._changes: list[PlanLeft] = []

    def take(self, entry: Entry) -> None:
        # Not as obsy writes it: it proves nothing.
        with suppress(KeyError, TypeError, ValueError, AttributeError, OverflowError):
            self._take(entry)

    def _take(self, entry: Entry) -> None:
        self._before, self._at = self._at, moment(entry["time"])
        self._first = self._first or self._at
        if severity(entry) >= TROUBLE:
            self.tell(entry)
        if (act := _ACTS.get(entry["event"])) is not None:
            act(self, entry)

    def record(self) -> NightRecord:
        nights = list(self._nights.values()) or [EnclosureRecord(state=self._initial)]
        if self._at is not None:
            for night in nights:
                night.end_all(self._at)
        return NightRecord(
            self._begin,
            self._first,
            self._at,
            self._ended,
            tuple(nights),
            tuple(sorted(self._captures.values(), key=lambda capture: capture.began)),
            tuple(sorted(self._told(), key=lambda notice: (-notice.severity, notice.first))),
            tuple(self._weather),
            tuple(self._masters),
            self._failed,
            tuple(self._blocks),
            tuple(self._focus),
            tuple(self._waits),
            tuple(self._gave_way),
            tuple(self._changes),
            self._hindsight,
        )

    @property
    def _now(self) -> datetime:
        assert self._at is not None
        return self._at

    def _night(self, entry: Entry) -> EnclosureRecord:
        name = entry.get("enclosure") or ""
        if name not in self._nights:
            initial = self._initials.get(name, self._initial)
            night = self._nights[name] = EnclosureRecord(name, initial)
            night.begin("states", self._first or self._now, initial)
        return self._nights[name]

    def tell(self, entry: Entry) -> None:
        several = bool(self._initials)
        sort = words({name: fact for name, fact in entry.items() if name not in _ITS_OWN}, several)
        new = Notice(self._now, severity(entry), entry["event"], words(entry, several), 0)
        old = self._notices.get(sort, new)
        self._notices[sort] = replace(old, count=old.count + 1)
        if entry["event"] == "archive-refused":
            self._refused[entry.get("frame")] = sort

    def _told(self) -> Iterator[Notice]:
        """Yield the notices; of files that the archive has all taken in the end, that it has."""
        for sort, notice in self._notices.items():
            at = self._taken.get(sort) if sort not in self._refused.values() else None
            yield replace(notice, words=f"{notice.words}; it has since, at {at:%H:%M} UTC") if at else notice

    def _concerned(self, entry: Entry) -> list[EnclosureRecord]:
        """Return the enclosure that an entry names; every one known if it names none."""
        return [self._night(entry)] if "enclosure" in entry or not self._nights else list(self._nights.values())

    def start(self, entry: Entry) -> None:
        """Begin, or begin again: between the last word of a run that was cut off and the next, nobody was there."""
        was_finished, self._ended = self._ended == "finished", ""
        self._initial, self._initials = entry.get("state") or "", entry.get("states") or {}
        self._begin = self._begin or entry
        for night in self._nights.values():
            if self._before is not None and not was_finished:
                night.begin("states", self._before, INTERRUPTED)
            initial = self._initials.get(night.enclosure, self._initial)
            night.begin("states", self._now, initial)
            night.state = initial or night.state
        for name in self._initials:  # one of which nothing more is told is known nevertheless
            self._night({"enclosure": name})

    def stop(self, entry: Entry) -> None:
        self._ended = entry["event"].removeprefix("night-")
        if self._ended == INTERRUPTED:
            for night in self._concerned(entry):
                night.end("states", self._now)
                night.mount_is = entry["mount_is"]
                self._roof(night, entry["roof_is"])

    def move(self, entry: Entry) -> None:
        night = self._night(entry)
        night.end("states", self._now, entry["from"])
        night.begin("states", self._now, entry["to"], entry.get("on") or "")
        night.state = entry["to"]

    def judge_weather(self, entry: Entry) -> None:
        night = self._night(entry)
        night.safe, night.reason = entry["safe"], entry["reason"]
        night.end("unsafe", self._now)
        if not night.safe:
            night.begin("unsafe", self._now, night.reason)

    def move_roof(self, entry: Entry) -> None:
        roof = {"roof-opening": "opening", "roof-opened": "open", "roof-closing": "closing", "roof-closed": "closed"}
        self._roof(self._night(entry), roof[entry["event"]])

    def _roof(self, night: EnclosureRecord, roof_is: str) -> None:
        night.roof_is = roof_is
        if roof_is == "open" and not night.goes_on("roof"):
            night.begin("roof", self._now)
        elif roof_is == "closed":
            night.end("roof", self._now)

    def move_mount(self, entry: Entry) -> None:
        night = self._night(entry)
        night.parked[entry.get("mount") or ""] = entry["event"] == "mount-parked"
        night.mount_is = "parked" if all(night.parked.values()) else "not parked"

    def deliver(self, entry: Entry) -> None:
        self._captures.setdefault(entry["frame"], Capture.of(entry, self._folder))

    def judge_frame(self, entry: Entry) -> None:
        """Keep a verdict; a later one replaces an earlier."""
        capture = self._captures.get(entry["frame"]) or Capture.of(entry, self._folder)
        verdict, measures = entry["event"].removeprefix("frame-"), entry.get("measures") or {}
        said = replace(capture, verdict=verdict, reason=entry.get("reason") or "", measures=measures)
        self._captures[entry["frame"]] = said

    def note_weather(self, entry: Entry) -> None:
        values = {name: float(value) for name, value in entry.items() if isinstance(value, int | float)}
        self._weather.append(WeatherNote(self._now, values, entry.get("enclosure") or ""))

    def keep_master(self, entry: Entry) -> None:
        kind, filter_, exposure_s, frames = (entry[name] for name in ("kind", "filter", "exposure_s", "frames"))
        sha256, train = entry.get("sha256", ""), entry.get("train") or ""
        self._masters.append(NewMaster(self._now, kind, filter_, exposure_s, frames, sha256, train))

    def take_in(self, entry: Entry) -> None:
        if sort := self._refused.pop(entry.get("frame"), ""):
            self._taken[sort] = self._now

    def begin_block(self, entry: Entry) -> None:
        planned = moment(entry["start"]), moment(entry["end"])
        plan, goal, exposure_s, count = (entry[name] for name in ("plan", "goal", "exposure_s", "count"))
        self._blocks.append(BlockRun(self._now, *planned, plan, goal, exposure_s, count, entry.get("train") or ""))

    def _block(self, entry: Entry) -> BlockRun | None:
        """Return the block that its train began last."""
        return next((each for each in reversed(self._blocks) if each.train == (entry.get("train") or "")), None)

    def aim(self, entry: Entry) -> None:
        if (block := self._block(entry)) is not None:
            block.aimed, block.ra_deg = self._now, entry["ra_deg"]

    def focus(self, entry: Entry) -> None:
        self._focus.append(FocusRun(self._now, entry.get("train") or "", entry["event"] == "focused"))

    def wait(self, entry: Entry) -> None:
        self._waits.append(Wait(self._now, moment(entry["until"]), entry["plan"], entry.get("mount") or ""))

    def look_back(self, entry: Entry) -> None:
        if entry["best"] > 0 and all(isinstance(points, int | float) for points in entry["lost"].values()):
            self._hindsight = {name: entry[name] for name in ("value", "best", "share_percent", "lost")}

    def give_way(self, entry: Entry) -> None:
        self._gave_way.append(GaveWay(self._now, moment(entry["until"]), entry["plan"], entry.get("goal")))

    def leave_plan(self, entry: Entry) -> None:
        planned, instead = entry["planned"] or "", entry["instead"] or ""
        said = self._now, entry["reason"], entry["cause"], planned, instead
        self._changes.append(PlanLeft(*said, entry.get("mount") or ""))

    def fail_block(self, entry: Entry) -> None:
        self._end(entry)
        self._failed[entry["plan"]] = (*self._failed.get(entry["plan"], ()), self._now)

    def _end(self, entry: Entry) -> None:
        if (block := self._block(entry)) is not None:
            block.ended = block.ended or self._now

    def end_block(self, entry: Entry) -> None:
        self._end(entry)
        if (block := self._block(entry)) is not None:
            block.frames = entry["frames"]
        if entry["frames"]:
            self._failed.pop(entry["plan"], None)


_ACTS: dict[str, Callable[[_Folding, Entry], None]] = {
    "night-started": _Folding.start,
    "night-resumed": _Folding.start,
    "night-interrupted": _Folding.stop,
    "night-ended-early": _Folding.stop,
    "night-finished": _Folding.stop,
    "state": _Folding.move,
    "verdict": _Folding.judge_weather,
    "roof-opening": _Folding.move_roof,
    "roof-opened": _Folding.move_roof,
    "roof-closing": _Folding.move_roof,
    "roof-closed": _Folding.move_roof,
    "mount-parked": _Folding.move_mount,
    "mount-unparked": _Folding.move_mount,
    "frame-taken": _Folding.deliver,
    "frame-recovered": _Folding.deliver,
    "frame-accepted": _Folding.judge_frame,
    "frame-rejected": _Folding.judge_frame,
    "waiting": _Folding.wait,
    "goal-waits": _Folding.give_way,
    "hindsight": _Folding.look_back,
    "replanned": _Folding.leave_plan,
    "block-started": _Folding.begin_block,
    "slewed": _Folding.aim,
    "focused": _Folding.focus,
    "focus-failed": _Folding.focus,
    "block-failed": _Folding.fail_block,
    "block-done": _Folding.end_block,
    "weather": _Folding.note_weather,
    "master-built": _Folding.keep_master,
    "archive-took": _Folding.take_in,
    "star-beyond": _Folding.tell,  # no trouble, and what its observer wants to see first
}
