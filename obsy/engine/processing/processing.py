"""Processing's door: files go in, answers come out later; the work is done in its own thread and in workers."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from obsy.engine.frames.copy import sweep
from obsy.engine.library.master import CalibrationSet, Master
from obsy.engine.processing.arrivals import Arrivals
from obsy.engine.processing.closing import Closing
from obsy.engine.processing.jobs import Jobs
from obsy.engine.processing.library import build
from obsy.engine.processing.outcome import Outcome, Outcomes
from obsy.engine.processing.queue import WorkQueue
from obsy.engine.processing.room import Crew, Room, silent
from obsy.engine.processing.stacks import FinalStack
from obsy.engine.store.frames import frames
from obsy.engine.store.open import leave_store
from obsy.errors import ObsyError

T = TypeVar("T")


class Processing:
    """Needs an open store. One at a time for an archive, which the night's lock sees to."""

    def __init__(self, crew: Crew) -> None:
        """Ready; nothing is done before `start`."""
        self._outcomes = Outcomes()
        self._bench = WorkQueue(crew.executor, self._tick, self._fail, crew.rules.patience_s)
        self._answers: list[Future[Any]] = []
        tell = crew.on_event or silent
        self._room = Room(crew.folders, crew.rules, crew.craft, self._bench, self._outcomes, tell)
        self._development = Jobs(self._room)
        self._arrivals = Arrivals(self._room, self._development)

    def start(self) -> None:
        """Begin with what an earlier process left half done."""
        self._bench.do(self._resume)
        self._bench.start()

    def found(self, path: Path) -> None:
        """A finished file has come; from any thread."""
        self._bench.do(partial(self._arrivals.arrive, path))

    def outcome(self, path: Path) -> "Future[Outcome]":
        """What became of the file of this name: asked before it is seen, after, or after a restart.

        Ends in ArchiveError if the archive cannot take it for longer than the rules' patience; the file is then kept.
        """
        answer = self._outcomes.ask(path.name)
        if not answer.done():
            self._bench.do(partial(self._arrivals.recall, path))
        return answer

    def build(self, wanted: CalibrationSet, night: date) -> "Future[Master]":
        """The registered master of that night's accepted frames of this set; ends in FrameError if they are too few."""
        return self._when_quiet(lambda answer: build(self._room, wanted, night, answer))

    def finish(self, night: date) -> "Future[tuple[FinalStack, ...]]":
        """The final stacks of what was taken that night, over all nights, once nothing is under way any more."""
        return self._when_quiet(lambda answer: Closing(self._room, night, answer).begin(self._development))

    def settled(self) -> "Future[None]":
        """Done once nothing is under way: all that came before has its verdict."""
        return self._when_quiet(lambda answer: answer.set_result(None))

    def close(self) -> None:
        """End; what is under way is taken up by the next processing, and what is asked ends in an ObsyError."""
        self._bench.do(leave_store)
        self._bench.stop()
        self._fail(ObsyError("processing was closed before it could answer"))

    def _when_quiet(self, begin: "Callable[[Future[T]], None]") -> "Future[T]":
        answer: Future[T] = Future()
        answer.set_running_or_notify_cancel()  # who waits may be cancelled; the answer is then still given
        self._answers.append(answer)
        self._bench.do(lambda: self._bench.when_quiet(lambda: begin(answer)))
        return answer

    def _fail(self, fault: Exception) -> None:
        """Whatever is asked ends with this fault, so that nobody waits for ever; the frames stay ungraded."""
        self._outcomes.fail(fault)
        for answer in self._answers:
            if not answer.done():
                answer.set_exception(fault)

    def _resume(self) -> None:
        """Have judged what was registered and not graded when an earlier process ended."""
        sweep(self._room.folders.archive)
        sweep(self._room.folders.quarantine)
        for record in frames(accepted=None):
            self._development.begin(record, record.source)

    def _tick(self) -> None:
        self._arrivals.tick()
        self._bench.quieten(expected=bool(self._outcomes.open()))
