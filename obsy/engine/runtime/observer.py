"""The journal, with somebody watching."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from obsy.engine.journal import Entry, Journal, stamp

Tell = Callable[[Entry], None]


class ObservedJournal:
    """A journal that also tells whoever watches; what it tells is on the disk already."""

    def __init__(self, journal: Journal, tell: Tell) -> None:
        """Tell `tell`."""
        self._journal, self._tell = journal, tell

    def write(self, when: datetime, event: str, facts: Mapping[str, Any]) -> None:
        """Keep one event, then tell it."""
        self._journal.write(when, event, facts)
        self._tell({"time": stamp(when), "night": self._journal.night, "event": event, **facts})
