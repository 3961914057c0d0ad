"""The store made again from what lies on the disk: archived frames, the sidecars of frames and products, journals."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from itertools import count
from pathlib import Path

from obsy.engine.disk import flush_folder, within
from obsy.engine.fold import fold
from obsy.engine.frames.archived import read_archived
from obsy.engine.frames.copy import STAGING, sha256_of
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.frames.frame import Frame
from obsy.engine.frames.name import readable
from obsy.engine.journal import read as read_journal
from obsy.engine.processing.rules import ProcessingRules
from obsy.engine.processing.sidecar import Sidecar, read_sidecar, sidecars
from obsy.engine.safety.lock import REBUILD, only_one
from obsy.engine.store.record import Arrival, Product, StoredFrame
from obsy.engine.store.store import DiskError, Store, StoreError
from obsy.errors import FrameError, UserError

Track = Callable[[list[Path]], Iterable[Path]]
"""Passes files on one by one, as a progress bar does."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a new store holds, and what was found amiss, a line each."""

    frames: int
    products: int
    amiss: tuple[str, ...]


def rebuild(store: Store, rules: ProcessingRules, track: Track = iter) -> Rebuilt:
    """Fill an empty store from the files beside it; nothing but the store is written.

    A frame without a sidecar is known by its header alone, and judged again by the next night.
    """
    amiss: list[str] = []
    archive = store.folder / "archive"
    found = [path for path in sorted(archive.rglob("*.fits")) if STAGING not in path.parts]
    beside: list[Sidecar] = []
    with store.together():
        frames = 0
        for path in track(found):
            try:
                header, refused = read_archived(path, archive)
            except (FrameError, OSError) as fault:
                amiss.append(f"{_short(store, path)} is no frame any more: {fault}")
                continue
            if refused:
                amiss.append(f"{_short(store, path)} stays the frame that it was; today it would be refused: {refused}")
            beside.append(sidecar := read_sidecar(path, store.folder))
            if not sidecar.frame:
                amiss.append(f"{_short(store, path)} has no sidecar that can be read: it is judged again")
            with _kept(store, path, amiss):
                frames += store.register(_stored(header, sidecar, rules))
        others = list(sidecars(store.folder, "masters", "stacks", "quarantine"))
        amiss += [f"{_short(store, each.path)} has a sidecar that cannot be read" for each in others if each.unreadable]
        beside += others
        for arrival in _arrivals(beside):
            with _kept(store, arrival.path, amiss):
                store.note(arrival)
        products = 0
        for product in _whole(store, beside, amiss):
            with _kept(store, product.path, amiss):
                store.put_product(product)
                products += 1
    amiss += _lost(store)
    return Rebuilt(frames, products, tuple(amiss))


@contextmanager
def _kept(store: Store, path: Path, amiss: list[str]) -> Iterator[None]:
    """Write what the block writes, or nothing of it and say so."""
    try:
        with store.together():
            yield
    except DiskError:
        raise
    except (StoreError, ArithmeticError, TypeError, ValueError) as fault:
        amiss.append(f"what lies beside {_short(store, path)} cannot be kept: {fault}")


def _stored(header: Frame, sidecar: Sidecar, rules: ProcessingRules) -> StoredFrame:
    """The frame as its header and its sidecar tell it."""
    if sidecar.frame:
        beside, frame = sidecar.frame, header
    else:
        beside = {"source": header.path.name, "night": rules.night_of(header.taken_at)}
        frame = rules.identified(header, header.path)
    return StoredFrame(**{**{part.name: getattr(frame, part.name) for part in fields(Frame)}, **beside})


def _arrivals(beside: Iterable[Sidecar]) -> list[Arrival]:
    """Every delivered file, in the order they came as far as their own times tell."""
    return sorted((each for sidecar in beside for each in sidecar.arrivals), key=lambda each: each.seen.changed_ns)


def _whole(store: Store, beside: Iterable[Sidecar], amiss: list[str]) -> Iterator[Product]:
    """Every product whose file is there and is what was written."""
    for product in (each for sidecar in beside for each in sidecar.products):
        try:
            if sha256_of(product.path) == product.sha256:
                yield product
            else:
                amiss.append(f"{_short(store, product.path)} is not what obsy wrote; it is left out")
        except FileNotFoundError:
            amiss.append(f"{_short(store, product.path)} is gone; it is left out")
        except (OSError, ValueError) as fault:
            amiss.append(f"{_short(store, product.path)} cannot be read; it is left out: {fault}")


def _lost(store: Store) -> Iterator[str]:
    """Delivered files that a journal knows and of which there is no trace."""
    incoming = DataRoot(store.folder).incoming
    known = {within(arrival.path, incoming) for arrival in store.arrivals()} | {
        Path(each.source) for each in store.frames()
    }
    known |= {path.relative_to(incoming) for path in incoming.rglob("*")}
    names = {Path(path.name) for path in known}  # a journal of an older version knows no folders
    for journal in sorted((store.folder / "journal").glob("*.jsonl")):
        broken: list[int] = []
        try:
            captures = fold(read_journal(journal, lambda _, number: broken.append(number))).captures  # noqa: B023
        except OSError as fault:
            yield f"the journal of {journal.stem} cannot be read: {fault}"
            continue
        yield from (f"line {number} of the journal of {journal.stem} cannot be read" for number in broken)
        for capture in captures:
            if capture.path not in known | names:
                yield f"the journal of {journal.stem} knows {capture.path}, and no file here is it"


def _short(store: Store, path: Path) -> str:
    return readable(within(path, store.folder).as_posix())


def rebuild_store(data_root: DataRoot, rules: ProcessingRules, track: Track = iter) -> tuple[Rebuilt, Path | None]:
    """Make the store again; the old one stays until the new one is whole.

    Returns also where the old one was put aside, if it could not be opened. Raises NightRunning while a night runs.
    """
    fresh = data_root.store.with_name("rebuilt.sqlite")
    with only_one(data_root.lock_by_hand, REBUILD), only_one(data_root.lock, REBUILD):
        for part in _parts(fresh):
            part.unlink(missing_ok=True)
        with Store(fresh) as store:
            rebuilt = rebuild(store, rules, track)
        aside = None if _can_be_opened(data_root.store) else _put_aside(data_root.store)
        for part in _parts(data_root.store)[1:]:
            part.unlink(missing_ok=True)
        fresh.replace(data_root.store)
        flush_folder(data_root.folder)
    return rebuilt, aside


def _parts(store: Path) -> list[Path]:
    """A store's file, and SQLite's own beside it."""
    return [store.with_name(store.name + end) for end in ("", "-wal", "-shm")]


def _can_be_opened(store: Path) -> bool:
    if store.exists():
        try:
            Store(store).close()
        except UserError:
            return False
    return True


def _put_aside(store: Path) -> Path:
    """Give a store a name that is still free."""
    names = (store.with_name(f"damaged-{number}.sqlite") for number in count(1))
    aside = next(name for name in names if not name.exists())
    for part, kept in zip(_parts(store), _parts(aside), strict=True):
        if part.exists():
            part.rename(kept)
    return aside
