"""What became of a file of a folder that was brought in."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from obsy.engine.frames.copy import NO_LINK, UNREADABLE, Seen
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
    LEFT = "left"
    """Left alone: it can or should not be read."""
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
    kept: str = ""
    """Why it is still there, though it was to be moved."""

    @property
    def is_amiss(self) -> bool:
        """Whether somebody must do something about it: it could not be read, linked or removed."""
        return self.code in {UNREADABLE, NO_LINK} and self.outcome is FileOutcome.LEFT or bool(self.kept)

    def as_json(self) -> dict[str, Any]:
        """Return it for a machine."""
        said: dict[str, Any] = {"path": readable(self.path.as_posix()), "outcome": self.outcome}
        if self.outcome in {FileOutcome.ASIDE, FileOutcome.LEFT}:
            said |= {"code": self.code, "reason": self.reason, "place": self.place}
        if self.kept:
            said["kept"] = self.kept
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
    """Return what became of a file that was not there, or no longer as it was."""
    if path.is_symlink() and not path.exists():
        return BroughtIn(path, FileOutcome.LEFT, code=UNREADABLE, reason="it is a link to nothing")
    return BroughtIn(path, FileOutcome.GONE)
