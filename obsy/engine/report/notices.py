"""What must stand at the top of the page: whatever went wrong, once for each sort."""

from collections.abc import Callable, Iterable

from obsy.engine.journal import Entry, moment
from obsy.engine.report.story import Notice

GRAVE = frozenset({"alarm", "close-failed"})
"""These may need hands at once."""

SAID: dict[str, Callable[[Entry], str]] = {
    "alarm": lambda e: str(e["reason"]),
    "close-failed": lambda e: f"the roof did not close: {e['reason']}",
    "device-failed": lambda e: f"{e['activity']} failed: {e['reason']}",
    "block-failed": lambda e: f"{e['plan']} {e['goal']} was broken off: {e['reason']}",
    "focus-failed": lambda e: f"no focus found in {e['filter']}: {e['reason']}",
    "night-resumed": lambda _: "the night was taken up again",
}


def notices(entries: Iterable[Entry]) -> tuple[Notice, ...]:
    """The grave ones first, then by time; what was told several times in the same words is told once and counted."""
    found: dict[tuple[str, str], Notice] = {}
    for entry in entries:
        event = entry["event"]
        if event not in SAID:
            continue
        words = SAID[event](entry)
        before = found.get((event, words))
        first, count = (before.first, before.count + 1) if before else (moment(entry["time"]), 1)
        found[event, words] = Notice(first, event in GRAVE, event, words, count)
    return tuple(sorted(found.values(), key=lambda notice: (not notice.grave, notice.first)))
