"""What becomes of a file that has been checked: archived and registered, or put aside with its reason."""

from dataclasses import dataclass, fields, replace
from pathlib import Path

from obsy.engine.disk import within
from obsy.engine.frames.check import PutAside
from obsy.engine.frames.copy import sha256_of
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.frames.frame import Frame
from obsy.engine.frames.ingest import Arriving, Fetched, Ingested, shelve
from obsy.engine.processing.rules import ProcessingRules
from obsy.engine.processing.sidecar import write_sidecar
from obsy.engine.store.record import Arrival, State, StoredFrame
from obsy.engine.store.store import Store
from obsy.errors import FrameError

BAD_NAME = "bad-name"
"""What is the matter with a file whose name is not UTF-8: no store, journal or sidecar can hold it."""


def no_name() -> FrameError:
    """Return why a file with such a name is put aside."""
    return FrameError(BAD_NAME, "its name is not UTF-8")


@dataclass(frozen=True, slots=True)
class Intake:
    """The one way into archive and store, or into the quarantine; what is taken in stays where it is."""

    store: Store
    rules: ProcessingRules

    @property
    def data_root(self) -> DataRoot:
        """Where everything lies: beside the store."""
        return DataRoot(self.store.folder)

    def order(self, path: Path, why: FrameError | None = None) -> Arriving:
        """Return what whoever checks a file must know. why: why it is put aside, if that is known already."""
        root = self.data_root
        return Arriving(path, root.archive, root.quarantine, self.rules.retention.reserve, why)

    def take(self, arrival: Arrival, found: Fetched | PutAside) -> StoredFrame | PutAside:
        """Bring a noted file to its end. Raises ArchiveError, StoreError or OSError if that cannot be had now."""
        if isinstance(found, PutAside):
            self.put_aside(arrival, found)
            return found
        ingested = shelve(found, self.data_root.archive, self.rules.night_of)
        if ingested.source != arrival.seen:  # it has changed since it was noted
            self.store.forget(arrival)
        return self._register(replace(arrival, seen=ingested.source), ingested)

    def put_aside(self, arrival: Arrival, found: PutAside) -> None:
        """Note beside the file that was put aside, and in the store, as what it came."""
        aside = replace(arrival, state=State.QUARANTINED, reason=found.why.code)
        write_sidecar(found.place, self.store.folder, arrivals=[aside])
        self.store.move(aside)

    def is_proven(self, arrival: Arrival) -> bool:
        """Whether the archive still has what came as this file; where the file is about to go, to the last byte."""
        frame = self.store.frame(arrival.sha256 or "")
        if frame is None or not frame.path.exists():
            return False
        return self.rules.retention.incoming == "keep" or sha256_of(frame.path) == frame.sha256

    def drop(self, path: Path) -> None:
        """Forget that a file came of which nothing was made; it is told of again if it comes back."""
        arrival = self.store.newest_arrival(path)
        if arrival is not None and arrival.path == path and arrival.state in (State.ARRIVED, State.REFUSED):
            self.store.forget(arrival)

    def _register(self, arrival: Arrival, ingested: Ingested) -> StoredFrame:
        store, known = self.store, self.store.frame(ingested.frame.sha256)
        is_back = known is not None and not known.path.exists()  # its file was lost, and may now lie elsewhere
        frame = known or self._stored(arrival, ingested)
        if is_back:
            frame = replace(frame, path=ingested.archived, night=ingested.night)
        archived = replace(arrival, state=State.ARCHIVED, sha256=frame.sha256)
        before = [each for each in store.arrivals(frame.sha256) if each != archived]
        products = store.products_of(frame.sha256)
        write_sidecar(frame.path, store.folder, frame=frame, arrivals=(*before, archived), products=products)
        with store.together():
            store.archive(archived, frame)
            if is_back:
                store.put(frame)
        return frame

    def _stored(self, arrival: Arrival, ingested: Ingested) -> StoredFrame:
        frame = self.rules.identified(ingested.frame, arrival.path)
        said = {part.name: getattr(frame, part.name) for part in fields(Frame)} | {"path": ingested.archived}
        source = within(arrival.path, self.data_root.incoming).as_posix()
        return StoredFrame(**said, source=source, night=ingested.night)
