"""What workers are asked to make, and the products that the store keeps of their answers."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from obsy.engine.frames.data_root import DataRoot
from obsy.engine.frames.name import word
from obsy.engine.library.master import CalibrationSet, Master, Masters
from obsy.engine.processing.rules import Credit, Crew
from obsy.engine.reduce.orders import LightOrder, LightResult, LiveOrder, MasterOrder, StackOrder
from obsy.engine.store.record import Product, StoredFrame
from obsy.engine.store.store import Store
from obsy.errors import FrameError

FEWEST = 3
"""A master of fewer frames could not reject outliers."""
Kept = tuple[StoredFrame, ...]


class StackKey(NamedTuple):
    """The stack that a light belongs to."""

    train: str
    object: str
    """The plan's name, and the tile."""
    filter: str

    @classmethod
    def of(cls, frame: StoredFrame) -> "StackKey":
        """The stack of this light."""
        tile = (frame.goal or "").partition("_")
        return cls(frame.train or "", (frame.plan or frame.object) + tile[1] + tile[2], frame.filter or "")

    @property
    def name(self) -> str:
        """What its file is called."""
        return "_".join(word(part) for part in (self.object, self.filter) if part)


def light_order(frame: StoredFrame, credit: Credit, masters: Masters, crew: Crew) -> LightOrder:
    """Reduce this light as its plan wants it."""
    place = crew.data_root.products(frame.night, frame.object)
    return LightOrder(
        frame=frame,
        calibrated=place / f"{frame.path.stem}_calibrated.fits",
        aligned=place / f"{frame.path.stem}_aligned.fits",
        masters=masters,
        pipeline=credit.pipeline,
        quality=credit.quality,
        optics=crew.rules.trains[frame.train or ""].optics,
        field=credit.field,
        cards=credit.cards,
    )


def light_products(frame: StoredFrame, result: LightResult, order: LightOrder) -> tuple[Product, ...]:
    """What a reduced light left behind."""
    steps = [step.step for step in order.pipeline.steps]
    used = (order.masters.bias, order.masters.dark, order.masters.flat)
    parents = (frame.sha256, *(master.sha256 for master in used if master is not None and master.kind in steps))
    recipe = order.pipeline.model_dump(mode="json", exclude={"kind"})
    return tuple(
        Product(each.kind, each.path, each.sha256, frame.night, frame.site, frame.train, frame.sha256, parents, recipe)
        for each in result.products
    )


def master_frames(store: Store, wanted: CalibrationSet, night: date) -> Kept:
    """The night's accepted frames of this set, all taken with the same settings.

    Raises FrameError if there are not enough to reject outliers from.
    """
    of = wanted.train, wanted.filter
    found = [each for each in store.frames(night, wanted.kind, accepted=True) if (each.train, each.filter) == of]
    alike = [frame for frame in found if wanted.kind == "bias" or frame.exposure_s == wanted.exposure_s]
    usual = Counter(map(_settings, alike)).most_common(1)
    chosen = tuple(frame for frame in alike if _settings(frame) == usual[0][0])
    if len(chosen) < FEWEST:
        what = " ".join(str(part) for part in (wanted.kind, wanted.filter, f"{wanted.exposure_s:g} s") if part)
        raise FrameError("too-few-frames", f"{len(chosen)} good {what} frames of {night}; a master needs {FEWEST}")
    return chosen


def master_order(kept: Kept, masters: Masters, data_root: DataRoot) -> MasterOrder:
    """Combine these frames; the same frames give the same name."""
    first = kept[0]
    digest = hashlib.sha256("".join(frame.sha256 for frame in kept).encode()).hexdigest()[:12]
    words = [word(first.train or ""), first.kind, first.filter or "", f"{first.exposure_s:g}s", digest]
    return MasterOrder(
        kind=first.kind,
        sources=tuple(frame.path for frame in kept),
        target=data_root.masters(first.night) / ("_".join(filter(None, words)) + ".fits"),
        masters=masters,
    )


def master_product(sha256: str, kept: Kept, order: MasterOrder) -> Product:
    """A master, its settings, its frames and the masters it leans on."""
    last = kept[-1]
    warmth = [frame.temperature_c for frame in kept if frame.temperature_c is not None]
    used = {"bias": (), "dark": (order.masters.bias,), "flat": (order.masters.bias, order.masters.dark)}[order.kind]
    parents = (*(frame.sha256 for frame in kept), *(master.sha256 for master in used if master))
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
    }
    recipe = {"reject": order.reject}
    return Product("master", order.target, sha256, last.night, last.site, last.train, None, parents, recipe, about)


def as_master(product: Product) -> Master:
    """A master as the library weighs it."""
    about = {**product.about, "taken_at": datetime.fromisoformat(product.about["taken_at"])}
    train = product.train or ""
    return Master(path=product.path, sha256=product.sha256, train=train, night=product.night, **about)


def live_order(frame: StoredFrame, aligned: Product, credit: Credit, data_root: DataRoot) -> LiveOrder:
    """Add this aligned frame to the night's growing stack."""
    place = data_root.stacks(frame.night, frame.train or "") / f"{StackKey.of(frame).name}_live.fits"
    return LiveOrder(aligned.path, frame.sha256, place, place.with_suffix(".png"), credit.cards)


def stack_members(crew: Crew, night: date) -> dict[StackKey, list[tuple[StoredFrame, Product]]]:
    """For each stack that this night's lights join: every night's accepted and aligned frames, in the order of time."""
    aligned = {product.frame: product for product in crew.store.products("aligned")}
    members: dict[StackKey, list[tuple[StoredFrame, Product]]] = {}
    for frame in crew.store.frames(kind="light", accepted=True):
        if (product := aligned.get(frame.sha256)) and crew.rules.shown(frame):
            members.setdefault(StackKey.of(frame), []).append((frame, product))
    return {key: kept for key, kept in sorted(members.items()) if any(frame.night == night for frame, _ in kept)}


def stack_order(aligned: Iterable[Product], target: Path, reject: float, credit: Credit) -> StackOrder:
    """Combine these frames with the rejection that the plan's pipeline declares."""
    return StackOrder(
        tuple(product.path for product in aligned), target, target.with_suffix(".png"), reject, credit.cards
    )


def stack_product(key: StackKey, sha256: str, kept: list[tuple[StoredFrame, Product]], order: StackOrder) -> Product:
    """A stack, the frames in it and their exposure together."""
    last = kept[-1][0]
    about = {
        "object": key.object,
        "filter": key.filter,
        "frames": len(kept),
        "exposure_s": sum(frame.exposure_s for frame, _ in kept),
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


def measures(result: LightResult) -> dict[str, float]:
    """What was measured on a light."""
    return {key: float(value) for key, value in asdict(result.measures).items() if value is not None}


def _settings(frame: StoredFrame) -> tuple[object, ...]:
    return frame.train, frame.camera, frame.binning, frame.gain, frame.offset, frame.rows, frame.columns
