"""Folders of old files, brought in by the way of a camera's: each noted, copied, proven, shelved and registered."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from itertools import islice
from pathlib import Path

from obsy.engine.frames.check import PutAside, check, unreadable
from obsy.engine.frames.copy import Seen, release, seen_to_read, sha256_of, sweep
from obsy.engine.frames.ingest import Arriving, Fetched
from obsy.engine.frames.name import readable
from obsy.engine.processing.brought_in import BroughtIn, FileOutcome, gone
from obsy.engine.processing.intake import Intake, no_name
from obsy.engine.processing.rules import ProcessingRules
from obsy.engine.safety.lock import INGEST, only_one
from obsy.engine.store.record import Arrival, State, StoredFrame
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
    incoming = "remove" if manner is Manner.MOVE else "keep"  # what goes is compared with its copy once more
    rules = replace(rules, retention=rules.retention.model_copy(update={"incoming": incoming}))
    intake = Intake(store, rules)
    lock = intake.data_root.lock
    with only_one(intake.data_root.lock_by_hand, INGEST):
        with only_one(lock, INGEST):
            for folder in (intake.data_root.archive, intake.data_root.quarantine):
                sweep(folder)
        tracked = iter(track(paths))
        while batch := list(islice(tracked, TOGETHER)):
            with only_one(lock, INGEST):
                brought, refusal = _together(batch, intake, manner)
                if manner is Manner.MOVE:
                    brought = [_removed(each) for each in brought]
            yield from brought
            if refusal is not None:
                raise refusal
            if len(batch) == TOGETHER:
                time.sleep(LETS_GO_S)


def _together(batch: Sequence[Path], intake: Intake, manner: Manner) -> tuple[list[BroughtIn], ArchiveError | None]:
    """Return what became of these files, which is for good, and what the archive refused, if it did."""
    brought: list[BroughtIn] = []
    store = intake.store
    try:
        with store.together():
            try:
                brought.extend(_bring_in(path, intake, manner) for path in batch)
            except ArchiveError as refusal:  # what came before it is kept
                return brought, refusal
    except StoreError as fault:  # none of it was noted: all are still where they were
        return [], ArchiveError(f"{store.folder} cannot note what came in: {fault}; make room or mend the permissions")
    return brought, None


def _bring_in(path: Path, intake: Intake, manner: Manner) -> BroughtIn:
    try:
        return _brought_in(path, intake, manner)
    except (ArchiveError, FrameError, OSError) as trouble:
        intake.drop(path)
        if isinstance(trouble, SourceError):
            return BroughtIn(path, FileOutcome.LEFT, code=trouble.code, reason=str(trouble))
        if isinstance(trouble, FrameError):
            return gone(path)
        if isinstance(trouble, ArchiveError):
            raise
        words = f"{intake.store.folder} cannot take {path.name}: {trouble}; mend that"
        raise ArchiveError(words) from trouble


def _brought_in(path: Path, intake: Intake, manner: Manner) -> BroughtIn:
    store, before = intake.store, seen_to_read(path)
    order = replace(intake.order(path), old=True, linked=manner is Manner.LINK)
    if readable(str(path)) != str(path):
        return _aside(path, before, check(replace(order, why=no_name())), intake)
    arrival = store.note(Arrival(path, before))
    if arrival.state is State.QUARANTINED and manner is not Manner.MOVE:  # what goes is put aside anew
        return BroughtIn(path, FileOutcome.ASIDE, before, None, arrival.reason, "it was put aside before")
    was_known = arrival.state is State.ARCHIVED
    if was_known and intake.is_proven(arrival):
        return BroughtIn(path, FileOutcome.KNOWN, before, store.frame(arrival.sha256 or ""))
    found, source = _taken(arrival, order, intake)
    if source != before:
        return gone(path)
    if isinstance(found, PutAside):
        return _aside(path, before, found, intake)
    came = was_known or any((each.path, each.seen) != (path, before) for each in store.arrivals(found.sha256))
    is_its = was_known or found.source == path.as_posix()
    outcome = FileOutcome.DUPLICATE if not is_its else FileOutcome.KNOWN if came else FileOutcome.TAKEN
    return BroughtIn(path, outcome, before, found)


def _taken(arrival: Arrival, order: Arriving, intake: Intake) -> tuple[StoredFrame | PutAside, Seen]:
    """Return what became of a file, and what of it was taken."""
    try:
        found = check(order)
        return intake.take(arrival, found), found.source
    except (FrameError, ArchiveError, StoreError, OSError):
        raise
    except Exception as fault:  # one file must not keep all others from being taken
        found = check(replace(order, why=unreadable(fault)))
        return intake.take(arrival, found), found.source


def _aside(path: Path, before: Seen, found: Fetched | PutAside, intake: Intake) -> BroughtIn:
    assert isinstance(found, PutAside)
    place = intake.data_root.short(found.place)
    return BroughtIn(path, FileOutcome.ASIDE, before, None, found.why.code, str(found.why), place)


def _removed(each: BroughtIn) -> BroughtIn:
    """Remove a source whose copy is in its place and proven, or say why not."""
    if each.seen is None:
        return each
    if each.outcome is FileOutcome.ASIDE and not each.place:
        return replace(each, kept="it was not put aside anew")
    try:
        if each.outcome in {FileOutcome.KNOWN, FileOutcome.DUPLICATE} and (
            each.frame is None or sha256_of(each.frame.path) != each.frame.sha256
        ):
            return replace(each, kept="the archive no longer has its bytes")
        return each if release(each.path, each.seen) else replace(each, kept="it went away, or has changed meanwhile")
    except OSError as refusal:
        return replace(each, kept=refusal.strerror or str(refusal))
