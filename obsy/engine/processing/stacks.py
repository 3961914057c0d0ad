"""Stacks: what the workers are asked while the night runs and when it ends, and what the store keeps."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from obsy.engine.frames.name import word
from obsy.engine.processing.folders import Folders
from obsy.engine.processing.live import Key
from obsy.engine.processing.rules import Credit
from obsy.engine.reduce.orders import LiveOrder, StackOrder, StackResult
from obsy.engine.store.frames import frames
from obsy.engine.store.record import FrameRecord, StackRecord
from obsy.schemas.pipeline import Stack as StackStep


@dataclass(frozen=True, slots=True)
class FinalStack:
    """A final stack: all accepted frames of one object in one filter, of all nights."""

    object: str
    filter: str
    frames: int
    exposure_s: float
    path: Path
    preview: Path
    sha256: str


def live_order(frame: FrameRecord, credit: Credit, folders: Folders) -> LiveOrder:
    """Add this aligned frame to the night's growing stack."""
    place = folders.stacks(frame.night) / f"{_name(key(frame))}_live.fits"
    aligned = folders.full(frame.aligned or "")
    return LiveOrder(aligned, frame.sha256, place, place.with_suffix(".png"), credit.cards)


def stacked_tonight(night: date) -> tuple[Key, ...]:
    """The stacks that this night's frames join."""
    return tuple(sorted({key(frame) for frame in frames(night, kind="light", accepted=True, aligned__isnull=False)}))


def members(of: Key) -> tuple[FrameRecord, ...]:
    """Every night's accepted and aligned frames of one stack, in the order of time."""
    return frames(kind="light", object=of[0], filter=of[1] or None, accepted=True, aligned__isnull=False)


def stack_order(of: Key, kept: tuple[FrameRecord, ...], credit: Credit, night: date, folders: Folders) -> StackOrder:
    """Combine these frames with the rejection that the plan's pipeline declares."""
    place = folders.stacks(night) / f"{_name(of)}.fits"
    aligned = tuple(folders.full(frame.aligned or "") for frame in kept)
    reject = next(step.reject for step in credit.pipeline.steps if isinstance(step, StackStep))
    return StackOrder(aligned, place, place.with_suffix(".png"), reject, credit.cards)


def is_stacked(credit: Credit) -> bool:
    """Whether the plan's pipeline stacks at all."""
    return any(isinstance(step, StackStep) for step in credit.pipeline.steps)


def record(result: StackResult, of: Key, kept: tuple[FrameRecord, ...], folders: Folders) -> StackRecord:
    """What the store keeps of a stack."""
    return StackRecord(
        object=of[0],
        filter=of[1],
        path=folders.short(result.path),
        sha256=result.sha256,
        night=kept[-1].night,
        exposure_s=sum(frame.exposure_s for frame in kept),
        members=tuple(frame.sha256 for frame in kept),
    )


def stack(kept: StackRecord, folders: Folders) -> FinalStack:
    """A stack of the store, for whoever asked for it."""
    path = folders.full(kept.path)
    return FinalStack(
        kept.object, kept.filter, kept.frames, kept.exposure_s, path, path.with_suffix(".png"), kept.sha256
    )


def key(frame: FrameRecord) -> Key:
    """The stack a frame belongs to."""
    return frame.object, frame.filter or ""


def _name(of: Key) -> str:
    return "_".join(word(part) for part in of if part)
