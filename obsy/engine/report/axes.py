"""From numbers to the strings of SVG: pure and rounded, so that the same night draws the same bytes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor, log10
from zoneinfo import ZoneInfo

from obsy.engine.night_record import Span

LEFT, RIGHT = 0.0, 100.0
"""A chart is as wide as there is room, so x is in percent of it; y is in px. Lines are stretched, text never is."""
COLOURS, DASHES = 6, 4
"""How many colours there are, and how many ways to break a line: together, the plans that can be told apart."""
GREY = 0, 0

Look = tuple[int, int]
"""Colour, from 1, and dash, from 0."""
Point = tuple[float, float]
Box = tuple[float, float]
"""Left edge and width."""


def look(index: int) -> Look:
    """Return how a plan looks, by its number: no two alike, and those beyond telling apart grey."""
    return (index % COLOURS + 1, index // COLOURS) if index < COLOURS * DASHES else GREY


@dataclass(frozen=True, slots=True)
class AxisScale:
    """A straight map from values to the page; `low` lands on `start`, `high` on `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a value lands; those outside land on the edge."""
        inside = min(max(value, self.low), self.high)
        return self.start + (self.end - self.start) * (inside - self.low) / ((self.high - self.low) or 1.0)


@dataclass(frozen=True, slots=True)
class TimeScale:
    """Times along the page."""

    window: Span
    start: float = LEFT
    end: float = RIGHT

    def at(self, when: datetime) -> float:
        """Where a time lands; those outside land on the edge."""
        return AxisScale(0.0, self.window.seconds, self.start, self.end).at((when - self.window.start).total_seconds())

    def bar(self, span: Span) -> tuple[float, float]:
        """Left edge and width of a span."""
        left, right = self.at(span.start), self.at(span.end)
        return round(left, 2), round(right - left, 2)

    def shows(self, when: datetime) -> bool:
        """Whether a time is on the page."""
        return self.window.start <= when <= self.window.end

    def hours(self, timezone: str) -> tuple[tuple[float, str], ...]:
        """Where full hours stand, named by the clocks of the site: every one, or fewer if they would crowd."""
        every = 1 if self.window.seconds <= 18 * 3600 else 3  # noqa: PLR2004
        zone = ZoneInfo(timezone)
        at = self.window.start.astimezone(zone).replace(minute=0, second=0, microsecond=0)
        marks = []
        for _ in range(ceil(self.window.seconds / 3600) + 1):
            if self.shows(at) and at.astimezone(zone).hour % every == 0:
                marks.append((round(self.at(at), 2), f"{at.astimezone(zone):%H}"))
            at = (at.astimezone(ZoneInfo("UTC")) + timedelta(hours=1)).astimezone(zone)
        return tuple(marks)


def line(points: Iterable[Point]) -> str:
    """The path through points: 'M0.00,1.0L2.00,3.0'; empty for none."""
    return "".join(f"{'L' if index else 'M'}{x:.2f},{y:.1f}" for index, (x, y) in enumerate(points))


def runs(flags: Sequence[bool]) -> tuple[tuple[int, int], ...]:
    """First and one-past-last index of each stretch of true flags."""
    edges = [i for i in range(len(flags) + 1) if (i < len(flags) and flags[i]) != (i > 0 and flags[i - 1])]
    return tuple(zip(edges[::2], edges[1::2], strict=True))


def ticks(low: float, high: float, about: int = 3) -> tuple[float, ...]:
    """Round values from low to high, a step of 1, 2 or 5 times a power of ten apart, near `about` of them."""
    if not high > low:
        return (low,)
    rough = (high - low) / about
    power = 10.0 ** floor(log10(rough))
    step = min((factor * power for factor in (1, 2, 5, 10)), key=lambda each: abs(each - rough))
    return tuple(round(index * step, 9) for index in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1))
