"""Who is told what, and when: events in, messages out. Pure: it sends nothing, and knows no clock of its own."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from obsy.engine.events import ALARM, NOTICE, TROUBLE, severity, words
from obsy.engine.events.roof import RoofClosed
from obsy.engine.events.telling import AlarmsAcknowledged, NightSummed, ObsyFailed
from obsy.engine.journal import Entry, moment
from obsy.engine.telling.note import Message, Note, Sender, message, note_of
from obsy.engine.telling.outbox import Outbox
from obsy.engine.telling.situation import BEGINS, Situation
from obsy.schemas.recipient import Recipient

CARED_FOR_S = 3600.0
"""How long an alarm that somebody has acknowledged is only trouble; shorter if its roof closes meanwhile."""
ASKS = "If you take care of it, give 'obsy ack'; until then it comes again, and others are called."
NAGS_FOR_S = 12 * 3600.0
"""An alarm that nobody acknowledges for so long is not repeated any more, unless it is raised again."""


@dataclass(slots=True)
class _Alarm:
    """An alarm that nobody has acknowledged."""

    note: Note
    since_s: float
    told: dict[str, float] = field(default_factory=dict)
    """When each recipient was told of it last."""

    def is_raised(self, now_s: float) -> bool:
        """Return whether it is repeated still."""
        return now_s - self.since_s < NAGS_FOR_S


class Desk:
    """One night's messages. Times are seconds of any clock that never goes back."""

    def __init__(self, sender: Sender, recipients: Iterable[Recipient]) -> None:
        self.sender = sender
        self.boxes = {each.name: Outbox(each) for each in recipients}
        self._alarms: dict[str, _Alarm] = {}
        self._cared_for: dict[str, tuple[float, str]] = {}
        """By the sort of an alarm, when it was acknowledged, and its enclosure."""
        self.situation = Situation()
        self._several = False

    @property
    def unacknowledged(self) -> bool:
        """Whether an alarm waits for somebody."""
        return bool(self._alarms)

    def hear(self, entry: Entry, now_s: float) -> None:
        """Take an event in."""
        self._several |= bool(entry.get("states"))
        self.situation.hear(entry)
        if entry["event"] in BEGINS:
            self._cared_for.clear()
        if entry["event"] in (NightSummed.name, ObsyFailed.name):  # the second comes instead of the first
            text, grade = entry.get("text", ""), severity(entry)
            summary = Note(moment(entry["time"]), grade, words(entry), urgent=True, text=text)
            self._tell("summary", summary, now_s)
        elif entry["event"] == AlarmsAcknowledged.name:
            self._cared_for |= {sort: (now_s, each.note.enclosure) for sort, each in self._alarms.items()}
            self._settle(Note(moment(entry["time"]), NOTICE, words(entry), urgent=True), list(self._alarms), now_s)
        elif (note := note_of(entry, self._several)) is not None:
            self._take(note, now_s, ends_alarms=entry["event"] == RoofClosed.name)
        self._call(now_s)

    def _take(self, note: Note, now_s: float, *, ends_alarms: bool) -> None:
        if note.severity < ALARM:
            ended = self._end(note.enclosure) if ends_alarms else []
            over = replace(note, words=f"it is over: {note.words}", urgent=True)
            self._tell(note.severity.name.lower(), note, now_s, besides=self._settle(over, ended, now_s))
        elif now_s - self._cared_for.get(note.sort, (float("-inf"), ""))[0] < CARED_FOR_S:
            self._tell(TROUBLE.name.lower(), replace(note, severity=TROUBLE, urgent=False), now_s)
        elif (alarm := self._alarms.get(note.sort)) is not None and alarm.is_raised(now_s):
            alarm.note = note
        else:
            self._alarms[note.sort] = _Alarm(note, now_s)

    def _end(self, enclosure: str) -> list[str]:
        """Forget what was cared for under an enclosure whose roof has closed, and return the alarms that this ends."""
        kept = {sort: each for sort, each in self._cared_for.items() if each[1] not in ("", enclosure)}
        self._cared_for = kept
        return [sort for sort, each in self._alarms.items() if each.note.enclosure == enclosure]

    def _tell(self, what: str, note: Note, now_s: float, besides: Collection[str] = ()) -> None:
        for name, box in self.boxes.items():
            if what in box.recipient.hears and name not in besides:
                box.hear(note, now_s)

    def _settle(self, note: Note, sorts: Sequence[str], now_s: float) -> set[str]:
        """End alarms, and tell whoever was called by them; return their names."""
        ended = [self._alarms.pop(sort) for sort in sorts]
        called = {name for alarm in ended for name in alarm.told}
        for name in sorted(called):
            self.boxes[name].hear(note, now_s)
        return called

    def _call(self, now_s: float) -> None:
        """Tell each recipient of the alarms that it has not heard of, and of all again when it is time."""
        waited_s = now_s - min((alarm.since_s for alarm in self._alarms.values()), default=now_s)
        for name, box in self.boxes.items():
            if "alarm" not in box.recipient.hears or waited_s < box.recipient.after:
                continue
            new = [each for each in self._alarms.values() if name not in each.told]
            nags = [each for each in self._alarms.values() if name in each.told and each.is_raised(now_s)]
            last_s = min((each.told[name] for each in nags), default=now_s)
            for alarm in [*new, *(nags if now_s - last_s >= box.recipient.again else ())]:
                again = "again: " if name in alarm.told else ""
                box.hear(replace(alarm.note, words=f"{again}{alarm.note.words}"), now_s)
                alarm.told[name] = now_s

    def due(self, now_s: float, *, last: bool = False) -> Iterator[tuple[Outbox, tuple[Note, ...]]]:
        """Yield the notes that are to be sent now, as one message for each recipient; see `Outbox.due`."""
        self._call(now_s)
        for box in self.boxes.values():
            if notes := box.due(now_s, last=last):
                yield box, notes

    def message(self, box: Outbox, notes: tuple[Note, ...], at: datetime) -> Message:
        """Return notes as they are written to a recipient."""
        calls = self._alarms and any(note.severity >= ALARM for note in notes)
        told = message(self.sender, notes, (at, self.situation.record()), ASKS if calls else "")
        return replace(told, body=f"{told.body}\n\n(and {box.left_out} more)") if box.left_out else told


def rehearsed(
    entries: Iterable[Entry], sender: Sender, recipients: Iterable[Recipient]
) -> Iterator[tuple[datetime, str, Message]]:
    """Yield what a journal's events make people read: when, who, and what. The clock is that of the events."""
    desk, at = Desk(sender, recipients), None
    for entry in entries:
        at = moment(entry["time"])
        yield from _delivered(desk, at)
        desk.hear(entry, at.timestamp())
    if at is not None:
        yield from _delivered(desk, at, last=True)


def _delivered(desk: Desk, at: datetime, *, last: bool = False) -> Iterator[tuple[datetime, str, Message]]:
    now_s = at.timestamp()
    for box, notes in desk.due(now_s, last=last):
        yield at, box.recipient.name, desk.message(box, notes, at)
        box.sent(notes, now_s)
