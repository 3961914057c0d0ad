"""What became of a file, for whoever asks: before it is seen, after, or again."""

import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict on one file. `reason` says why it was not accepted; of a quarantined file it is the code."""

    accepted: bool
    reason: str = ""
    measures: Mapping[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class Question:
    """A question about one file; `since` is when it was asked, seconds, monotonic."""

    answer: "Future[Outcome]"
    since: float


class Outcomes:
    """Questions and answers by file name; safe to ask from any thread."""

    def __init__(self) -> None:
        self._asked: dict[str, Question] = {}
        self._lock = threading.Lock()
        self._fault: Exception | None = None

    def ask(self, name: str) -> "Future[Outcome]":
        """The answer about this file, now or later; the same one to all who ask."""
        with self._lock:
            if name not in self._asked:
                self._asked[name] = Question(Future(), time.monotonic())
                # Who waits may be cancelled; the answer is for all who ask, and is still given.
                self._asked[name].answer.set_running_or_notify_cancel()
                if self._fault is not None:
                    self._asked[name].answer.set_exception(self._fault)
            return self._asked[name].answer

    def seen(self, name: str) -> None:
        """A file of this name has come: if an earlier one was answered for, this is another question."""
        with self._lock:
            if name in self._asked and self._asked[name].answer.done():
                del self._asked[name]

    def answer(self, name: str, outcome: Outcome | Exception) -> None:
        """Tell all who ask about this file; the first answer stands."""
        answer = self.ask(name)
        if answer.done():
            return
        if isinstance(outcome, Exception):
            answer.set_exception(outcome)
        else:
            answer.set_result(outcome)

    def open(self, longer_than_s: float = 0.0) -> tuple[str, ...]:
        """The files that are asked about, for at least so long, and not answered for."""
        now = time.monotonic()
        with self._lock:
            open_ones = {name: asked.since for name, asked in self._asked.items() if not asked.answer.done()}
        return tuple(name for name, since in open_ones.items() if now - since >= longer_than_s)

    def fail(self, fault: Exception) -> None:
        """End every open question, and those that come later, with this fault."""
        self._fault = fault
        for name in self.open():
            self.answer(name, fault)
