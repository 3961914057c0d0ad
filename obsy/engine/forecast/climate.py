"""How many nights of a site are clear: as it declares, as its nights on record were, or as is assumed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from math import fsum

import numpy as np

CLEAR = 0.5
"""Of nights, where nothing is declared or on record: an assumption."""
PARTLY = 0.25
"""How many nights are clear for a part only, where half of all are clear: an assumption."""
PERSISTENCE = 0.3
"""Correlation of one night with the next: an assumption; weather lasts for a day or two at middle latitudes."""
ASSUMED_NIGHTS = 10
"""An assumption weighs as much as so many nights on record; so does the year's mean beside a month's own nights."""
PART = 0.1, 0.9
"""A night on record of which more than the first and less than the second share was clear, was so in part."""
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Climate:
    """How the nights of a site turn out in the long run."""

    clear: float
    """Share of the dark, from 0 to 1, over the year."""
    source: str
    """Where that is from, in words."""
    persistence: float = PERSISTENCE
    partly: float = PARTLY
    """Of `4 clear (1 - clear)` so many nights are clear in part; 0.5 at most."""
    by_month: tuple[float, ...] = ()
    """The share of each month, January first; empty where they do not differ."""

    def on(self, day: date) -> float:
        """Return the share of a night."""
        return self.by_month[day.month - 1] if self.by_month else self.clear

    def over(self, days: Collection[date]) -> float:
        """Return the mean share of some nights."""
        return fsum(self.on(day) for day in days) / len(days) if self.by_month else self.clear


def climate(declared: float | Mapping[int, float] | None, record: Mapping[date, float]) -> Climate:
    """Return what is declared; else what nights on record say, drawn towards the assumption.

    declared: percent, of all nights or by month (1 is January); record: of each night, the share of its dark in which
    a roof could be open.
    """
    if isinstance(declared, float):
        return Climate(declared / 100, "declared by the site")
    if declared:
        months = _all_months(declared)
        return Climate(fsum(months) / MONTHS, "declared by the site, month by month", by_month=months)
    if not record:
        return Climate(CLEAR, "an assumption; 'clear: 40 %' in the site's document says better")
    shares = np.array(list(record.values()))
    clear = _drawn(shares.sum(), len(shares), CLEAR)
    source = f"from {len(shares)} night{'s' * (len(shares) > 1)} on record, {shares.sum():.3g} of them clear"
    few = f"{source}, and the assumption of {CLEAR:.0%} that weighs as {ASSUMED_NIGHTS} nights"
    own = [[share for day, share in record.items() if day.month == month] for month in range(1, MONTHS + 1)]
    months = tuple(_drawn(sum(each), len(each), clear) for each in own)
    spread = 4 * clear * (1 - clear)
    parts = _drawn(int(((shares > PART[0]) & (shares < PART[1])).sum()), len(shares), PARTLY * spread)
    return Climate(clear, few, partly=min(0.5, parts / spread), by_month=months)


def _drawn(found: float, count: int, towards: float) -> float:
    return float((found + towards * ASSUMED_NIGHTS) / (count + ASSUMED_NIGHTS))


def _all_months(declared: Mapping[int, float]) -> tuple[float, ...]:
    """Return every month's share; one of which nothing is said lies on a line between its neighbours in the year."""
    said = sorted(declared)
    return tuple(np.interp(range(1, MONTHS + 1), said, [declared[each] / 100 for each in said], period=MONTHS).tolist())
