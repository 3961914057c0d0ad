"""How long each step of a block took, as the journals of earlier nights tell."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from obsy.engine.journal import Entry, moment
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.separation import is_west, separation_deg

AFTER_THE_SLEW = {"centred", "centring-failed", "guiding-started", "guiding-unsettled", "guiding-failed"}
LONGEST_S = {"move": 900.0, "filter_s": 180.0, "download_s": 300.0, "focus_s": 1800.0, "filter_and_focus_s": 1800.0}
"""What took longer, or less than nothing, is no sample: a clock was set, or the computer slept."""


class Slew(NamedTuple):
    """From one target to the next, until the telescope points there and rests."""

    degrees: float
    seconds: float
    flipped: bool
    """Whether the mount changed sides at the meridian."""


@dataclass(slots=True)
class Timings:
    """Samples, in seconds."""

    moves: dict[str, list[Slew]] = field(default_factory=lambda: defaultdict(list))
    """By mount."""
    steps: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    """By train and field of `Overheads`: `filter_s`, `download_s`, `focus_s`; `filter_and_focus_s` is of both."""


@dataclass(slots=True)
class _Run:
    """A block on its way."""

    entry: Entry
    began: datetime
    aimed: datetime | None = None
    """None until the journal says it, and where EKOS moves the mount."""
    moved: bool = False
    """Whether its slew is among the samples, as the last one of its mount."""
    focused: bool = False
    exposed: datetime | None = None
    """When the frame before began."""
    taken: datetime | None = None
    """When the file before was complete."""


def timings(nights: Iterable[Iterable[Entry]], costs: Mapping[str, Overheads], longitude_deg: float) -> Timings:
    """Return what the journals of some nights tell of the trains in `costs`, which holds what is declared of each.

    An entry that is not as obsy writes it tells nothing.
    """
    found = Timings()
    for entries in nights:
        sampling = _Sampling(found, costs, longitude_deg)
        for entry in entries:
            with suppress(KeyError, TypeError, ValueError, AttributeError, OverflowError):
                sampling.take(entry)
    return found


class _Sampling:
    """One night's journal, read from its beginning."""

    def __init__(self, found: Timings, costs: Mapping[str, Overheads], longitude_deg: float) -> None:
        self._found, self._costs, self._longitude_deg = found, costs, longitude_deg
        self._runs: dict[str, _Run] = {}
        self._aims: dict[str, tuple[float, float, bool]] = {}
        """Of each mount that tracks: where it points, and whether that place had passed the meridian."""
        self._in_light: dict[str, tuple[object, object]] = {}
        """Of each train: the plan and the filter of its last block."""

    def take(self, entry: Entry) -> None:
        event, train = entry["event"], entry.get("train") or ""
        if event == "block-started" and train in self._costs:
            self._runs[train] = _Run(entry, moment(entry["time"]))
        elif event in {"waiting", "mount-parked", "block-failed"}:
            self._aims.pop(entry.get("mount") or "", None)  # it stood still, or nobody knows where it is
        elif event == "state" or event.startswith("night-"):
            self._aims.clear()
            self._runs.clear()
        elif (run := self._runs.get(train)) is not None:
            if event == "aimed-ahead":
                run.aimed = run.exposed = None  # what lies between its frames is another slew
            self._step(event, entry, train, run)

    def _step(self, event: str, entry: Entry, train: str, run: _Run) -> None:
        at = moment(entry["time"])
        if event == "slewed":
            run.aimed = at
            self._move(run, (entry["ra_deg"], entry["dec_deg"]), at)
        elif event in AFTER_THE_SLEW and run.aimed is not None and run.exposed is None:
            self._held(run, entry["spent_s"])
        elif event in {"focused", "focus-failed"} and run.aimed is not None:
            run.focused = True
            step = "filter_and_focus_s" if self._turns(train, run) else "focus_s"
            self._keep(train, step, (at - run.aimed).total_seconds())
        elif event == "exposure-started":
            if run.exposed is None and run.aimed is not None and not run.focused and self._turns(train, run):
                self._keep(train, "filter_s", (at - run.aimed).total_seconds())
            elif run.exposed is not None:
                self._keep(train, "download_s", (at - run.exposed).total_seconds() - run.entry["exposure_s"])
            self._in_light[train] = run.entry["plan"], run.entry["filter"]
            run.exposed = at
        elif event == "frame-taken" and run.exposed is None and entry["kind"] == "light":
            self._taken_by_ekos(train, run, at)

    def _held(self, run: _Run, spent_s: float) -> None:
        """Count centring and guiding as parts of the move: they come with each, and what follows begins later."""
        moves = self._found.moves[run.entry.get("mount") or ""]
        if run.moved and 0.0 <= spent_s <= LONGEST_S["move"]:
            moves[-1] = moves[-1]._replace(seconds=moves[-1].seconds + spent_s)
        if run.aimed is not None:
            run.aimed += timedelta(seconds=spent_s)

    def _taken_by_ekos(self, train: str, run: _Run, at: datetime) -> None:
        """Take what lies between the files of a block, and before the first of them, of which nothing else is noted.

        What that took beyond a filter and a focus run, as they are declared, was slewing, solving and settling.
        """
        costs, exposure_s = self._costs[train], run.entry["exposure_s"]
        if run.taken is not None:
            self._keep(train, "download_s", (at - run.taken).total_seconds() - exposure_s)
        elif run.entry.get("ra_deg") is not None:
            changed = self._in_light.get(train) != (run.entry["plan"], run.entry["filter"])
            spent_s = (costs.filter_s if self._turns(train, run) else 0.0) + (costs.focus_s if changed else 0.0)
            lost_s = spent_s + exposure_s + costs.download_s
            self._move(run, (run.entry["ra_deg"], run.entry["dec_deg"]), at, lost_s)
        self._in_light[train] = run.entry["plan"], run.entry["filter"]
        run.taken = at

    def _turns(self, train: str, run: _Run) -> bool:
        """Whether the wheel must turn from the filter that the train used before."""
        return bool(self._in_light.get(train, (None, None))[1] != run.entry["filter"])

    def _move(self, run: _Run, to: tuple[float, float], at: datetime, other_s: float = 0.0) -> None:
        """Take a move, if it is known where it began; other_s: what else the time until now was spent on."""
        mount = run.entry.get("mount") or ""
        last, side = self._aims.get(mount), is_west(to[0], run.began, self._longitude_deg)
        seconds = (at - run.began).total_seconds() - other_s
        if last is not None and 0.0 <= seconds <= LONGEST_S["move"]:
            self._found.moves[mount].append(Slew(separation_deg(last[:2], to), seconds, last[2] != side))
            run.moved = True
        self._aims[mount] = (*to, side)

    def _keep(self, train: str, step: str, seconds: float) -> None:
        if 0.0 <= seconds <= LONGEST_S[step]:
            self._found.steps[train, step].append(seconds)
