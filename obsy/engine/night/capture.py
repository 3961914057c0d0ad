"""A file that the camera delivered, and what it was taken for."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from obsy.engine.journal import Entry, moment


@dataclass(frozen=True, slots=True)
class Capture:
    """One delivered file; `plan` and `goal` are None for a calibration frame."""

    path: Path
    kind: str
    filter: str | None
    exposure_s: float
    began: datetime
    plan: str | None = None
    goal: str | None = None

    @property
    def line(self) -> tuple[str, str] | None:
        """The plan and goal it counts for."""
        return (self.plan, self.goal) if self.plan is not None and self.goal is not None else None

    def facts(self) -> dict[str, Any]:
        """What every entry about this file says of it."""
        return {
            "frame": self.path.name,
            "kind": self.kind,
            "filter": self.filter,
            "exposure_s": self.exposure_s,
            "plan": self.plan,
            "goal": self.goal,
            "began": self.began,
        }

    @classmethod
    def of(cls, entry: Entry, folder: Path) -> "Capture":
        """The shot that an entry tells of, delivered to `folder`."""
        return cls(
            folder / entry["frame"],
            entry["kind"],
            entry["filter"],
            entry["exposure_s"],
            moment(entry["began"]),
            entry["plan"],
            entry["goal"],
        )
