"""Where everything lies; the store remembers places relative to `root`, so that the whole can be moved."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders of one realm, all within `root`."""

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
        return self.root / "products" / night.isoformat() / name

    def stacks(self, night: date) -> Path:
        """The stacks as they were when a night ended, and those that grow while it runs."""
        return self.root / "stacks" / night.isoformat()

    def short(self, path: Path) -> str:
        """A path within `root`, as the store remembers it."""
        return path.relative_to(self.root).as_posix()

    def full(self, short: str) -> Path:
        """A path that the store remembers."""
        return self.root / short
