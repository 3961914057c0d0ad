"""Where everything lies below the data folder."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from obsy.engine.frames.name import word


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders of one archive, all within `root`."""

    root: Path

    @property
    def archive(self) -> Path:
        """Every frame, by observing night."""
        return self.root / "archive"

    @property
    def quarantine(self) -> Path:
        """Files that are no frames, with their reasons."""
        return self.root / "quarantine"

    def masters(self, night: date) -> Path:
        """The calibration masters of a night."""
        return self.root / "masters" / night.isoformat()

    def products(self, night: date, name: str) -> Path:
        """What became of a night's lights of one object."""
        return self.root / "products" / night.isoformat() / word(name)

    def stacks(self, night: date, train: str) -> Path:
        """A train's stacks as they were when a night ended, and those that grow while it runs."""
        return self.root / "stacks" / night.isoformat() / word(train)

    def short(self, path: Path) -> str:
        """A path within `root`, for people and the journal."""
        return path.relative_to(self.root).as_posix()
