"""What became of a file of a folder that was brought in."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from obsy.engine.frames.copy import Seen
from obsy.engine.frames.name import readable
from obsy.engine.store.record import StoredFrame


class FileOutcome(StrEnum):
    """What became of a file."""

    TAKEN = "taken"
    KNOWN = "known"
    """This very file came before."""
    DUPLICATE = "duplicate"
    """Another file of the same bytes came before."""
    ASIDE = "aside"
    GONE = "gone"
    """It went away, or changed, while it was looked at."""


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What became of one file; why it was not taken, and where it was put aside, if it was."""

    path: Path
    outcome: FileOutcome
    seen: Seen | None = None
    frame: StoredFrame | None = None
    code: str = ""
    reason: str = ""
    place: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return it for a machine."""
        said: dict[str, Any] = {"path": readable(self.path.as_posix()), "outcome": self.outcome}
        if self.outcome is FileOutcome.ASIDE:
            said |= {"code": self.code, "reason": self.reason, "place": self.place}
        if self.outcome is FileOutcome.GONE and self.reason:
            said |= {"reason": self.reason}
        if (frame := self.frame) is not None:
            about = {"kind": frame.kind, "object": frame.object, "filter": frame.filter, "train": frame.train}
            said |= {
                "archived": frame.path.as_posix(),
                "sha256": frame.sha256,
                "night": frame.night.isoformat(),
                **about,
            }
            said |= {"exposure_s": frame.exposure_s, "repairs": list(frame.repairs)}
        return said


def gone(path: Path) -> BroughtIn:
    """Return what became of a file that is not there."""
    return BroughtIn(path, FileOutcome.GONE, reason="a link to nothing" if path.is_symlink() else "")
