"""Files as they come in: archived and registered, put aside with a reason, or left in place and tried again."""

import time
from dataclasses import dataclass
from pathlib import Path

from obsy.engine.frames.copy import release
from obsy.engine.frames.ingest import Ingested, ingest
from obsy.engine.frames.quarantine import quarantine
from obsy.engine.processing.jobs import Jobs
from obsy.engine.processing.outcome import Outcome
from obsy.engine.processing.record import to_store
from obsy.engine.processing.room import Room
from obsy.engine.store.frames import frame, newest_from, register
from obsy.engine.store.open import StoreTrouble
from obsy.errors import ArchiveError, FrameError

COMES_AGAIN = {"vanished", "still-changing"}
"""Faults of the moment, not of the file: the watch tells of it again."""


@dataclass(slots=True)
class Refused:
    """A file the archive did not take; times are seconds, monotonic."""

    since: float
    again_at: float


class Arrivals:
    """Takes each file once; what the archive refuses stays in the camera's folder and is offered again."""

    def __init__(self, room: Room, development: Jobs) -> None:
        self._room, self._development = room, development
        self._refused: dict[Path, Refused] = {}
        self._asked: dict[str, Path] = {}

    def arrive(self, path: Path) -> None:
        """Take a finished file."""
        try:
            self._take(path)
        except (ArchiveError, StoreTrouble) as trouble:
            self._refuse(path, trouble)
        else:
            self._refused.pop(path, None)

    def recall(self, path: Path) -> None:
        """Answer for a file that is here no longer because it came before this process began."""
        self._asked[path.name] = path
        kept = None if path.exists() else newest_from(path.name)
        if kept is not None and not self._development.join(kept.sha256, path.name):
            self._development.answer(path.name, kept)

    def tick(self) -> None:
        """Offer again what was refused, and give up waiting for files that never came."""
        for path, refused in list(self._refused.items()):
            if time.monotonic() >= refused.again_at:
                self.arrive(path)
        if self._room.bench.is_busy():
            return
        for name in self._room.outcomes.open(self._room.rules.patience_s):
            if name in self._asked and not self._asked[name].exists():
                self._room.outcomes.answer(name, Outcome(accepted=False, reason="no-file"))

    def _take(self, path: Path) -> None:
        rules, folders = self._room.rules, self._room.folders
        try:
            ingested = ingest(path, folders.archive, rules.night_of, rules.retention.reserve)
        except FrameError as why:
            if why.code not in COMES_AGAIN:
                self._put_aside(path, why)
            return
        self._keep(path, ingested)

    def _keep(self, path: Path, ingested: Ingested) -> None:
        record = to_store(ingested, path.name, self._room.folders, self._room.rules.roles)
        is_new = register(record)
        self._room.outcomes.seen(path.name)
        if self._room.rules.retention.incoming == "remove":
            release(path, ingested.source)
        self._room.tell("frame-archived", {"frame": path.name, "place": record.path, "new": is_new})
        if self._development.join(record.sha256, path.name):
            return
        kept = record if is_new else frame(record.sha256)
        if kept is None or kept.accepted is None:
            self._development.begin(kept or record, path.name)
        else:
            self._development.answer(path.name, kept)

    def _put_aside(self, path: Path, why: FrameError) -> None:
        place = quarantine(path, self._room.folders.quarantine, why)
        facts = {"frame": path.name, "code": why.code, "reason": str(why), "place": self._room.folders.short(place)}
        self._room.tell("frame-quarantined", facts)
        self._room.outcomes.seen(path.name)
        self._room.outcomes.answer(path.name, Outcome(accepted=False, reason=why.code))

    def _refuse(self, path: Path, trouble: Exception) -> None:
        now = time.monotonic()
        if path not in self._refused:
            self._room.tell("archive-refused", {"frame": path.name, "reason": str(trouble)})
        refused = self._refused.setdefault(path, Refused(now, now))
        refused.again_at = now + self._room.rules.retry_s
        if now - refused.since >= self._room.rules.patience_s:
            self._room.outcomes.answer(path.name, ArchiveError(str(trouble)))
