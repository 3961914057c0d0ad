"""Processing's door: files go in, answers come out later; one thread makes pass after pass over what is open."""

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from obsy.engine.events.frames import ArchiveRefused, ArchiveTook, RowLeftAside
from obsy.engine.frames.copy import Seen, seen, sweep
from obsy.engine.frames.ingest import Arriving
from obsy.engine.frames.name import readable
from obsy.engine.library.master import CalibrationSet, Master
from obsy.engine.processing.arrivals import Arrivals
from obsy.engine.processing.jobs import Jobs
from obsy.engine.processing.requests import build, finish
from obsy.engine.processing.rules import Crew
from obsy.engine.store.record import Product, State
from obsy.engine.store.store import StoreError
from obsy.errors import ArchiveError, ObsyError

T = TypeVar("T")
TICK_S = 0.25
DAMAGED = "damaged-row"
"""Why a frame does not count whose row in the store cannot be understood."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict on one file. `reason` says why it does not count; of a quarantined file it is the code."""

    accepted: bool
    """Whether it counts."""
    reason: str = ""
    measures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """A question about one file; `since` is when it was asked, seconds, monotonic."""

    path: Path
    answer: "Future[Outcome]"
    since: float


@dataclass(slots=True)
class QuietTask:
    """Something to be done once nothing is under way; until `patience_until` it also waits for promised files."""

    steps: Generator[None, None, Any]
    answer: "Future[Any]"
    patience_until: float


class Processing:
    """Takes files from the camera's folder to graded, stacked frames. One at a time for an archive.

    Everything it must remember is a state in the store; a process that is killed is taken up by the next one.
    """

    def __init__(self, crew: Crew) -> None:
        self._crew = crew
        self._inbox: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._running: list[Future[Any]] = []
        self._questions: list[Question] = []
        self._tasks: deque[QuietTask] = deque()
        self._promised: set[Future[Any]] = set()
        self._fault: Exception | None = None
        """What ends whatever is asked from now on, so that nobody waits for ever."""
        self._resumed = False
        self._left_aside: set[str] = set()
        """Rows of the store that were told of."""
        self._troubled_since: float | None = None
        """Since when the disk takes nothing; seconds, monotonic."""
        self._arrivals = Arrivals(crew, self._ask_aside)
        self._jobs = Jobs(crew, self._submit)
        self._thread = threading.Thread(target=self._work, name="processing", daemon=True)

    def start(self) -> None:
        """Begin with what an earlier process left half done."""
        self._thread.start()

    def found(self, path: Path) -> None:
        """A finished file has come; from any thread."""
        self._inbox.put(partial(self._arrivals.take, path))

    def outcome(self, path: Path) -> "Future[Outcome]":
        """What became of the file of this name: asked before it is seen, after, or after a restart.

        Ends in ArchiveError if the archive cannot take it for longer than the rules' patience; the file is then kept.
        """
        answer: Future[Outcome] = self._promise()
        self._inbox.put(partial(self._questions.append, Question(path, answer, time.monotonic())))
        return answer

    def build(self, wanted: CalibrationSet, night: date) -> "Future[Master]":
        """The registered master of that night's accepted frames of this set; ends in FrameError if they are too few."""
        return self._when_quiet(build(self._crew, self._jobs, self._submit, (wanted, night)))

    def finish(self, night: date) -> "Future[tuple[Product, ...]]":
        """The final stacks of what was taken that night, over all nights, once nothing is under way any more."""
        return self._when_quiet(finish(self._crew, self._jobs, self._submit, night))

    def settled(self) -> "Future[None]":
        """Done once nothing is under way: all that came before has its verdict."""
        return self._when_quiet(_ for _ in ())

    def close(self) -> None:
        """End; what is under way is taken up by the next processing, and what is asked ends in an ObsyError."""
        self._inbox.put(None)
        if self._thread.is_alive():
            self._thread.join()
        self._crew.foreign.shutdown()
        self._fault = ObsyError("processing was closed before it could answer")
        self._answer_all(self._fault)

    # From any thread

    def _promise(self) -> "Future[Any]":
        answer: Future[Any] = Future()
        answer.set_running_or_notify_cancel()  # who waits may be cancelled; the answer is then still given
        self._promised.add(answer)
        answer.add_done_callback(self._promised.discard)
        if self._fault is not None:
            _settle(answer, self._fault)
        return answer

    def _when_quiet(self, steps: Generator[None, None, T]) -> "Future[T]":
        answer: Future[T] = self._promise()
        until = time.monotonic() + self._crew.rules.patience_s
        self._inbox.put(partial(self._tasks.append, QuietTask(steps, answer, until)))
        return answer

    def _answer_all(self, fault: Exception) -> None:
        """Whatever has been asked so far ends with this fault."""
        for answer in tuple(self._promised):
            _settle(answer, fault)

    # In processing's own thread

    def _work(self) -> None:
        while True:
            try:
                message = self._inbox.get(timeout=TICK_S)
            except queue.Empty:
                message = _nothing
            if message is None:
                self._crew.store.leave()
                return
            try:
                message()
                self._pass()
            except (StoreError, OSError) as trouble:
                self._wait_for_room(trouble)
            except Exception as fault:  # the thread must live: others wait for its answers
                self._answer_all(fault)

    def _resume(self) -> None:
        sweep(self._crew.data_root.archive)
        sweep(self._crew.data_root.quarantine)
        self._crew.store.reopen_unjudged()
        self._arrivals.resume()

        self._resumed = True

    def _wait_for_room(self, trouble: Exception) -> None:
        """The disk takes nothing. What was to be written is at hand, and the next pass tries again."""
        now = time.monotonic()
        if self._troubled_since is None:
            self._troubled_since = now
            self._crew.tell(ArchiveRefused(frame=None, reason=str(trouble)))
        elif now - self._troubled_since >= self._crew.rules.patience_s:
            self._answer_all(ArchiveError(str(trouble)))

    def _pass(self) -> None:
        if not self._resumed:
            self._resume()
        self._running = [answer for answer in self._running if not answer.done()]
        self._arrivals.go_on()
        self._jobs.advance()
        self._questions[:] = [question for question in self._questions if not self._answered(question)]
        self._tell_of_damage()
        self._do_quiet_task()
        if self._troubled_since is not None:
            self._troubled_since = None
            self._crew.tell(ArchiveTook(frame=None))

    def _tell_of_damage(self) -> None:
        for path, why in list(self._crew.store.left_aside.items()):
            if path not in self._left_aside:
                self._left_aside.add(path)
                self._crew.tell(RowLeftAside(path=readable(path), reason=why))

    def _submit(self, work: Callable[[Any], Any], order: Any) -> "Future[Any]":
        """Let a worker do it; the pass after it is done takes the answer."""
        try:
            answer = self._crew.executor.submit(work, order)
        except Exception as error:  # a broken or closed pool refuses in its own ways
            answer = Future()
            answer.set_exception(error)
        return self._await(answer)

    def _ask_aside(self, within_s: float, work: Callable[[Arriving], T], order: Arriving) -> "Future[T]":
        return self._await(self._crew.foreign.within(within_s, work, order))

    def _await(self, answer: "Future[T]") -> "Future[T]":
        self._running.append(answer)
        answer.add_done_callback(lambda _: self._inbox.put(_nothing))
        return answer

    def _is_busy(self) -> bool:
        return bool(self._running) or not self._inbox.empty()

    def _answered(self, question: Question) -> bool:
        try:
            outcome = self._outcome(question)
        except (StoreError, OSError):
            raise
        except Exception as fault:  # a question that cannot be put, as of a name that is not UTF-8
            outcome = fault
        if outcome is not None:
            _settle(question.answer, outcome)
        return question.answer.done()

    def _outcome(self, question: Question) -> Outcome | Exception | None:
        """What the store knows of a file; None while that is not all there is to know."""
        path, store = question.path, self._crew.store
        if refusal := self._arrivals.refusal(path):
            return ArchiveError(refusal)
        arrival = store.newest_arrival(path)
        if arrival is None or arrival.state in (State.ARRIVED, State.REFUSED):
            return None if path.exists() else self._missing(question)
        if _is_another(path, arrival.seen):
            return None
        if arrival.state is State.QUARANTINED:
            return Outcome(accepted=False, reason=arrival.reason)
        return self._verdict(arrival.sha256 or "")

    def _verdict(self, sha256: str) -> Outcome | None:
        try:
            frame = self._crew.store.frame(sha256)
        except ArchiveError as damage:  # of this row alone: the night goes on
            return Outcome(accepted=False, reason=f"{DAMAGED}: {damage}")
        if frame is None or (frame.pending and frame.state in (State.ARCHIVED, State.REDUCED)):
            return None
        return Outcome(bool(frame.credited), frame.reason, dict(frame.measures))

    def _missing(self, question: Question) -> Outcome | None:
        """The answer about a file that never came."""
        late = time.monotonic() - question.since >= self._crew.rules.patience_s
        return Outcome(accepted=False, reason="no-file") if late and not self._is_busy() else None

    def _do_quiet_task(self) -> None:
        """Take the first task one step further, if nothing is under way."""
        if not self._tasks or self._is_busy():
            return
        task = self._tasks[0]
        if self._questions and time.monotonic() < task.patience_until:
            return
        self._inbox.put(_nothing)
        try:
            next(task.steps)
        except StopIteration as end:
            _settle(self._tasks.popleft().answer, end.value)
        except Exception as why:
            _settle(self._tasks.popleft().answer, ArchiveError(str(why)) if isinstance(why, StoreError) else why)


def _is_another(path: Path, known: Seen) -> bool:
    """Whether another file than the known one lies there, which the watch will tell of."""
    try:
        return seen(path) != known
    except FileNotFoundError:
        return False


def _nothing() -> None:
    pass


def _settle(answer: "Future[Any]", outcome: Any) -> None:
    """Give the answer; the first one stands."""
    with suppress(InvalidStateError):
        if isinstance(outcome, Exception):
            answer.set_exception(outcome)
        else:
            answer.set_result(outcome)
