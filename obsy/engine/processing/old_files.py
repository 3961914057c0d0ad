"""Folders of old files, brought in by the way of a camera's: each noted, copied, proven, shelved and registered."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from os import walk
from os.path import abspath
from pathlib import Path
from typing import Any

from obsy.engine.events import Event
from obsy.engine.events.frames import ArchiveRefused, FrameQuarantined
from obsy.engine.frames.check import Arriving
from obsy.engine.frames.copy import release, seen, sha256_of, sweep
from obsy.engine.frames.name import readable
from obsy.engine.frames.watch import UNFINISHED
from obsy.engine.processing.arrivals import Arrivals
from obsy.engine.processing.brought_in import BroughtIn, FileOutcome, gone
from obsy.engine.processing.rules import Crew, ProcessingRules
from obsy.engine.safety.lock import INGEST, only_one
from obsy.engine.store.record import State
from obsy.engine.store.store import Store
from obsy.errors import ArchiveError, UserError

ENDINGS = (".fit", ".fits", ".fts", ".fz", ".fit.gz", ".fits.gz", ".fts.gz")
"""What is looked at in a folder; a file that is named itself is looked at however it is called."""
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


def found_in(paths: Iterable[Path], data: Path) -> tuple[list[Path], Counter[str]]:
    """Return every FITS file that is named or lies below, once, and how many others there are by their endings.

    Raises UserError for a path that is not there, or lies in obsy's own data.
    """
    files: dict[Path, None] = {}
    others: Counter[str] = Counter()
    for given in paths:
        path = Path(abspath(given))
        if not path.exists():
            raise UserError(f"there is no file and no folder '{readable(str(given))}': name one that is there")
        if path.resolve().is_relative_to(data.resolve()):
            raise UserError(f"'{given}' lies in obsy's own data ({data}): 'obsy rebuild' reads what is there")
        for each in [path] if path.is_file() else _below(path, data):
            if each == path or each.name.lower().endswith(ENDINGS):
                files[each] = None
            else:
                others[readable(each.suffix.lower())] += 1
    return list(files), others


def _below(folder: Path, data: Path) -> Iterator[Path]:
    """Yield what lies in a folder and those in it, by name, but for what is hidden, unfinished or obsy's own."""
    for there, below, names in walk(folder):
        below[:] = sorted(name for name in below if Path(there, name).resolve() != data.resolve())
        yield from (Path(there, name) for name in sorted(names) if name[0] != "." and not name.endswith(UNFINISHED))


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
                    with store.together():
                        brought = [_bring_in(path, door, store, said) for path in batch]
                    if manner is Manner.MOVE:
                        for each in brought:
                            _remove(each)
                yield from brought
                time.sleep(LETS_GO_S)


@dataclass(frozen=True, slots=True)
class _Aside:
    """Does at once what a night has a worker do: nobody waits here but who asked for it."""

    manner: Manner

    def within(self, _: float, deed: Callable[[Arriving], Any], order: Arriving) -> "Future[Any]":
        """Return what the deed gave or raised."""
        done: Future[Any] = Future()
        try:
            done.set_result(deed(replace(order, linked=self.manner is Manner.LINK)))
        except Exception as fault:
            done.set_exception(fault)
        return done


def _bring_in(path: Path, door: Arrivals, store: Store, said: list[Event]) -> BroughtIn:
    said.clear()
    try:
        before = seen(path)
    except FileNotFoundError:
        return gone(path)
    first = None if readable(str(path)) != str(path) else store.newest_arrival(path)
    was_known = first is not None and (first.path, first.seen) == (path, before) and first.state is State.ARCHIVED
    door.take(path)
    for event in said:
        if isinstance(event, ArchiveRefused):
            raise ArchiveError(event.reason)
        if isinstance(event, FrameQuarantined):
            return BroughtIn(path, FileOutcome.ASIDE, before, None, event.code, event.reason, event.place)
    arrival = store.newest_arrival(path)
    if arrival is None or (arrival.path, arrival.seen) != (path, before):
        return BroughtIn(path, FileOutcome.GONE)
    if arrival.state is State.QUARANTINED:
        return BroughtIn(path, FileOutcome.ASIDE, before, None, arrival.reason, "it was put aside before")
    frame = store.frame(arrival.sha256 or "")
    if frame is None:
        return BroughtIn(path, FileOutcome.GONE)
    is_its = was_known or frame.source == path.as_posix()
    came = was_known or any((each.path, each.seen) != (path, before) for each in store.arrivals(frame.sha256))
    outcome = FileOutcome.DUPLICATE if not is_its else FileOutcome.KNOWN if came else FileOutcome.TAKEN
    return BroughtIn(path, outcome, before, frame)


def _remove(each: BroughtIn) -> None:
    """Remove a source whose copy is in its place and proven: what was put aside has a place only if it was now."""
    if each.seen is None or (each.outcome is FileOutcome.ASIDE and not each.place):
        return
    if each.outcome is FileOutcome.KNOWN and (each.frame is None or sha256_of(each.frame.path) != each.frame.sha256):
        return
    release(each.path, each.seen)
