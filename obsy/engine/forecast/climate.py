"""How many nights of a site are clear: as it declares, as its nights on record were, or as is assumed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from obsy.engine.night_record import NightRecord
from obsy.engine.sky.twilight import Night

CLEAR = 0.5
"""Of nights, where nothing is declared or on record: an assumption."""
PERSISTENCE = 0.3
"""Correlation of one night with the next: an assumption; weather lasts for a day or two at middle latitudes."""
ASSUMED_NIGHTS = 10
"""The assumption weighs as much as so many nights on record."""


@dataclass(frozen=True, slots=True)
class Climate:
    """How the nights of a site turn out in the long run."""

    clear: float
    """Share of nights, from 0 to 1."""
    source: str
    """Where that is from, in words."""
    persistence: float = PERSISTENCE


def climate(declared_percent: float | None, record: Sequence[float]) -> Climate:
    """Return what is declared; else what nights on record say, drawn towards the assumption.

    record: of each night, the share of its dark in which a roof could be open.
    """
    if declared_percent is not None:
        return Climate(declared_percent / 100, "declared by the site")
    if not record:
        return Climate(CLEAR, "an assumption; 'clear: 40 %' in the site's document says better")
    clear = (sum(record) + CLEAR * ASSUMED_NIGHTS) / (len(record) + ASSUMED_NIGHTS)
    few = f", and the assumption of {CLEAR:.0%} that weighs as {ASSUMED_NIGHTS} nights"
    return Climate(clear, f"from {len(record)} nights on record, {sum(record):.1f} of them clear{few}")


def share_open(record: NightRecord, night: Night) -> float | None:
    """Return the share of the dark, as far as its record covers it, in which it was safe; None if it covers none."""
    if record.first is None or record.last is None:
        return None
    dark_s = sum(_both_s((each.start, each.end), (record.first, record.last)) for each in night.dark)
    shut = record.courses[0].unsafe
    shut_s = sum(_both_s((dark.start, dark.end), (each.start, each.end)) for dark in night.dark for each in shut)
    return max(0.0, 1 - shut_s / dark_s) if dark_s >= _LEAST_S else None


_LEAST_S = 1800.0
"""A record of less of the dark says nothing of a night."""


def _both_s(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> float:
    return max(0.0, (min(one[1], other[1]) - max(one[0], other[0])).total_seconds())
