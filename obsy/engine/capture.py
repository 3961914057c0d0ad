"""A file that the camera delivered, what it was taken for, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from obsy.engine.journal import Entry, moment


@dataclass(frozen=True, slots=True)
class Capture:
    """One delivered file; `plan` and `goal` are None for a calibration frame."""

    path: Path
    train: str
    kind: str
    filter: str | None
    exposure_s: float
    began: datetime
    plan: str | None = None
    goal: str | None = None
    verdict: str = "waiting"
    """accepted, rejected, or waiting."""
    reason: str = ""
    measures: Mapping[str, float] = field(default_factory=dict)
    block: str | None = None

    @property
    def line(self) -> tuple[str, str] | None:
        """The plan and goal it counts for."""
        return (self.plan, self.goal) if self.plan is not None and self.goal is not None else None

    def facts(self, incoming: Path) -> dict[str, Any]:
        """Return what every event about this file says of it; incoming: the folder of arrivals."""
        inside = self.path.is_relative_to(incoming)
        return {
            "frame": self.path.relative_to(incoming).as_posix() if inside else self.path.name,
            "train": self.train,
            "kind": self.kind,
            "filter": self.filter,
            "exposure_s": self.exposure_s,
            "plan": self.plan,
            "goal": self.goal,
            "block": self.block,
            "began": self.began,
        }

    @classmethod
    def of(cls, entry: Entry, folder: Path) -> "Capture":
        """Return the capture that an entry tells of, delivered to `folder`."""
        return cls(
            folder / entry["frame"],
            entry.get("train") or "",
            entry["kind"],
            entry["filter"],
            entry["exposure_s"],
            moment(entry.get("began") or entry["time"]),
            entry.get("plan"),
            entry.get("goal"),
            block=entry.get("block"),
        )
