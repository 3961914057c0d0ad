"""The end of a night: lights that lacked a master are reduced again, then all nights' frames are combined."""

from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from obsy.engine.processing import stacks
from obsy.engine.processing.jobs import Jobs
from obsy.engine.processing.live import Key
from obsy.engine.processing.room import Room
from obsy.engine.processing.stacks import FinalStack
from obsy.engine.reduce.orders import StackResult
from obsy.engine.store.frames import frames
from obsy.engine.store.record import FrameRecord
from obsy.engine.store.stacks import register_stack
from obsy.engine.store.stacks import stacks as registered


@dataclass(slots=True)
class Closing:
    """One night on its way to its final stacks."""

    room: Room
    night: date
    answer: "Future[tuple[FinalStack, ...]]"
    done: list[FinalStack] = field(default_factory=list)

    def begin(self, development: Jobs) -> None:
        """Reduce again what lacked a master, then combine."""
        for record in frames(self.night, kind="light"):
            if record.missing:
                development.again(record)
        self.room.bench.when_quiet(self._combine)

    def _combine(self) -> None:
        for of in stacks.stacked_tonight(self.night):
            kept = stacks.members(of)
            wanted = self.room.rules.credit(self.room.frame(kept[-1]))
            if wanted is not None and stacks.is_stacked(wanted) and not self._is_there(of, kept):
                order = stacks.stack_order(of, kept, wanted, self.night, self.room.folders)
                self.room.bench.submit(self.room.craft.combine_stack, order, partial(self._combined, of, kept))
        self.room.bench.when_quiet(self._finish)

    def _is_there(self, of: Key, kept: tuple[FrameRecord, ...]) -> bool:
        """Whether just these frames are combined already; then that is the stack."""
        members = tuple(frame.sha256 for frame in kept)
        for have in registered():
            same = (have.object, have.filter, have.members) == (*of, members)
            if same and self.room.folders.full(have.path).exists():
                self.done.append(stacks.stack(have, self.room.folders))
                return True
        return False

    def _combined(self, of: Key, kept: tuple[FrameRecord, ...], result: StackResult | Exception) -> None:
        if isinstance(result, Exception):
            self.room.tell("stack-failed", {"object": of[0], "filter": of[1], "reason": str(result)})
            return
        record = stacks.record(result, of, kept, self.room.folders)
        register_stack(record)
        self.done.append(stacks.stack(record, self.room.folders))
        self.room.tell("stack-built", {"object": of[0], "filter": of[1], "frames": record.frames, "place": record.path})

    def _finish(self) -> None:
        self.answer.set_result(tuple(sorted(self.done, key=lambda stack: (stack.object, stack.filter))))
