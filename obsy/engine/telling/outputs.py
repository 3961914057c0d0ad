"""Tells other programs how the observatory stands: at once when it changes, and again and again while it is true."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from pathlib import Path

from obsy.engine.telling.broker import BrokerOutput
from obsy.engine.telling.errand import Chores
from obsy.engine.telling.files import FORMS
from obsy.engine.telling.service import NotSent
from obsy.engine.telling.situation import Outlook
from obsy.schemas.output import Output

RENEWED_S = 20.0
"""A third of the time for which it may be believed."""
BEATS_S, FRESH_S = 10.0, 10.0
"""How often brokers hear that a guard has all in hand, and how old its own word may be then."""


class Outputs(Chores):
    """The outputs of one site, each written in a thread of its own."""

    def __init__(self, declared: Iterable[Output], root: Path, timezone: str) -> None:
        super().__init__()
        self._root, self._timezone = root, timezone
        self._shown: dict[Output, tuple[Outlook, float]] = {}
        self._beat_s = float("-inf")
        self._brokers = {each: BrokerOutput(each) if each.write.mqtt is not None else None for each in declared}

    def show(self, outlook: Callable[[str | None], Outlook], at: datetime, now_s: float, *, renew: bool) -> None:
        """Tell what has changed; what has not only if it is to be renewed, and it is time."""
        for each in self._brokers:
            told = outlook(each.enclosure)
            before, shown_s = self._shown.get(each, (None, float("-inf")))
            changed = told != before
            if (changed or (renew and now_s - shown_s >= RENEWED_S)) and self.do(each.name, self.way(each, told, at)):
                self._shown[each] = told, now_s

    def beat(self, said: datetime, at: datetime, now_s: float) -> None:
        """Tell brokers that a guard has all in hand, unless it has said so long ago and was not read before."""
        if abs((at - said).total_seconds()) > FRESH_S or now_s - self._beat_s < BEATS_S:
            return
        self._beat_s = now_s
        for each, broker in self._brokers.items():
            if broker is not None:
                self.do(each.name, broker.beat)

    def way(self, declared: Output, told: Outlook, at: datetime) -> Callable[[], None]:
        """Return what tells an output."""
        if (broker := self._brokers[declared]) is not None:
            return partial(broker.write, told, at)
        return partial(self._write, declared, told, at)

    def _write(self, declared: Output, told: Outlook, at: datetime) -> None:
        way = declared.write.way
        try:
            FORMS[way](Path(declared.places(self._root)[0]), told, at, self._timezone)
        except OSError as trouble:
            raise NotSent(str(trouble)) from None
