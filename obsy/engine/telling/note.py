"""One thing to tell, and the message that several of them make."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from obsy.engine.events import ALARM, NOTICE, Severity, severity, words
from obsy.engine.journal import Entry, moment
from obsy.engine.night_record import EnclosureRecord, NightRecord
from obsy.engine.report.words import by_local_clocks, clock, stamped

LONGEST = 120
"""Characters of a title; a telephone shows fewer."""

_DATE = r"\d{4}-\d\d-\d\dT?"
_NUMBER = r"(?<![A-Za-z\d.:])(?<![A-Za-z]-)-?\d+([.:]\d+)*(e[-+]?\d+)?"


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to tell."""

    at: datetime
    severity: Severity
    words: str
    enclosure: str = ""
    urgent: bool = False
    """It waits for no others: an alarm, its end, or the report."""
    text: str = ""
    """What follows the message."""
    count: int = 1
    """How often it was said since it was told last."""

    @property
    def sort(self) -> str:
        """What it has in common with others that say the same with other numbers; those in names are none."""
        return re.sub(_NUMBER, "#", re.sub(_DATE, "", self.words))


@dataclass(frozen=True, slots=True)
class Message:
    """What a service is given."""

    title: str
    body: str
    severity: Severity = NOTICE


@dataclass(frozen=True, slots=True)
class Sender:
    """In whose name messages are written, and by which clocks."""

    site: str
    timezone: str
    rehearsal: bool = False


def note_of(entry: Entry, several: bool) -> Note | None:
    """Return what people are told of an entry; None if it is for the journal alone.

    several: whether there are several enclosures.
    """
    grade, said = severity(entry), words(entry, several)
    if grade < NOTICE or not said:
        return None
    return Note(moment(entry["time"]), grade, said, str(entry.get("enclosure") or ""), urgent=grade >= ALARM)


def message(sender: Sender, notes: Sequence[Note], now: tuple[datetime, NightRecord], asks: str = "") -> Message:
    """Return notes as one message, and how the observatory stands.

    now: the moment of writing, and the night as far as it has come.
    asks: what is asked of whoever reads it.
    """
    notes = sorted(notes, key=lambda each: each.at)
    gravest = max(reversed(notes), key=lambda each: (each.severity, bool(each.text), each.at))
    texts = [each.text for each in notes if each.text]
    lines = [_line(each, sender.timezone) for each in notes if not each.text]
    stands = [] if texts else [_stands(night, sender.timezone, now) for night in now[1].enclosures if now[1].begun]
    body = ["\n".join(lines), "\n".join(stands), *texts, asks]
    return Message(_title(sender, notes, gravest), "\n\n".join(filter(None, body)), gravest.severity)


def _title(sender: Sender, notes: Sequence[Note], gravest: Note) -> str:
    """Return what a telephone shows: the alarm, or the headline of the report, or all in short."""
    chosen = [gravest] if gravest.severity >= ALARM or gravest.text else notes
    said = "; ".join(by_local_clocks(each.words, sender.timezone, each.at) for each in chosen)
    whose = f"{'rehearsal: ' * sender.rehearsal}{'ALARM ' * (gravest.severity >= ALARM)}{sender.site}"
    title, more = f"{whose}: {said}", f" (+{len(notes) - 1})" if chosen != notes and not gravest.text else ""
    more = more if len(notes) > 1 else ""
    return (title if len(title + more) <= LONGEST else f"{title[: LONGEST - len(more) - 1]}…") + more


def _line(note: Note, timezone: str) -> str:
    times = f" ({note.count} times)" if note.count > 1 else ""
    return f"{clock(note.at, timezone)}  {by_local_clocks(note.words, timezone, note.at)}{times}"


def _stands(night: EnclosureRecord, timezone: str, now: tuple[datetime, NightRecord]) -> str:
    """'At 03:12 UTC+1: closing; roof told to close; mount parked; unsafe: rain 2.5 mm/h, above 0'."""
    roof = {"closing": "told to close", "opening": "told to open"}.get(night.roof_is, night.roof_is)
    reason = by_local_clocks(night.reason, timezone, now[0])
    verdict = "" if night.safe or reason.startswith("not yet: ") else "unsafe: "
    parts = [night.state, roof and f"roof {roof}", night.mount_is and f"mount {night.mount_is}"]
    parts += [f"{verdict}{reason}"] if reason else []
    where = f"{night.enclosure} at" if len(now[1].enclosures) > 1 else "At"
    return f"{where} {stamped(now[0], timezone)}: {'; '.join(filter(None, parts))}"
