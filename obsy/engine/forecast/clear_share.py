"""How much of a night on record was clear."""

from datetime import datetime

from obsy.engine.night_record import NightRecord
from obsy.engine.sky.twilight import Night

_LEAST_S = 1800.0
"""A record of less of the dark says nothing of a night."""


def share_open(record: NightRecord, night: Night) -> float | None:
    """Return the share of the dark, as far as its record covers it, in which it was safe; None if it covers none."""
    if record.first is None or record.last is None:
        return None
    dark_s = sum(_both_s((each.start, each.end), (record.first, record.last)) for each in night.dark)
    shut = record.enclosures[0].unsafe
    shut_s = sum(_both_s((dark.start, dark.end), (each.start, each.end)) for dark in night.dark for each in shut)
    return max(0.0, 1 - shut_s / dark_s) if dark_s >= _LEAST_S else None


def _both_s(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> float:
    return max(0.0, (min(one[1], other[1]) - max(one[0], other[0])).total_seconds())
