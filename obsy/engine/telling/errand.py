"""A call to the outside, in a thread of its own, that may never return."""

import threading
import time
from collections.abc import Callable, Iterable

from obsy.engine.telling import service
from obsy.schemas.heartbeat import Heartbeat

ANSWERS_WITHIN_S = 60.0
"""A service that has not answered by then is left alone; the next attempt has a thread of its own."""


class Errand:
    """One call; `reason` says why it failed, if it did, and never holds an address."""

    def __init__(self, call: Callable[[], None], within_s: float | None = None) -> None:
        self.reason, self._call, self._returned = "", call, False
        self._until_s = time.monotonic() + (ANSWERS_WITHIN_S if within_s is None else within_s)
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        try:
            self._call()
        except service.NotSent as refusal:
            self.reason = str(refusal)
        except BaseException as fault:  # noqa: BLE001 - its words may hold an address
            self.reason = f"it failed with {type(fault).__name__}"
        self._returned = True

    @property
    def over(self) -> bool:
        """Whether it has returned, or nobody waits for it any longer."""
        if not self._returned and time.monotonic() >= self._until_s:
            self.reason = self.reason or "no answer in time"
            return True
        return self._returned


class Beats:
    """Asks for each heartbeat's address, time and again."""

    def __init__(self, declared: Iterable[Heartbeat]) -> None:
        self._next_s = dict.fromkeys(declared, float("-inf"))
        self._asked: dict[Heartbeat, Errand] = {}
        self._failing: set[Heartbeat] = set()

    def beat(self, now_s: float) -> None:
        """Ask for those whose time has come."""
        for each, at_s in self._next_s.items():
            if now_s >= at_s and each not in self._asked:
                self._next_s[each] = now_s + each.every
                address = each.address.get_secret_value()
                self._asked[each] = Errand(lambda address=address: service.ask(address))  # type: ignore[misc]

    def failures(self) -> Iterable[tuple[str, str]]:
        """Yield the name of each that does not get through any more, and why."""
        for each in [each for each, errand in self._asked.items() if errand.over]:
            reason = self._asked.pop(each).reason
            if reason and each not in self._failing:
                yield each.name, reason
            (self._failing.add if reason else self._failing.discard)(each)
