"""What the process that tells people does with what it hears: send, try again, keep a journal, ask for a hand."""

from contextlib import suppress
from datetime import UTC, date, datetime
from functools import partial

from obsy.engine.declare.recipients import Audience
from obsy.engine.disk import write_whole
from obsy.engine.events import Event
from obsy.engine.events.telling import (
    AlarmsAcknowledged,
    HeartbeatFailed,
    MessageFailed,
    MessageSent,
    ObsyDied,
    ObsyFailed,
    ObsySilent,
    OutputFailed,
)
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.journal import Entry, Journal, moment, stamp
from obsy.engine.telling import service
from obsy.engine.telling.desk import Desk
from obsy.engine.telling.errand import Beats, Errand
from obsy.engine.telling.line import BYE, IN_HAND
from obsy.engine.telling.note import Message, Note, Sender
from obsy.engine.telling.outbox import Outbox
from obsy.engine.telling.outputs import Outputs
from obsy.engine.telling.situation import BEGINS
from obsy.engine.telling.vigil import SILENT_AFTER_S, Vigil
from obsy.moments import night_of

UNHEARD_S = 390.0
"""When outputs turn to unsafe: the weather is noted every five minutes."""
STAYS_S, MOURNS_S = 3600.0, 12 * 3600.0
"""How long the messages of a night that has ended are tried again, and how long one that has died is told of."""


class Teller:
    """Hears a night, and sends what its desk makes of it. Times are seconds of a clock that never goes back."""

    def __init__(
        self, data_root: DataRoot, who: Audience, *, rehearsal: bool = False, since_s: float | None = 0.0
    ) -> None:
        """since_s: when its night is heard from; None where silence is no harm, as of a guard."""
        self.desk = Desk(Sender(who.site.name, who.site.timezone, rehearsal), who.recipients)
        self._data_root, self._rehearsal, self._beats = data_root, rehearsal, Beats(who.heartbeats)
        self._outputs = Outputs(() if rehearsal else who.outputs, who.root, who.site.timezone)
        self._longitude_deg = who.site.longitude
        self._journal: Journal | None = None
        self._errands: dict[str, tuple[Outbox, tuple[Note, ...], Message, Errand]] = {}
        self._at = datetime.now(UTC)
        self._vigil, self._heard_s = Vigil(since_s), since_s or 0.0
        self._died = False
        self._faults: set[str] = set()
        self._over_s: float | None = None
        self._acknowledgement = self._look()

    def hear(self, entry: Entry, now_s: float) -> None:
        """Take one event in."""
        if self._rehearsal:
            self._at = moment(entry["time"])
        if entry["event"] == BYE:
            self._over_s = now_s
            if entry.get("reason"):
                self._say(ObsyFailed(reason=entry["reason"]), now_s)
            return
        if entry["event"] == IN_HAND:
            return self._outputs.beat(moment(entry["time"]), self._now(), now_s)
        if entry.get("night"):
            self._journal = self._journal or self._open(date.fromisoformat(entry["night"]))
        self._heard_s = now_s
        self.desk.hear(entry, now_s)
        self._vigil.hear(entry, self.desk.situation, now_s)
        if entry["event"] in BEGINS:
            self._take_over()

    def lost(self, now_s: float) -> None:
        """Nothing more will be heard; without a last word, obsy has died."""
        if self._over_s is None:
            self._over_s, self._died = now_s, True
            self._say(ObsyDied(), now_s)

    def tick(self, now_s: float) -> None:
        """Send what is due, and see what became of what was sent."""
        if (seen := self._look()) != self._acknowledgement:
            self._acknowledgement = seen
            self._say(AlarmsAcknowledged(by=self._by()), now_s)
        self._conclude(now_s)
        for box, notes in self.desk.due(now_s, last=self._over_s is not None):
            if box.recipient.name not in self._errands:
                told = self.desk.message(box, notes, self._now())
                call = partial(service.send, box.recipient.address.get_secret_value(), told)
                self._errands[box.recipient.name] = (box, notes, told, Errand(call))
        if self._over_s is None and not self._rehearsal:
            self._listen(now_s)
        if self.desk.situation.begun:
            self._show(now_s)
        for name, reason in self._outputs.failures():
            self._keep(OutputFailed(to=name, reason=reason))

    @property
    def busy(self) -> bool:
        """Whether a service is being waited for."""
        return bool(self._errands)

    def is_done(self, now_s: float) -> bool:
        """Return whether all is told of a night that is over, or it is too late for it."""
        if self._over_s is None:
            return False
        waits = self.busy or self._outputs.busy or any(box.pending for box in self.desk.boxes.values())
        if self._died:
            return now_s - self._over_s >= MOURNS_S or not (waits or self.desk.unacknowledged)
        return now_s - self._over_s >= STAYS_S or not waits

    def note_fault(self, fault: Exception) -> None:
        """Journal a fault of ours, once."""
        if repr(fault) not in self._faults:
            self._faults.add(repr(fault))
            self._keep(MessageFailed(to="everybody", title="a fault of obsy", reason=repr(fault)))

    def close(self) -> None:
        """Let go of the journal once all is in it."""
        if self._journal is not None:
            self._journal.__exit__()

    def _take_over(self) -> None:
        """Let a process rest that still tells how this night died."""
        with suppress(OSError):
            write_whole(self._data_root.acknowledged, b"obsy, which runs again,")
        self._acknowledgement = self._look()

    def _conclude(self, now_s: float) -> None:
        """Journal what became of the messages that are not under way any more."""
        for name, (box, notes, told, errand) in list(self._errands.items()):
            if not errand.over:
                continue
            del self._errands[name]
            if errand.reason:
                box.failed(now_s)
                self._keep(MessageFailed(to=name, title=told.title, reason=errand.reason))
            else:
                box.sent(notes, now_s)
                self._keep(MessageSent(to=name, title=told.title, notes=len(notes)))

    def _listen(self, now_s: float) -> None:
        """Let the heartbeats beat while the night is heard, and call people when it is not."""
        for enclosure in self._vigil.fallen_silent(now_s):
            self._say(ObsySilent(minutes=round(SILENT_AFTER_S / 60), enclosure=enclosure or None), now_s)
        if self._vigil.is_heard:
            self._beats.beat(now_s)
        for name, reason in self._beats.failures():
            self._keep(HeartbeatFailed(to=name, reason=reason))

    def _show(self, now_s: float) -> None:
        """Tell other programs how it stands; they are told that it is unsafe as soon as nobody is heard any more."""
        silent = "obsy has said nothing for minutes" if now_s - self._heard_s >= UNHEARD_S else ""
        if self._over_s is not None:
            silent = "obsy died" if self._died else "the night is over"
        outlook = partial(self.desk.situation.outlook, silent=silent)
        self._outputs.show(outlook, self._now(), now_s, renew=self._over_s is None)

    def _say(self, event: Event, now_s: float) -> None:
        """Tell people of an event of our own."""
        self._keep(event)
        self.desk.hear({"time": stamp(self._now()), "event": event.name, **event.facts()}, now_s)

    def _keep(self, event: Event) -> None:
        self._journal = self._journal or self._open(night_of(self._now(), self._longitude_deg))
        self._journal.note(self._now(), event)

    def _open(self, night: date) -> Journal:
        return Journal(self._data_root.told(night), night.isoformat())

    def _now(self) -> datetime:
        return self._at if self._rehearsal else datetime.now(UTC)

    def _look(self) -> int:
        """Return what changes each time that somebody acknowledges."""
        try:
            return self._data_root.acknowledged.stat().st_mtime_ns
        except OSError:
            return 0

    def _by(self) -> str:
        try:
            return self._data_root.acknowledged.read_text(encoding="utf-8").strip() or "somebody"
        except (OSError, ValueError):
            return "somebody"
