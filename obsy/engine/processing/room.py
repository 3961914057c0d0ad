"""What all who work in processing share."""

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass

from obsy.engine.frames.frame import Frame
from obsy.engine.library.master import Masters
from obsy.engine.processing.folders import Folders
from obsy.engine.processing.outcome import Outcomes
from obsy.engine.processing.queue import WorkQueue
from obsy.engine.processing.record import from_store, master
from obsy.engine.processing.rules import Craft, OnEvent, ProcessingRules
from obsy.engine.store.masters import masters
from obsy.engine.store.record import FrameRecord


@dataclass(frozen=True, slots=True)
class Room:
    """The place, the rules and the tools."""

    folders: Folders
    rules: ProcessingRules
    craft: Craft
    bench: WorkQueue
    outcomes: Outcomes
    tell: OnEvent

    def frame(self, record: FrameRecord) -> Frame:
        """The archived frame that the store remembers."""
        return from_store(record, self.folders)

    def masters_for(self, record: FrameRecord) -> Masters:
        """The library's choice for this frame, as the library stands now."""
        have = tuple(master(kept, self.folders) for kept in masters())
        return self.craft.match(self.frame(record), have, self.rules.calibration)


@dataclass(frozen=True, slots=True)
class Crew:
    """What processing was made with."""

    folders: Folders
    rules: ProcessingRules
    craft: Craft
    executor: Executor
    on_event: OnEvent | None = None


def silent(name: str, facts: Mapping[str, object]) -> None:
    """Nobody listens."""
