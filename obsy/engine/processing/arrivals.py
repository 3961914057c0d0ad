"""Files as they come in: archived and registered, put aside with a reason, or left in place and tried again."""

import time
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path

from obsy.engine.disk import within
from obsy.engine.events.frames import ArchiveRefused, ArchiveTook, FrameQuarantined
from obsy.engine.frames.copy import Seen, release, seen, sha256_of
from obsy.engine.frames.frame import Frame
from obsy.engine.frames.ingest import Ingested, ingest, quarantine
from obsy.engine.frames.name import readable
from obsy.engine.processing.rules import Crew
from obsy.engine.processing.sidecar import write_sidecar
from obsy.engine.store.record import Arrival, State, StoredFrame
from obsy.engine.store.store import StoreError
from obsy.errors import ArchiveError, FrameError

COMES_AGAIN = {"vanished", "still-changing"}
"""Faults of the moment, not of the file: the watch tells of it again."""
UNREADABLE, BAD_NAME = "unreadable", "bad-name"
"""What is the matter with a file that trips obsy up, and with one whose name is not UTF-8."""


@dataclass(slots=True)
class Refused:
    """A file the archive did not take; times are seconds, monotonic."""

    since: float
    again_at: float
    reason: str = ""


class Arrivals:
    """Takes each file once; what the archive refuses stays in the camera's folder and is offered again."""

    def __init__(self, crew: Crew) -> None:
        self._crew = crew
        self._refused: dict[Path, Refused] = {}

    def resume(self) -> None:
        """Take the files again of which an earlier process made nothing."""
        for arrival in self._crew.store.open_arrivals():
            self.take(arrival.path)

    def take(self, path: Path) -> None:
        """Bring a finished file to the end of its way in."""
        try:
            self._take(path)
        except (ArchiveError, StoreError, OSError) as trouble:
            self._refuse(path, str(trouble))
        except FrameError:  # it went away while it was put aside: the watch tells of it again
            self._forget(path)
        else:
            self._refused.pop(path, None)

    def retry(self) -> None:
        """Offer again what was refused some time ago."""
        for path, refused in list(self._refused.items()):
            if time.monotonic() >= refused.again_at:
                self.take(path)

    def refusal(self, path: Path) -> str | None:
        """Why the archive has not taken this file for longer than the rules' patience; None if it has not refused."""
        refused = self._refused.get(path)
        late = refused is not None and time.monotonic() - refused.since >= self._crew.rules.patience_s
        return refused.reason if refused is not None and late else None

    def _take(self, path: Path) -> None:
        crew = self._crew
        try:
            if readable(str(path)) != str(path):  # which no store, journal or sidecar can hold
                return self._put_away(path)
            arrival = crew.store.note(Arrival(path, seen(path)))
        except FileNotFoundError:
            return self._forget(path)
        if arrival.state is State.ARCHIVED and self._is_proven(arrival):
            return self._release(arrival)  # an earlier process was killed before it could
        if arrival.state is State.QUARANTINED:  # likewise
            why = FrameError(arrival.reason, "it was put aside before")
            release(path, quarantine(path, crew.data_root.quarantine, why)[1])
            return None
        try:
            return self._bring_in(arrival)
        except (FrameError, ArchiveError, StoreError, OSError):
            raise
        except Exception as fault:  # one file must not keep all others from being taken
            why = FrameError(UNREADABLE, f"obsy cannot read it ({type(fault).__name__}: {fault})")
            return self._put_aside(arrival, why)

    def _bring_in(self, arrival: Arrival) -> None:
        crew, path = self._crew, arrival.path
        try:
            ingested = ingest(path, crew.data_root.archive, crew.rules.night_of, crew.rules.retention.reserve)
        except FrameError as why:
            return crew.store.forget(arrival) if why.code in COMES_AGAIN else self._put_aside(arrival, why)
        if ingested.source != arrival.seen:  # it has changed since it was noted
            crew.store.forget(arrival)
        return self._keep(replace(arrival, seen=ingested.source), ingested)

    def _keep(self, arrival: Arrival, ingested: Ingested) -> None:
        crew = self._crew
        frame = crew.store.frame(ingested.frame.sha256) or self._stored(arrival, ingested)
        archived = replace(arrival, state=State.ARCHIVED, sha256=frame.sha256)
        before = [each for each in crew.store.arrivals(frame.sha256) if each != archived]
        products = crew.store.products_of(frame.sha256)
        write_sidecar(frame.path, crew.store.folder, frame=frame, arrivals=(*before, archived), products=products)
        crew.store.archive(archived, frame)
        if arrival.state is State.REFUSED or arrival.path in self._refused:
            crew.tell(ArchiveTook(frame=readable(arrival.path.name)))
        self._release(archived)

    def _stored(self, arrival: Arrival, ingested: Ingested) -> StoredFrame:
        frame = self._crew.rules.identified(ingested.frame, arrival.path)
        said = {part.name: getattr(frame, part.name) for part in fields(Frame)} | {"path": ingested.archived}
        return StoredFrame(
            **said, source=within(arrival.path, self._crew.data_root.incoming).as_posix(), night=ingested.night
        )

    def _put_aside(self, arrival: Arrival, why: FrameError) -> None:
        place, proven = self._quarantine(arrival.path, why)
        aside = replace(arrival, state=State.QUARANTINED, reason=why.code)
        write_sidecar(place, self._crew.store.folder, arrivals=[aside])
        self._crew.store.move(aside)
        release(arrival.path, proven)

    def _put_away(self, path: Path) -> None:
        with suppress(FrameError):  # it went away
            release(path, self._quarantine(path, FrameError(BAD_NAME, "its name is not UTF-8"))[1])

    def _quarantine(self, path: Path, why: FrameError) -> tuple[Path, Seen]:
        place, proven = quarantine(path, self._crew.data_root.quarantine, why)
        where, name = self._crew.data_root.short(place), readable(path.name)
        self._crew.tell(FrameQuarantined(frame=name, code=why.code, reason=str(why), place=where))
        return place, proven

    def _is_proven(self, arrival: Arrival) -> bool:
        """Whether the archive still has what came as this file; where the file is about to go, to the last byte."""
        frame = self._crew.store.frame(arrival.sha256 or "")
        if frame is None or not frame.path.exists():
            return False
        return self._crew.rules.retention.incoming == "keep" or sha256_of(frame.path) == frame.sha256

    def _release(self, arrival: Arrival) -> None:
        if self._crew.rules.retention.incoming == "remove":
            release(arrival.path, arrival.seen)

    def _forget(self, path: Path) -> None:
        """Drop a file that went away; it is told of again if it comes back."""
        arrival = self._crew.store.newest_arrival(path)
        if arrival is not None and arrival.path == path and arrival.state in (State.ARRIVED, State.REFUSED):
            self._crew.store.forget(arrival)

    def _refuse(self, path: Path, reason: str) -> None:
        now = time.monotonic()
        if path not in self._refused:
            self._crew.tell(ArchiveRefused(frame=readable(path.name), reason=reason))
        refused = self._refused.setdefault(path, Refused(now, now))
        refused.again_at, refused.reason = now + self._crew.rules.retry_s, reason
        with suppress(StoreError, OSError, UnicodeError):  # a full disk may hold the store as well
            self._crew.store.move(Arrival(path, seen(path), State.REFUSED, "refused"))
