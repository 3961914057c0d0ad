"""The night's own tally: progress of every goal, and the calibration frames in hand, kept up as verdicts arrive."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from obsy.engine.library.master import CalibrationSet, LightNeed, Master
from obsy.engine.night_record import Capture
from obsy.engine.progress import NOTHING, Progress
from obsy.engine.schedule.bearings import Bearings
from obsy.engine.signal import Measures
from obsy.schemas.proof import Proof


@dataclass(slots=True)
class Tally:
    """What is done: nights before from the store, tonight from the verdicts."""

    progress: dict[tuple[str, str], Progress] = field(default_factory=dict)
    masters: list[Master] = field(default_factory=list)
    trains: dict[str, str] = field(default_factory=dict)
    """The train that each plan's frames come from."""
    sheltered: set[str] = field(default_factory=set)
    """Every mount under a roof that is not safe."""
    stacked: set[str] = field(default_factory=set)
    """The hash of every stack that tonight's journal knows."""
    refused: str = ""
    """Why the archive takes no more frames tonight; empty while it does."""
    busy: dict[str, datetime] = field(default_factory=dict)
    """Until when each mount that takes a block is not free."""
    bearings: dict[str, Bearings] = field(default_factory=dict)
    """How each mount stands, as it was seen or sent last."""
    calibration: Counter[tuple[str, str, str | None, float]] = field(default_factory=Counter)
    """Accepted calibration frames of tonight by train, kind, filter and exposure."""
    lights: set[LightNeed] = field(default_factory=set)
    """Every sort of light taken tonight: what the library must serve, even at dawn."""

    proofs: dict[tuple[str, str], Proof] = field(default_factory=dict)
    """What goals in S/N ask for."""
    failed: dict[str, tuple[datetime, ...]] = field(default_factory=dict)
    """By plan, when its blocks failed one after the other; one that does not fail ends the row."""

    def take(self, line: tuple[str, str], began: datetime) -> None:
        """Count a frame that waits for its verdict."""
        self.progress[line] = self.progress.get(line, NOTHING).taken(began)

    def has_frames(self, plan: str) -> bool:
        """Return whether any frame was taken for a plan."""
        return any(progress.frames for (of, _), progress in self.progress.items() if of == plan)

    def judge(self, line: tuple[str, str], capture: Capture, accepted: bool, measures: Measures) -> None:
        """Count a frame's verdict, and of a goal in S/N what it shows."""
        proof, was = self.proofs.get(line), self.progress.get(line, NOTHING)
        found = was.signal.with_frame(measures, capture.exposure_s, proof.of) if proof is not None else None
        self.progress[line] = was.judged(capture.began, capture.exposure_s, accepted, found)

    def keep(self, train: str, kind: str, filter_: str | None, exposure_s: float) -> None:
        """Count an accepted calibration frame."""
        self.calibration[train, kind, filter_, exposure_s] += 1

    def in_hand(self, wanted: CalibrationSet) -> int:
        """How many frames of a set were accepted tonight."""
        return self.calibration[wanted.train, wanted.kind, wanted.filter, wanted.exposure_s]
