"""Every decision of a journal made again by the functions that made it, and compared."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from obsy.engine.events.night import StateChanged
from obsy.engine.events.roof import EvidenceNoted, VerdictTurned
from obsy.engine.journal import Entry, moment, read
from obsy.engine.night.event import GuardFacts, TableEvent
from obsy.engine.night.supervisor import step
from obsy.engine.night_record import Span
from obsy.engine.replay.evidence import SPOILT, Again, seen_again, stated
from obsy.engine.safety.judging import Evidence
from obsy.engine.safety.packing import digest, said
from obsy.errors import UserError
from obsy.schemas.night import NightTable

ITS_OWN = "the guard of the roof does not answer"
"""What a night says of itself: no keeper has judged it."""
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


class RoofAudit:
    """What is made again of the decisions over one roof."""

    def __init__(self) -> None:
        """Nothing is known."""
        self.stretches: list[Stretch] = []
        self.gaps: list[Span] = []
        """Between these, notes are missing."""
        self.compared = 0
        self._again: Again | None = None
        self._part, self._until = -1, datetime.max
        self._due: list[dict[str, Any]] = []
        """Verdicts that the night has not written down yet."""

    def note(self, note: Entry) -> Parts:
        """Judge again what was seen. Raise one of SPOILT if the note is not as obsy writes it."""
        since, follows = moment(note["since"]), note["part"] == self._part + 1 and self._again is not None
        if not follows and note["part"] and self.stretches:
            lost = self.gaps.pop() if self._again is None and self.gaps else Span(self._until, since)
            self.gaps.append(Span(lost.start, since))
        if not follows:
            self._again = stated(note) if note.get("standing") is not None else None
            self.stretches += [Stretch(note)] if self._again is not None else []
        self._part = note["part"]
        if self._again is None:
            return
        judging = self._again.judging
        for seen in seen_again(note, self._again):
            judging.take(seen)
            self._until = seen.at
            self.stretches[-1].seen.append(seen)
        yield note["memory"], digest(judging.memory)
        if note.get("verdict") is not None:
            self._due.append(said(judging.current))
            yield note["verdict"], self._due[-1]

    def verdict(self, entry: Entry) -> Parts:
        """Compare a verdict, as the night wrote it, with those that are due."""
        told = {name: entry[name] for name in ("safe", "reason", "input")}
        if self._again is None or told["reason"] == ITS_OWN:
            return
        places = [place for place, due in enumerate(self._due) if told.items() <= due.items()]
        yield told, told if places else {name: said(self._again.judging.current).get(name, "") for name in told}
        del self._due[: places[0] + 1 if places else 0]


@dataclass(slots=True)
class Audit:
    """What a replay has found."""

    roofs: dict[str, RoofAudit] = field(default_factory=dict)
    compared: dict[str, int] = field(default_factory=dict)
    """How much was compared, by the event."""
    differences: list[Difference] = field(default_factory=list)
    _tables: dict[str, NightTable] = field(default_factory=dict)

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
            self._tables = {roof: NightTable.model_validate(table) for roof, table in entry["tables"].items()}
        match entry["event"]:
            case EvidenceNoted.name:
                yield from self.roofs.setdefault(name, RoofAudit()).note(entry)
            case VerdictTurned.name if name in self.roofs:
                yield from self.roofs[name].verdict(entry)
            case StateChanged.name if name in self._tables:
                yield entry["to"], _moved(self._tables[name], entry)


def audit(path: Path) -> Audit:
    """Return what a replay of a journal finds. Raise UserError if it does not say what its verdicts rested on."""
    found, spoilt = Audit(), list[int]()
    for number, entry in enumerate(read(path, lambda _, line: spoilt.append(line)), 1):
        found.take(number + len(spoilt), entry)
    if not any(each.stretches for each in found.roofs.values()):
        raise UserError(
            f"{path} does not say what its verdicts rested on: it is empty, or of a version before 'obsy replay'"
        )
    return found


def _moved(table: NightTable, entry: Mapping[str, Any]) -> str:
    """Return where a table leads."""
    event = TableEvent(entry["on"], moment(entry["time"]), GuardFacts(**entry["facts"]), entry["detail"])
    return step(table, entry["from"], event).state
