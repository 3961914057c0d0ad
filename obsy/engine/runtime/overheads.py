"""What planning counts for slews, flips, focus runs, filters and downloads: as declared, or as journals tell it."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from obsy.engine.declare.observatory import Observatory
from obsy.engine.fold import fold
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.journal import Entry, read
from obsy.engine.schedule.learned import FASTEST, SLOWEST, LearnedOverheads, learned
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.timings import LONGEST_S

NIGHTS = 30
"""So many nights before count, the newest."""
LEAST = {"slew_deg_s": SLOWEST}
MOST = {
    "slew_deg_s": FASTEST,
    "settle_s": LONGEST_S["move"],
    "flip_s": LONGEST_S["move"],
    "filter_s": LONGEST_S["filter_s"],
    "download_s": LONGEST_S["download_s"],
    "focus_s": LONGEST_S["focus_s"],
    "late_s": LONGEST_S["focus_s"],
    "uneven_s": LONGEST_S["download_s"],
}
"""Nothing beyond it was ever learned, whatever a journal says."""


def costs(observatory: Observatory, day: date, data_root: DataRoot | None) -> dict[str, Overheads]:
    """Return by train what planning of a night counts; of one that has begun, what it began with."""
    stated = declared(observatory)
    if data_root is None or observatory.overheads == "declared":
        return stated
    if opening := fold(read(data_root.journal(day))).begin:
        return {train: _noted(opening, train, each) for train, each in stated.items()}
    return {train: each.costs for train, each in known(observatory, day, data_root).items()}


def known(observatory: Observatory, day: date, data_root: DataRoot) -> dict[str, LearnedOverheads]:
    """Return by train what the journals of the nights before one tell."""
    before = sorted(path for path in data_root.journal(day).parent.glob("*.jsonl") if path.stem < day.isoformat())
    stated = {each.name: (each.mount.name, Overheads.of(each)) for each in observatory.instruments}
    nights = (_entries(path) for path in before[-NIGHTS:])
    return learned(nights, stated, observatory.site.location.longitude_deg)


def _entries(path: Path) -> list[Entry]:
    """Return what a night before noted; one that cannot be read tells nothing, and stops no night."""
    try:
        return list(read(path))
    except (OSError, ValueError, RecursionError):
        return []


def told(counted: Mapping[str, Overheads], observatory: Observatory) -> dict[str, Any]:
    """Return what a night notes of what it counts otherwise than it is declared."""
    stated, found = declared(observatory), {}
    for train, each in counted.items():
        was = asdict(stated[train])
        if other := {name: value for name, value in asdict(each).items() if value != was[name]}:
            found[train] = other
    return found


def declared(observatory: Observatory) -> dict[str, Overheads]:
    """Return by train what is declared."""
    return {each.name: Overheads.of(each) for each in observatory.instruments}


def _noted(opening: Entry, train: str, declared: Overheads) -> Overheads:
    """Return what a night that has begun noted of a train; what is no number that can be counted is passed over."""
    said = opening.get("overheads")
    said = said.get(train) if isinstance(said, Mapping) else None
    if not isinstance(said, Mapping):
        return declared
    numbers = {name: s for name, s in said.items() if name in MOST and isinstance(s, int | float)}
    well = {name: float(s) for name, s in numbers.items() if LEAST.get(name, 0.0) <= s <= MOST[name]}
    return replace(declared, **well)
