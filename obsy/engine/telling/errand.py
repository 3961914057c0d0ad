"""A call to the outside, in a thread of its own, that may never return."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from obsy.engine.telling import service
from obsy.schemas.heartbeat import Heartbeat

ANSWERS_WITHIN_S = 60.0
"""A service that has not answered by then is left alone; the next attempt has a thread of its own."""


class Errand:
    """One call; `reason` says why it failed, if it did, and never holds an address."""

    def __init__(self, call: Callable[[], None], within_s: float | None = None) -> None:
        self.reason, self.returned, self._call = "", False, call
        self._until_s = time.monotonic() + (ANSWERS_WITHIN_S if within_s is None else within_s)
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        try:
            self._call()
        except service.NotSent as refusal:
            self.reason = str(refusal)
        except BaseException as fault:  # noqa: BLE001 - its words may hold an address
            self.reason = f"it failed with {type(fault).__name__}"
        self.returned = True

    @property
    def over(self) -> bool:
        """Whether it has returned, or nobody waits for it any longer."""
        if not self.returned and time.monotonic() >= self._until_s:
            self.reason = self.reason or "no answer in time"
            return True
        return self.returned


class Chores:
    """Calls that are made again and again, by name; of failures in a row the first is told."""

    def __init__(self) -> None:
        self._under_way: dict[str, Errand] = {}
        self._told: set[str] = set()

    def do(self, name: str, call: Callable[[], None]) -> bool:
        """Begin a call; return whether it was begun: not while the last one of that name has not returned."""
        if name in self._under_way:
            return False
        self._under_way[name] = Errand(call)
        return True

    @property
    def busy(self) -> bool:
        """Whether one has not returned."""
        return bool(self._under_way)

    def failures(self) -> Iterator[tuple[str, str]]:
        """Yield the names of those that fail since now, and why."""
        for name, errand in list(self._under_way.items()):
            if errand.returned:
                del self._under_way[name]
            if errand.over and errand.reason and name not in self._told:
                self._told.add(name)
                yield name, errand.reason
            elif errand.returned and not errand.reason:
                self._told.discard(name)


class Beats(Chores):
    """Asks for each heartbeat's address, time and again."""

    def __init__(self, declared: Iterable[Heartbeat]) -> None:
        super().__init__()
        self._next_s = dict.fromkeys(declared, float("-inf"))

    def beat(self, now_s: float) -> None:
        """Ask for those whose time has come."""
        for each, at_s in self._next_s.items():
            if now_s >= at_s and self.do(each.name, partial(service.ask, each.address.get_secret_value())):
                self._next_s[each] = now_s + each.every
