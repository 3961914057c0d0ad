"""A teller whose clock is turned by hand."""

from typing import Any

from obsy.engine.journal import Entry
from obsy.engine.telling.teller import Teller
from obsy.schemas.site import Site
from tests.support.waiting import wait_until

NIGHT = "2026-11-21"
_WHERE = {"latitude": "38 deg", "longitude": "-2 deg", "elevation": "1650 m", "timezone": "Europe/Madrid"}
SITE = Site.model_validate({"kind": "site", "name": "hill", **_WHERE})


def entry(event: str, time: str = f"{NIGHT}T19:30:00.000Z", **facts: Any) -> Entry:
    return {"time": time, "night": NIGHT, "event": event, **facts}


class TurnedTeller:
    """Hears a night at once, and lets time pass when it is told to."""

    teller: Teller
    now_s = 0.0

    def hear(self, *entries: Entry) -> None:
        for each in entries:
            self.teller.hear(each, self.now_s)
        self.wait()

    def wait(self, seconds: float = 0.0) -> None:
        """Let time pass, and what is under way end."""
        self.now_s += seconds
        wait_until(self._rests)

    def _rests(self) -> bool:
        self.teller.tick(self.now_s)
        return not (self.teller.busy or self.teller._beats.busy or self.teller._outputs.busy)
