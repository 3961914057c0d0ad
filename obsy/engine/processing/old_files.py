"""Folders of old files, brought in by the way of a camera's: each noted, copied, proven, shelved and registered."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any

from obsy.engine.events import Event
from obsy.engine.events.frames import FrameQuarantined
from obsy.engine.frames.check import Arriving
from obsy.engine.frames.copy import Seen, release, seen_to_read, sha256_of, sweep
from obsy.engine.frames.name import readable
from obsy.engine.processing.arrivals import Arrivals
from obsy.engine.processing.brought_in import BroughtIn, FileOutcome, gone
from obsy.engine.processing.rules import Crew, ProcessingRules
from obsy.engine.safety.lock import INGEST, only_one
from obsy.engine.store.record import State
from obsy.engine.store.store import Store, StoreError
from obsy.errors import ArchiveError, FrameError, SourceError

TOGETHER = 50
"""So many files are one change of the store: those of a change that was cut short are still where they were."""
LETS_GO_S = 0.05
"""So long a night that waits may begin after each change of the store."""
Track = Callable[[Sequence[Path]], Iterable[Path]]


class Manner(StrEnum):
    """What happens to a file that the archive has."""

    COPY = "copy"
    MOVE = "move"
    LINK = "link"


def bring_in(
    paths: Sequence[Path], store: Store, rules: ProcessingRules, manner: Manner, track: Track = iter
) -> Iterator[BroughtIn]:
    """Yield what became of each file, once that is for good.

    Raises NightRunning while a night runs, and before the next files where one begins meanwhile, ArchiveError if the
    archive takes no more; what came before is kept.
    """
    said: list[Event] = []
    incoming = "remove" if manner is Manner.MOVE else "keep"  # what goes is compared with its copy once more
    rules = replace(rules, retention=rules.retention.model_copy(update={"incoming": incoming}))
    with ThreadPoolExecutor(1) as nobody:  # nothing is reduced here
        crew = Crew(store, rules, nobody, tell=said.append)
        lock = crew.data_root.lock
        with only_one(crew.data_root.lock_by_hand, INGEST):
            with only_one(lock, INGEST):
                for folder in (crew.data_root.archive, crew.data_root.quarantine):
                    sweep(folder)
            door = Arrivals(crew, _Aside(manner).within, stays=True)
            tracked = iter(track(paths))
            while batch := list(islice(tracked, TOGETHER)):
                with only_one(lock, INGEST):
                    brought, refusal = _together(batch, door, store, said)
                    if manner is Manner.MOVE:
                        brought = [_removed(each) for each in brought]
                yield from brought
                if refusal is not None:
                    raise refusal
                if len(batch) == TOGETHER:
                    time.sleep(LETS_GO_S)


@dataclass(frozen=True, slots=True)
class _Aside:
    """Does at once what a night has a worker do: nobody waits here but who asked for it."""

    manner: Manner

    def within(self, _: float, deed: Callable[[Arriving], Any], order: Arriving) -> "Future[Any]":
        """Return what the deed gave or raised."""
        done: Future[Any] = Future()
        try:
            done.set_result(deed(replace(order, old=True, linked=self.manner is Manner.LINK)))
        except Exception as fault:
            done.set_exception(fault)
        return done


def _together(
    batch: Sequence[Path], door: Arrivals, store: Store, said: list[Event]
) -> tuple[list[BroughtIn], ArchiveError | None]:
    """Return what became of these files, which is for good, and what the archive refused, if it did."""
    brought: list[BroughtIn] = []
    try:
        with store.together():
            try:
                brought.extend(_bring_in(path, door, store, said) for path in batch)
            except ArchiveError as refusal:  # what came before it is kept
                return brought, refusal
    except StoreError as fault:  # none of it was noted: all are still where they were
        return [], ArchiveError(f"{store.folder} cannot note what came in: {fault}; make room or mend the permissions")
    return brought, None


def _bring_in(path: Path, door: Arrivals, store: Store, said: list[Event]) -> BroughtIn:
    said.clear()
    try:
        before = seen_to_read(path)
        first = None if readable(str(path)) != str(path) else store.newest_arrival(path)
        was_known = first is not None and (first.path, first.seen) == (path, before) and first.state is State.ARCHIVED
        door.take(path)
    except SourceError as why:
        return BroughtIn(path, FileOutcome.LEFT, code=why.code, reason=str(why))
    except FrameError:
        return gone(path)
    except OSError as refusal:
        raise ArchiveError(f"{store.folder} cannot take {path.name}: {refusal}; mend that") from refusal
    for event in said:
        if isinstance(event, FrameQuarantined):
            return BroughtIn(path, FileOutcome.ASIDE, before, None, event.code, event.reason, event.place)
    return _registered(path, before, store, was_known=was_known)


def _registered(path: Path, before: Seen, store: Store, *, was_known: bool) -> BroughtIn:
    arrival = store.newest_arrival(path)
    if arrival is None or (arrival.path, arrival.seen) != (path, before):
        return gone(path)
    if arrival.state is State.QUARANTINED:
        return BroughtIn(path, FileOutcome.ASIDE, before, None, arrival.reason, "it was put aside before")
    frame = store.frame(arrival.sha256 or "")
    if frame is None:
        return gone(path)
    is_its = was_known or frame.source == path.as_posix()
    came = was_known or any((each.path, each.seen) != (path, before) for each in store.arrivals(frame.sha256))
    outcome = FileOutcome.DUPLICATE if not is_its else FileOutcome.KNOWN if came else FileOutcome.TAKEN
    return BroughtIn(path, outcome, before, frame)


def _removed(each: BroughtIn) -> BroughtIn:
    """Remove a source whose copy is in its place and proven, or say why not."""
    if each.seen is None:
        return each
    if each.outcome is FileOutcome.ASIDE and not each.place:
        return replace(each, kept="it was not put aside anew")
    try:
        if each.outcome is FileOutcome.KNOWN and (
            each.frame is None or sha256_of(each.frame.path) != each.frame.sha256
        ):
            return replace(each, kept="the archive no longer has its bytes")
        return each if release(each.path, each.seen) else replace(each, kept="it went away, or has changed meanwhile")
    except OSError as refusal:
        return replace(each, kept=refusal.strerror or str(refusal))
