"""What a mount could take next, and how much it deserves the moment; its block is made only where it is taken."""

from dataclasses import dataclass
from functools import cached_property

from obsy.engine.schedule.fit import Room, Timeline, block_of
from obsy.engine.schedule.request import Block, Candidate


@dataclass(frozen=True, eq=False)
class Option:
    """What could be taken now."""

    candidate: Candidate
    timeline: Timeline
    room: Room
    merit: float

    @cached_property
    def block(self) -> Block:
        """Return the block of all the frames that there is room for."""
        block = block_of(self.candidate, self.timeline, *self.room)
        assert block is not None  # noqa: S101  no room is of no frames
        return block
