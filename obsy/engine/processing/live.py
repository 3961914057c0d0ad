"""The order in which aligned frames join the stack that grows while the night runs: the order they were taken in."""

from collections import defaultdict, deque
from dataclasses import dataclass, field

from obsy.engine.store.record import FrameRecord

Key = tuple[str, str]
"""Object and filter."""


@dataclass(slots=True)
class StackQueue:
    """The frames of one stack that wait their turn, the aligned ones among them, and whether one is being added."""

    waiting: "deque[str]" = field(default_factory=deque)
    ready: dict[str, FrameRecord | None] = field(default_factory=dict)
    busy: bool = False


class StackQueues:
    """One line of frames for each stack; each frame joins when all before it have joined or been left out."""

    def __init__(self) -> None:
        self._lines: dict[Key, StackQueue] = defaultdict(StackQueue)

    def expect(self, key: Key, sha256: str) -> None:
        """This frame is being reduced; later ones wait for it."""
        self._lines[key].waiting.append(sha256)

    def settle(self, key: Key, sha256: str, frame: FrameRecord | None) -> None:
        """The frame as it was aligned, or None if it does not join."""
        if sha256 in self._lines[key].waiting:
            self._lines[key].ready[sha256] = frame

    def next(self, key: Key) -> FrameRecord | None:
        """The frame to add now, if there is one; the line is then busy until `free`."""
        line = self._lines[key]
        while not line.busy and line.waiting and line.waiting[0] in line.ready:
            if frame := line.ready.pop(line.waiting.popleft()):
                line.busy = True
                return frame
        return None

    def free(self, key: Key) -> None:
        """The frame was added."""
        self._lines[key].busy = False
