"""What the store gives back: plain values that know nothing of the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import Model

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class FrameRecord:
    """One frame of the archive; `accepted` is None until it is graded, `plan` is None if no goal wants it."""

    sha256: str
    path: str
    source: str
    night: date
    kind: str
    object: str
    filter: str | None
    exposure_s: float
    gain: int
    offset: int
    binning: int
    temperature_c: float | None
    camera: str
    telescope: str
    taken_at: datetime
    rows: int
    columns: int
    ra_deg: float | None
    dec_deg: float | None
    airmass: float | None
    pier: str | None
    plan: str | None = None
    goal: str | None = None
    accepted: bool | None = None
    reason: str = ""
    measures: Mapping[str, float] = field(default_factory=dict)
    aligned: str | None = None
    calibrated: str | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MasterRecord:
    """One combined calibration frame; `members` and `parents` are hashes of frames and of masters."""

    sha256: str
    path: str
    kind: str
    filter: str | None
    exposure_s: float
    gain: int
    offset: int
    binning: int
    temperature_c: float | None
    camera: str
    rows: int
    columns: int
    night: date
    taken_at: datetime
    members: tuple[str, ...]
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StackRecord:
    """All accepted frames of one object in one filter, combined; `exposure_s` is their sum."""

    object: str
    filter: str
    path: str
    sha256: str
    night: date
    exposure_s: float
    members: tuple[str, ...]

    @property
    def frames(self) -> int:
        """How many frames it combines."""
        return len(self.members)


def as_record(shape: type[R], row: Model) -> R:
    """The row as a value of that shape."""
    values = {part.name: getattr(row, part.name) for part in fields(shape)}  # type: ignore[arg-type]
    return shape(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})


def as_columns(record: Any) -> dict[str, Any]:
    """The value as a row's columns."""
    values = {part.name: getattr(record, part.name) for part in fields(record)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
