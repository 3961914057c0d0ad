"""What can happen in a night, one class an event; journal, screen, report and manual all read them.

A new event is one class in the file of its sort, written where it happens.
"""

from obsy.engine.events import alerts, flipping, frames, guiding, night, observing, roof, telling, turning
from obsy.engine.events.event import ALARM, EVENTS, INFO, NOTICE, TROUBLE, Event, Log, Severity, severity, words

SORTS = (night, roof, observing, flipping, turning, alerts, guiding, frames, telling)

__all__ = [
    "ALARM",
    "EVENTS",
    "INFO",
    "NOTICE",
    "SORTS",
    "TROUBLE",
    "Event",
    "Log",
    "Severity",
    "severity",
    "words",
]
