"""Where a night leaves its plan: what was planned for this time, what comes instead, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from obsy.engine.events import Event
from obsy.engine.events.alerts import AlertActedOn, AlertOver
from obsy.engine.events.frames import FrameRejected
from obsy.engine.events.observing import BlockFailed, GoalWaits, PlanChanged
from obsy.engine.events.roof import VerdictTurned
from obsy.engine.schedule.fit import most_frames
from obsy.engine.schedule.request import Block
from obsy.units import duration

NEAR = timedelta(minutes=10)
"""What was planned no farther from now than this comes as planned."""
SHIFTED = timedelta(minutes=2)
"""A block that ends so much sooner or later than planned may change what comes after it."""
CAUSES = (VerdictTurned, BlockFailed, GoalWaits, FrameRejected, AlertActedOn, AlertOver)
"""Events that may change the plan."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What was planned for a mount when its last block was chosen."""

    blocks: tuple[Block, ...]
    """That block, and those after it."""
    happened: int
    """How many events that may change the plan there had been by then."""
    sheltered: frozenset[str]
    """The mounts under roofs that were not safe."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The next choice."""

    now: datetime
    block: Block | None
    """What comes now; None if nothing is left."""
    happened: Sequence[Event]
    """What may have changed the plan since the choice before."""
    refused: str = ""
    """Why the archive takes no more frames; empty while it does."""


def deviation(before: Expected, at: Moment, sheltered: frozenset[str] = frozenset()) -> PlanChanged | None:
    """Return what is to be told if what comes was not planned for about this time; None if it was."""
    now, block = at.now, at.block
    near = [each for each in before.blocks if each.start - NEAR < now < each.end + NEAR]
    if block is not None and _name(block) in map(_name, near):
        return None
    left = [each for each in before.blocks if each.end > now + NEAR]
    if (block is None and not left) or (block is not None and left and _name(block) == _name(left[0])):
        return None
    cause, reason = next(_causes(before, at, sheltered))
    return PlanChanged(
        planned=_name(left[0]) if left else None,
        instead=_name(block) if block is not None else None,
        cause=cause,
        reason=reason,
    )


def _causes(before: Expected, at: Moment, sheltered: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield what happened since the choice before, each as a word and in words, the gravest first."""
    if at.refused:
        yield "refused", at.refused
    for event in at.happened:
        if isinstance(event, VerdictTurned) and not event.safe:
            yield "weather", f"it was not safe: {event.reason}"
    if before.sheltered != sheltered:
        yield "weather", "another roof turned safe or unsafe"
    yield from (("alert", each.words(each.facts())) for each in at.happened if _is_live(each))
    for kind, cause in ((BlockFailed, "failed"), (GoalWaits, "waits")):
        yield from ((cause, event.words(event.facts())) for event in at.happened if isinstance(event, kind))
    rejected = [event for event in at.happened if isinstance(event, FrameRejected)]
    if rejected:
        many = f"{len(rejected)} frames were" if len(rejected) > 1 else "a frame was"
        yield "rejected", f"{many} rejected, the last for {rejected[-1].reason}"
    late = at.now - _ends(before.blocks[0]) if before.blocks else timedelta()
    if abs(late) >= SHIFTED:
        cause, word = ("late", "later") if late > timedelta() else ("early", "sooner")
        yield cause, f"the block before ended {duration(abs(late).total_seconds())} {word} than planned"
    yield "anew", "planned anew from here, another order is worth more"


def _is_live(event: Event) -> bool:
    return isinstance(event, AlertOver) or (isinstance(event, AlertActedOn) and event.mode == "live")


def _ends(block: Block) -> datetime:
    """Return when a block was to end: after an hour the next choice is made."""
    each = (block.end - block.start) / block.count
    return block.start + each * min(block.count, most_frames(block.request.line, each.total_seconds()))


def _name(block: Block) -> str:
    return f"{block.request.line.plan} {block.request.line.key}"
