"""What must stand at the top of the page: whatever went wrong, once for each sort."""

from collections.abc import Iterable
from dataclasses import replace

from obsy.engine.events import ALARM, TROUBLE, severity, words
from obsy.engine.journal import Entry, moment
from obsy.engine.report.story import Notice

_ITS_OWN = ("frame", "place", "attempt", "in_a_row", "until", "pause_s")
"""Facts in which events that are told together may differ."""


def notices(entries: Iterable[Entry]) -> tuple[Notice, ...]:
    """The grave ones first, then by time; those that differ in nothing that matters are told once and counted."""
    found: dict[str, Notice] = {}
    for entry in entries:
        if severity(entry) < TROUBLE:
            continue
        sort = words({name: fact for name, fact in entry.items() if name not in _ITS_OWN})
        first = found.get(sort) or Notice(
            moment(entry["time"]), severity(entry) >= ALARM, entry["event"], words(entry), 0
        )
        found[sort] = replace(first, count=first.count + 1)
    return tuple(sorted(found.values(), key=lambda notice: (not notice.grave, notice.first)))
