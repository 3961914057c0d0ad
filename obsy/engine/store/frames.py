"""Frames: registered once, graded as often as there is reason to, found by what they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from obsy.engine.store.models import FrameRow
from obsy.engine.store.record import FrameRecord, as_columns, as_record


@dataclass(frozen=True, slots=True)
class Grade:
    """The verdict on a frame. `accepted` is None when it could not be judged; `reason` then says why."""

    accepted: bool | None
    reason: str = ""
    measures: Mapping[str, float] | None = None
    aligned: str | None = None
    calibrated: str | None = None
    missing: tuple[str, ...] = ()


def register(frame: FrameRecord) -> bool:
    """Whether the frame is new; one that is there keeps its grade."""
    columns = as_columns(frame)
    _, is_new = FrameRow.objects.get_or_create(sha256=columns.pop("sha256"), defaults=columns)
    return is_new


def credit(sha256: str, plan: str, goal: str) -> None:
    """Count a frame for a goal from now on."""
    FrameRow.objects.filter(sha256=sha256).update(plan=plan, goal=goal)


def grade(sha256: str, verdict: Grade) -> None:
    """Write the verdict on a frame; a later one takes the place of an earlier."""
    columns = as_columns(verdict) | {"measures": dict(verdict.measures or {})}
    FrameRow.objects.filter(sha256=sha256).update(**columns)


def frame(sha256: str) -> FrameRecord | None:
    """The frame with this hash."""
    row = FrameRow.objects.filter(sha256=sha256).first()
    return as_record(FrameRecord, row) if row else None


def newest_from(source: str) -> FrameRecord | None:
    """The newest frame that the camera had given this name."""
    row = FrameRow.objects.filter(source=source).order_by("taken_at").last()
    return as_record(FrameRecord, row) if row else None


def frames(night: date | None = None, **exactly: object) -> tuple[FrameRecord, ...]:
    """Frames in the order of time, of one night or of all; `exactly` asks for columns by value."""
    rows = FrameRow.objects.filter(**exactly)
    return tuple(as_record(FrameRecord, row) for row in (rows.filter(night=night) if night else rows))
