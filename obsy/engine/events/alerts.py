"""Alerts of brokers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from obsy.engine.events.event import NOTICE, Event, Reason


class _Alert(Event):
    alert: Annotated[str, "its id"]


class AlertCame(_Alert, severity=NOTICE, says="alert of {source}: {called}"):
    """A broker tells of something; what is done about it, the next event says."""

    source: Annotated[str, "broker, mission and instrument"]
    called: str
    at: Annotated[datetime, "when it happened"]
    came: Annotated[datetime, "when `obsy alert` was given it"]
    role: Annotated[str, "`observation`, or what the broker calls it: `test`, `retraction`"]
    ra_deg: float
    dec_deg: float
    magnitude: float | None = None


class AlertActedOn(_Alert, severity=NOTICE, says="{plan} {is_wanted} until {until}{ahead}"):
    """A rule asks for a plan because of it; in rehearsal it would."""

    plan: str
    until: datetime
    mode: Annotated[str, "of the rule: `live` or `rehearsal`"]
    below: Annotated[int, "plans with a priority below this give way; 0 for none"]

    @classmethod
    def words(cls, facts: Mapping[str, Any]) -> str:
        """Return the sentence, which says of a rehearsal that it is one."""
        is_wanted = "is wanted" if facts.get("mode") == "live" else "would be wanted, were its rule live,"
        below = facts.get("below")
        ahead = f", ahead of plans with a priority below {below}" if below else ""
        until = facts.get("until")
        at = until if isinstance(until, datetime) else datetime.fromisoformat(str(until))
        told = {**facts, "is_wanted": is_wanted, "ahead": ahead, "until": f"{at:%Y-%m-%d %H:%M} UTC"}
        return super().words(told)


class AlertRefused(_Alert, severity=NOTICE, says="nothing is done about {alert}: {reason}"):
    """An alert asks for no plan."""

    reason: Reason


class AlertOver(_Alert, severity=NOTICE, says="{plan} is not wanted any more: its alert is over"):
    """What a rule `lasts` has passed since it happened."""

    plan: str
