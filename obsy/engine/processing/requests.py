"""What the night asks for besides verdicts: masters and final stacks. Each yields where it waits for workers."""

import hashlib
from collections import Counter
from collections.abc import Generator
from concurrent.futures import Future
from datetime import date
from itertools import chain
from typing import Any

from obsy.engine.events.frames import StackFailed
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.frames.name import word
from obsy.engine.library.master import LEANS_ON, CalibrationSet, Master, Masters, same_exposure
from obsy.engine.processing.anew import Members, reopen_elsewhere, reopen_uncalibrated, stack_members
from obsy.engine.processing.jobs import Jobs, StackKey, Submit, failure
from obsy.engine.processing.rules import Crew
from obsy.engine.processing.sidecar import write_sidecar
from obsy.engine.reduce.orders import MasterOrder, StackOrder
from obsy.engine.store.record import Product, StoredFrame, as_master
from obsy.engine.store.store import Store
from obsy.errors import FrameError

FEWEST = 3
"""A master of fewer frames could not reject outliers."""
Kept = tuple[StoredFrame, ...]


def build(crew: Crew, jobs: Jobs, submit: Submit, asked: tuple[CalibrationSet, date]) -> Generator[None, None, Master]:
    """The registered master of a night's accepted frames of a set.

    Raises FrameError if there are too few, or flats that nothing can be freed of their pedestal by.
    """
    kept = _master_frames(crew.store, *asked)
    order = _master_order(kept, jobs.masters_for(kept[0]), crew.data_root)
    answer = submit(crew.build_master, order)
    yield
    product = _master_product(answer.result(), kept, order)
    _register(crew, product)
    return as_master(product)


def finish(crew: Crew, jobs: Jobs, submit: Submit, night: date) -> Generator[None, None, tuple[Product, ...]]:
    """The final stacks of what was taken that night, over all nights.

    Lights that lacked a master which is there by now are reduced again first, and those of any night that lie on
    another grid than their plan has by now.
    """
    reopen_uncalibrated(crew, jobs, night)
    reopen_elsewhere(crew, chain.from_iterable(stack_members(crew, night).values()))
    yield
    done: list[Product] = []
    running: list[tuple[StackKey, Members, StackOrder, Future[Any]]] = []
    known = {(each.path, each.parents): each for each in crew.store.products("stack") if each.path.exists()}
    for key, kept in stack_members(crew, night).items():
        wanted = crew.rules.credit(kept[-1][0])
        if wanted is None or wanted.stacking is None:
            continue
        aligned = [product for _, product in kept]
        target = crew.data_root.stacks(night, key.train) / f"{key.name}.fits"
        if same := known.get((target, tuple(product.sha256 for product in aligned))):
            done.append(same)
            continue
        paths, preview = tuple(product.path for product in aligned), target.with_suffix(".png")
        order = StackOrder(paths, target, preview, wanted.stacking.reject, wanted.cards, wanted.field)
        running.append((key, kept, order, submit(crew.combine_stack, order)))
    yield
    for key, kept, order, answer in running:
        if error := failure(answer):
            crew.tell(StackFailed(picture=key.picture, filter=key.filter, reason=str(error), train=key.train or None))
            continue
        product = _stack_product(key, answer.result(), kept, order)
        _register(crew, product)
        done.append(product)
    return tuple(sorted(done, key=lambda stack: (stack.picture, stack.about["filter"], stack.train or "")))


def _register(crew: Crew, product: Product) -> None:
    """Write what a product is beside its file, then in the store."""
    write_sidecar(product.path, crew.store.folder, products=[product])
    crew.store.put_product(product)


def _master_frames(store: Store, wanted: CalibrationSet, night: date) -> Kept:
    """The night's accepted frames of this set, all taken with the same settings.

    Raises FrameError if there are not enough to reject outliers from.
    """
    of = wanted.train, wanted.filter
    found = [each for each in store.frames(night, wanted.kind, accepted=True) if (each.train, each.filter) == of]
    alike = [frame for frame in found if wanted.kind == "bias" or same_exposure(frame.exposure_s, wanted.exposure_s)]
    usual = Counter(map(_settings, alike)).most_common()
    chosen = tuple(frame for frame in alike if _settings(frame) == usual[0][0])
    if len(chosen) < FEWEST:
        what = " ".join(str(part) for part in (wanted.kind, wanted.filter, f"{wanted.exposure_s:g} s") if part)
        raise FrameError("too-few-frames", f"{len(chosen)} good {what} frames of {night}; a master needs {FEWEST}")
    return chosen


def _master_order(kept: Kept, masters: Masters, data_root: DataRoot) -> MasterOrder:
    """Combine these frames; the same frames give the same name."""
    first = kept[0]
    freed_of = masters.to_free(first.kind, first.exposure_s)
    if first.kind == "flat" and not freed_of.used(LEANS_ON["flat"]):  # over its pedestal it would not say what is dark
        why = next((line for line in masters.missing if line.startswith("bias")), "no master bias")
        raise FrameError("no-master", f"no-master: {why}; nor a dark of the flats' own exposure with its bias in it")
    digest = hashlib.sha256("".join(frame.sha256 for frame in kept).encode()).hexdigest()[:12]
    words = [word(first.train or ""), first.kind, first.filter or "", f"{first.exposure_s:g}s", digest]
    return MasterOrder(
        kind=first.kind,
        exposure_s=first.exposure_s,
        sources=tuple(frame.path for frame in kept),
        target=data_root.masters(first.night) / ("_".join(filter(None, words)) + ".fits"),
        masters=freed_of,
    )


def _master_product(sha256: str, kept: Kept, order: MasterOrder) -> Product:
    """A master, its settings, its frames and the masters it leans on."""
    last = kept[-1]
    warmth = [frame.temperature_c for frame in kept if frame.temperature_c is not None]
    used = order.masters.used(LEANS_ON[order.kind])
    parents = (*(frame.sha256 for frame in kept), *(master.sha256 for master in used))
    about = {
        "kind": last.kind,
        "filter": last.filter,
        "exposure_s": last.exposure_s,
        "gain": last.gain,
        "offset": last.offset,
        "binning": last.binning,
        "temperature_c": sum(warmth) / len(warmth) if warmth else None,
        "camera": last.camera,
        "taken_at": last.taken_at.isoformat(),
        "frames": len(kept),
        "readout": last.readout,
        "rotation_deg": last.rotation_deg,
        "pedestal": not used,
    }
    recipe = {"reject": order.reject, "masters": list(order.masters.told(LEANS_ON[order.kind]))}
    return Product("master", order.target, sha256, last.night, last.site, last.train, None, parents, recipe, about)


def _stack_product(key: StackKey, sha256: str, kept: Members, order: StackOrder) -> Product:
    """A stack, the frames in it and their exposure together."""
    last = kept[-1][0]
    about = {
        "picture": key.picture,
        "filter": key.filter,
        "frames": len(kept),
        "exposure_s": sum(frame.exposure_s for frame, _ in kept),
        **(order.field.about() if order.field else {}),
    }
    return Product(
        "stack",
        order.target,
        sha256,
        last.night,
        last.site,
        last.train,
        parents=tuple(product.sha256 for _, product in kept),
        recipe={"reject": order.reject},
        about=about,
    )


def _settings(frame: StoredFrame) -> tuple[object, ...]:
    return frame.train, frame.camera, frame.binning, frame.gain, frame.offset, frame.rows, frame.columns, frame.readout
