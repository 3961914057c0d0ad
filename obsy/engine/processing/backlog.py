"""What old files leave to do where no night runs: masters of their calibration frames, then lights, then stacks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from obsy.engine.library.master import CalibrationSet, Master, same_exposure
from obsy.engine.processing.processing import Processing
from obsy.engine.processing.stale import Stale
from obsy.engine.store.record import Product, StoredFrame
from obsy.engine.store.store import Store
from obsy.errors import FrameError

IN_ORDER = ("bias", "dark", "flat")
"""Each is freed of those before it."""


@dataclass(slots=True)
class WorkedOff:
    """What was made of an archive's open frames."""

    matched: dict[str, int] = field(default_factory=dict)
    """How many frames that had no train got which."""
    stale: dict[Stale, int] = field(default_factory=dict)
    """How many lights were reduced again, and why."""
    masters: list[Master] = field(default_factory=list)
    lights: list[StoredFrame] = field(default_factory=list)
    """As they are by now; those of no plan as well."""
    stacks: list[Product] = field(default_factory=list)
    amiss: list[str] = field(default_factory=list)
    """A line for each set of calibration frames of which no master could be built."""


def work_off(processing: Processing, store: Store) -> WorkedOff:
    """Take every open frame of an archive as far as it can go, without a night; processing has begun.

    Masters are built of each night's accepted calibration frames that are in none yet; lights that lacked one are
    reduced again by it. Raises ArchiveError if the archive takes no more.
    """
    done, kept = WorkedOff(), {product.sha256 for product in store.products("stack")}
    before = {
        each.sha256: each
        for each in store.frames(kind="light")
        if each.accepted is None or each.missing or each.pending
    }
    processing.settled().result()
    for kind in IN_ORDER:
        for wanted, night in loose_sets(store, kind):
            try:
                done.masters.append(processing.build(wanted, night).result())
            except FrameError as refusal:
                done.amiss.append(f"no master {_words(wanted)} of {night}: {refusal}")
    for night in sorted({light.night for light in _as_they_are(before, store) if light.plan is not None}):
        done.stacks.extend(each for each in processing.finish(night).result() if each.sha256 not in kept)
    done.lights = [each for each in _as_they_are(before, store) if each.accepted is None or each != before[each.sha256]]
    return done


def _as_they_are(lights: Iterable[str], store: Store) -> list[StoredFrame]:
    return [frame for frame in map(store.frame, lights) if frame is not None]


def loose_sets(store: Store, kind: str) -> Iterator[tuple[CalibrationSet, date]]:
    """Yield the sets of a kind, and their nights, of accepted frames that are in no master; oldest first."""
    bound = {sha256 for product in store.products("master") for sha256 in product.parents}
    sets: list[tuple[CalibrationSet, date]] = []
    for frame in store.frames(kind=kind, accepted=True):
        exposure_s = 0.0 if kind == "bias" else frame.exposure_s
        of = frame.train, frame.filter, frame.night
        if frame.sha256 in bound or frame.train is None:
            continue
        if not any((s.train, s.filter, n) == of and same_exposure(s.exposure_s, exposure_s) for s, n in sets):
            sets.append((CalibrationSet(frame.train, kind, exposure_s, frame.filter, 0), frame.night))
    yield from sorted(sets, key=lambda each: (each[1], each[0].train, each[0].exposure_s, each[0].filter or ""))


def _words(wanted: CalibrationSet) -> str:
    return " ".join(part for part in (wanted.kind, wanted.filter, f"{wanted.exposure_s:g} s") if part)
