"""What one recipient is still to be told: not the same twice, not one message after the other, nothing lost."""

from dataclasses import replace

from obsy.engine.events import TROUBLE
from obsy.engine.telling.note import Note
from obsy.schemas.recipient import Recipient

GATHER_S, APART_S = 60.0, 30.0
"""How long what is not urgent waits for what belongs to it, and how far apart urgent messages are."""
TRIES_S = (15.0, 60.0, 300.0, 600.0)
"""Before a message that was refused is tried again; the last for all that follow."""
LONGER = 2.0
"""The same trouble is told again after so much longer each time: it is a matter of the morning."""
MOST = 60
"""A message tells of no more; the oldest that are not urgent are left out, and counted."""


class Outbox:
    """Holds notes until it is time. Times are seconds of any clock that never goes back."""

    def __init__(self, recipient: Recipient) -> None:
        self.recipient = recipient
        self._pending: list[tuple[float, Note]] = []
        self._heard: dict[str, tuple[float, int, float]] = {}
        """When each sort of note was let in last, how many were not since, and how long none is."""
        self._sent_s, self._not_before_s = float("-inf"), float("-inf")
        self._tries, self.left_out = 0, 0

    def hear(self, note: Note, now_s: float) -> None:
        """Take a note in, unless the same was said a short while ago: then it is counted."""
        since_s, spared, pause_s = self._heard.get(note.sort, (float("-inf"), 0, self.recipient.pause / LONGER))
        if not note.urgent and now_s - since_s < pause_s:
            self._heard[note.sort] = since_s, spared + 1, pause_s
            return
        self._heard[note.sort] = now_s, 0, LONGER * pause_s if note.severity is TROUBLE else self.recipient.pause
        self._pending.append((now_s, replace(note, count=1 + spared)))
        if len(self._pending) > MOST:
            idle = next((pair for pair in self._pending if not pair[1].urgent), self._pending[0])
            self._pending.remove(idle)
            self.left_out += 1

    def due(self, now_s: float, *, last: bool = False) -> tuple[Note, ...]:
        """Return what is to be sent now, as one message; nothing if it is too early.

        last: whether nothing more will be heard, so that nothing waits for what may follow.
        """
        if not self._pending or now_s < self._not_before_s:
            return ()
        if last:
            return self.pending
        urgent = any(note.urgent for _, note in self._pending)
        soonest_s = self._sent_s + (APART_S if urgent else self.recipient.pause)
        if not urgent:
            soonest_s = max(soonest_s, self._pending[0][0] + GATHER_S)
        return self.pending if now_s >= soonest_s else ()

    @property
    def pending(self) -> tuple[Note, ...]:
        """Return all that was not sent."""
        return tuple(note for _, note in self._pending)

    def sent(self, notes: tuple[Note, ...], now_s: float) -> None:
        """Forget what the service took."""
        self._pending = [pair for pair in self._pending if pair[1] not in notes]
        self._sent_s, self._not_before_s, self._tries, self.left_out = now_s, float("-inf"), 0, 0

    def failed(self, now_s: float) -> None:
        """Wait longer after each failure; what comes meanwhile goes with it."""
        self._not_before_s = now_s + TRIES_S[min(self._tries, len(TRIES_S) - 1)]
        self._tries += 1
