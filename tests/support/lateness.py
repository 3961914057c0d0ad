"""How late a busy machine is, for tests that measure what happens on the wall."""

import time
from itertools import pairwise
from threading import Event, Thread


class Lateness:
    """A process that only looks at the time, ten times a second: what it loses, every other loses on a busy machine."""

    EVERY_S = 0.1

    def __init__(self) -> None:
        self._seen, self._over = [time.monotonic()], Event()
        Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while not self._over.wait(self.EVERY_S):
            self._seen.append(time.monotonic())

    def between(self, begin_s: float, end_s: float) -> float:
        seen = [at for at in self._seen if begin_s <= at <= end_s]
        return sum(max(0.0, after - before - 1.5 * self.EVERY_S) for before, after in pairwise(seen))

    def end(self) -> None:
        self._over.set()
