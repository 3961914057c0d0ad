"""The store made again from what lies on the disk: archived frames, the sidecars of frames and products, journals."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from obsy.engine.fold import fold
from obsy.engine.frames.copy import STAGING, sha256_of
from obsy.engine.frames.frame import Frame
from obsy.engine.frames.header import read as read_frame
from obsy.engine.journal import read as read_journal
from obsy.engine.processing.rules import ProcessingRules
from obsy.engine.processing.sidecar import Sidecar, read_sidecar, sidecars
from obsy.engine.store.record import Arrival, Product, StoredFrame
from obsy.engine.store.store import Store
from obsy.errors import FrameError

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
                header = read_frame(path)
            except (FrameError, OSError) as fault:
                amiss.append(f"{_short(store, path)} is no frame any more: {fault}")
                continue
            beside.append(sidecar := read_sidecar(path, store.folder))
            if not sidecar.frame:
                amiss.append(f"{_short(store, path)} has no sidecar that can be read: it is judged again")
            frames += store.register(_stored(header, sidecar, rules))
        beside += sidecars(store.folder, "masters", "stacks", "quarantine")
        for arrival in _arrivals(beside):
            store.note(arrival)
        products = list(_whole(store, beside, amiss))
        for product in products:
            store.put_product(product)
    amiss += _lost(store)
    return Rebuilt(frames, len(products), tuple(amiss))


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


def _lost(store: Store) -> Iterator[str]:
    """Delivered files that a journal knows and of which there is no trace."""
    known = {arrival.path.name for arrival in store.arrivals()} | {frame.source for frame in store.frames()}
    known |= {path.name for path in (store.folder / "incoming").rglob("*")}
    for journal in sorted((store.folder / "journal").glob("*.jsonl")):
        for capture in fold(read_journal(journal)).captures:
            if capture.path.name not in known:
                yield f"the journal of {journal.stem} knows {capture.path.name}, and no file here is it"


def _short(store: Store, path: Path) -> str:
    return path.relative_to(store.folder).as_posix()
