"""Masters: which frames go into one, and what the store keeps of it."""

import hashlib
from collections import Counter
from datetime import date

from obsy.engine.library.master import CalibrationSet, Masters
from obsy.engine.processing.folders import Folders
from obsy.engine.reduce.orders import MasterOrder, MasterResult
from obsy.engine.store.frames import frames
from obsy.engine.store.record import FrameRecord, MasterRecord
from obsy.errors import FrameError

FEWEST = 3


def members(wanted: CalibrationSet, night: date) -> tuple[FrameRecord, ...]:
    """The night's accepted frames of this set, all taken with the same settings.

    Raises FrameError if there are not enough to reject outliers from.
    """
    found = frames(night, kind=wanted.kind, filter=wanted.filter, accepted=True)
    alike = [frame for frame in found if wanted.kind == "bias" or frame.exposure_s == wanted.exposure_s]
    usual = Counter(map(_settings, alike)).most_common(1)
    chosen = tuple(frame for frame in alike if _settings(frame) == usual[0][0])
    if len(chosen) < FEWEST:
        what = " ".join(str(part) for part in (wanted.kind, wanted.filter, f"{wanted.exposure_s:g} s") if part)
        raise FrameError("too-few-frames", f"{len(chosen)} good {what} frames of {night}; a master needs {FEWEST}")
    return chosen


def order(kept: tuple[FrameRecord, ...], masters: Masters, folders: Folders) -> MasterOrder:
    """What the worker is asked; the same frames give the same name."""
    first = kept[0]
    digest = hashlib.sha256("".join(frame.sha256 for frame in kept).encode()).hexdigest()[:12]
    words = [first.kind, first.filter or "", f"{first.exposure_s:g}s", digest]
    return MasterOrder(
        kind=first.kind,
        sources=tuple(folders.full(frame.path) for frame in kept),
        target=folders.masters(first.night) / ("_".join(filter(None, words)) + ".fits"),
        masters=masters,
    )


def record(result: MasterResult, kept: tuple[FrameRecord, ...], masters: Masters, folders: Folders) -> MasterRecord:
    """What the store keeps of a master: its settings, its frames and the masters it leans on."""
    last = kept[-1]
    warmth = [frame.temperature_c for frame in kept if frame.temperature_c is not None]
    return MasterRecord(
        sha256=result.sha256,
        path=folders.short(result.path),
        kind=last.kind,
        filter=last.filter,
        exposure_s=last.exposure_s,
        gain=last.gain,
        offset=last.offset,
        binning=last.binning,
        temperature_c=sum(warmth) / len(warmth) if warmth else None,
        camera=last.camera,
        rows=last.rows,
        columns=last.columns,
        night=last.night,
        taken_at=last.taken_at,
        members=tuple(frame.sha256 for frame in kept),
        parents=_parents(last.kind, masters),
    )


def _parents(kind: str, masters: Masters) -> tuple[str, ...]:
    used = {"bias": (), "dark": (masters.bias,), "flat": (masters.bias, masters.dark)}[kind]
    return tuple(parent.sha256 for parent in used if parent)


def _settings(frame: FrameRecord) -> tuple[object, ...]:
    return frame.camera, frame.binning, frame.gain, frame.offset, frame.rows, frame.columns
