"""Every decision of a journal made again by the functions that made it, and compared."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from obsy.engine.events.night import NightEndedEarly, NightFinished, NightInterrupted, StateChanged
from obsy.engine.events.roof import EvidenceNoted, RoofOpening, VerdictTurned
from obsy.engine.journal import Entry, moment, read
from obsy.engine.night.event import GuardFacts, TableEvent
from obsy.engine.night.supervisor import step
from obsy.engine.night_record import Span
from obsy.engine.replay.evidence import SPOILT, Again, seen_again, stated
from obsy.engine.safety.evidence import NOTED_EVERY_S
from obsy.engine.safety.judging import GONE, Evidence
from obsy.engine.safety.packing import digest, said
from obsy.errors import UserError
from obsy.schemas.night import NightTable

NOTHING = "nothing is written"
SOON = timedelta(seconds=10)
"""What was decided is written so soon; meanwhile what stood before may still be acted upon."""
SILENT = timedelta(seconds=NOTED_EVERY_S + 60)
"""No keeper notes nothing for so long."""
OPEN = "open"
"""What a table does where it opens a roof."""
ENDS = (NightFinished.name, NightInterrupted.name, NightEndedEarly.name)
Parts = Iterator[tuple[object, object]]
"""What a journal says, and what is found instead."""


class Difference(NamedTuple):
    """A place where a journal and its replay part."""

    line: int
    time: str
    enclosure: str
    journal: object
    replay: object


@dataclass(slots=True)
class Stretch:
    """What was seen without a gap, and the note that states how all stood before."""

    begin: Entry
    seen: list[Evidence] = field(default_factory=list)


class Due(NamedTuple):
    """A verdict that a keeper noted: when, which, and whether it had turned and had to be told."""

    at: datetime
    verdict: dict[str, Any]
    turned: bool


class RoofAudit:
    """What is made again of the decisions over one roof."""

    def __init__(self) -> None:
        """Nothing is known."""
        self.stretches: list[Stretch] = []
        self.gaps: list[Span] = []
        """Between these, notes are missing."""
        self.uncompared = 0
        """Verdicts of which no note says what they rested on."""
        self._again: Again | None = None
        self._part, self._until, self._noted = -1, datetime.max, datetime.max
        self._due: list[Due] = []
        """Verdicts that the night has not written down yet."""
        self._hears = True
        self._stood: list[tuple[datetime, bool]] = []
        """When which of the last two verdicts was written."""

    def note(self, note: Entry) -> Parts:
        """Judge again what was seen. Raise one of SPOILT if the note is not as obsy writes it."""
        since, follows = moment(note["since"]), note["part"] == self._part + 1 and self._again is not None
        if not follows and note["part"] and self.stretches:
            lost = self.gaps.pop() if self._again is None and self.gaps else Span(self._until, since)
            self.gaps.append(Span(lost.start, since))
        if not follows:
            self._again = stated(note) if note.get("standing") is not None else None
            self.stretches += [Stretch(note)] if self._again is not None else []
        self._part, self._noted = note["part"], moment(note["time"])
        if self._again is None:
            return
        judging = self._again.judging
        for seen in seen_again(note, self._again):
            judging.take(seen)
            self._until = seen.at
            self.stretches[-1].seen.append(seen)
        yield note["memory"], digest(judging.memory)
        if note.get("verdict") is not None:
            self._due.append(Due(self._noted, said(judging.current), note.get("standing") is None))
            yield note["verdict"], self._due[-1].verdict

    def verdict(self, entry: Entry) -> Parts:
        """Compare a verdict, as the night wrote it, with those that are due."""
        told, at = {name: entry[name] for name in ("safe", "reason", "input")}, moment(entry["time"])
        self._stood = [*self._stood[-1:], (at, told["safe"])]
        if told["reason"] == GONE.reason and not told["safe"]:
            self._hears = False
            return
        if self._again is None:
            self.uncompared += 1
            return
        places = [place for place, due in enumerate(self._due) if told.items() <= due.verdict.items()]
        yield told, told if places else {name: said(self._again.judging.current).get(name, "") for name in told}
        # One that fits none is the next that turned, written otherwise: it is no second difference.
        places = places or [place for place, due in enumerate(self._due) if due.turned]
        if places:
            *missed, due = self._due[: places[0] + 1]
            yield from self._missing([*missed, *([due] if at - due.at > SOON else [])])
            del self._due[: places[0] + 1]
        self._hears = True

    def _missing(self, due: Iterable["Due"]) -> Parts:
        """What turned and was not told; who did not hear its keeper was told all at once."""
        yield from ((NOTHING, each.verdict) for each in due if each.turned and self._hears)

    def acted(self, at: datetime, is_safe: bool) -> Parts:
        """Compare what a move took for the verdict with those that stood then."""
        stood = {safe for _, safe in self._stood[-1:]} or {False}
        if self._stood and at - self._stood[-1][0] <= SOON:
            stood |= {safe for _, safe in self._stood[:-1]} or {False}
        if self._again is not None:
            stood.add(self._again.judging.current.safe)
        yield {"is_safe": is_safe}, {"is_safe": is_safe if is_safe in stood else not is_safe}

    def begin(self) -> None:
        """A night begins: it has not heard its keeper yet."""
        self._due, self._stood, self._hears = [], [], True

    def end(self, at: datetime) -> Parts:
        """Compare what should have been written before the journal's end."""
        if self._again is not None and at - self._noted > SILENT:
            self.gaps.append(Span(self._until, at))
        yield from self._missing(each for each in self._due if at - each.at > SOON)


@dataclass(slots=True)
class Audit:
    """What a replay has found."""

    roofs: dict[str, RoofAudit] = field(default_factory=dict)
    compared: dict[str, int] = field(default_factory=dict)
    """How much was compared, by the event."""
    differences: list[Difference] = field(default_factory=list)
    is_cut: bool = False
    """Whether the night is not at its end where the journal is."""
    _tables: dict[str, NightTable] = field(default_factory=dict)
    _states: dict[str, str] = field(default_factory=dict)
    """Where each table stands."""

    @property
    def is_whole(self) -> bool:
        """Whether all that was decided could be judged again."""
        return not self.is_cut and not any(roof.gaps or roof.uncompared for roof in self.roofs.values())

    def end(self, line: int, last: Entry) -> None:
        """Compare what should have been written by the last line."""
        for name, roof in self.roofs.items():
            for journal, replay in roof.end(moment(last["time"])):
                self.differences.append(Difference(line, str(last["time"]), name, journal, replay))

    def take(self, line: int, entry: Entry) -> None:
        """Compare what an entry decided with what is found again."""
        name = str(entry.get("enclosure") or "")
        try:
            for journal, replay in self._parts(name, entry):
                self.compared[entry["event"]] = self.compared.get(entry["event"], 0) + 1
                if journal != replay:
                    self.differences.append(Difference(line, str(entry["time"]), name, journal, replay))
        except SPOILT as fault:
            found = f"cannot be read: {fault!r}"
            self.differences.append(Difference(line, str(entry.get("time")), name, entry["event"], found))

    def _parts(self, name: str, entry: Entry) -> Parts:
        if entry.get("tables"):
            self._begin(entry)
        elif entry["event"] in ENDS:
            self.is_cut = False
        match entry["event"]:
            case EvidenceNoted.name:
                yield from self.roofs.setdefault(name, RoofAudit()).note(entry)
            case VerdictTurned.name:
                yield from self.roofs.setdefault(name, RoofAudit()).verdict(entry)
            case RoofOpening.name if name in self._tables:
                yield from self._opens(name, entry)
            case StateChanged.name if name in self._tables:
                yield entry["from"], self._states.get(name, entry["from"])
                self._states[name] = entry["to"]
                yield entry["to"], _moved(self._tables[name], entry)
                if entry["on"] != "unsafe":  # which asks nobody, and says nothing else
                    roof = self.roofs.setdefault(name, RoofAudit())
                    yield from roof.acted(moment(entry["time"]), entry["facts"]["is_safe"])

    def _opens(self, name: str, entry: Entry) -> Parts:
        """Compare a roof that is opened with where its table stands, and with the verdict."""
        state = self._states.get(name)
        if state is not None and (does := self._tables[name].states[state].do) != OPEN:
            yield OPEN, does
        yield from self.roofs.setdefault(name, RoofAudit()).acted(moment(entry["time"]), is_safe=True)

    def _begin(self, entry: Entry) -> None:
        """A night begins, or is taken up again."""
        self._tables = {roof: NightTable.model_validate(table) for roof, table in entry["tables"].items()}
        one = {name: entry["state"] for name in self._tables if entry.get("state")}
        self._states, self.is_cut = entry.get("states") or one, True
        for roof in self.roofs.values():
            roof.begin()


def audit(path: Path) -> Audit:
    """Return what a replay of a journal finds. Raise UserError if it does not say what its verdicts rested on."""
    found, spoilt, number, entry = Audit(), list[int](), 0, Entry()
    for number, entry in enumerate(read(path, lambda _, line: spoilt.append(line)), 1):
        found.take(number + len(spoilt), entry)
    if entry:
        found.end(number + len(spoilt), entry)
    if not any(each.stretches for each in found.roofs.values()):
        raise UserError(
            f"{path} does not say what its verdicts rested on: it is empty, or of a version before 'obsy replay'"
        )
    return found


def _moved(table: NightTable, entry: Mapping[str, Any]) -> str:
    """Return where a table leads."""
    event = TableEvent(entry["on"], moment(entry["time"]), GuardFacts(**entry["facts"]), entry["detail"])
    return step(table, entry["from"], event).state
