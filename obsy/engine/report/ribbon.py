"""The ribbon of states: the whole night, from its first word in the journal to its last, as one bar."""

from collections import defaultdict
from dataclasses import dataclass

from obsy.engine.report.altitude import LEFT, RIGHT, WIDTH
from obsy.engine.report.chart import TimeScale
from obsy.engine.report.span import Span
from obsy.engine.report.story import Story

_LETTER = 6.8
TINTS = {"observing": 3, "calibrating": 1, "catching-up": 1, "opening": 5, "closing": 5, "interrupted": 2}
"""Colours of the states that count; the others are grey."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One state."""

    name: str
    left: float
    width: float
    tint: int
    label: str
    """Its name where there is room for it."""


@dataclass(frozen=True, slots=True)
class Ribbon:
    """The bar, and how long each state lasted in all."""

    width: int
    pieces: tuple[Piece, ...]
    hours: tuple[tuple[float, str], ...]
    totals: tuple[tuple[str, float], ...]


def ribbon(story: Story) -> Ribbon | None:
    """The states of a night; None if it never moved."""
    if not story.states:
        return None
    x = TimeScale(Span(story.states[0].start, story.states[-1].end), LEFT, RIGHT)
    totals: dict[str, float] = defaultdict(float)
    for span in story.states:
        totals[span.words] += span.seconds
    pieces = tuple(_piece(span, x) for span in story.states)
    return Ribbon(WIDTH, pieces, x.hours(story.timezone), tuple(totals.items()))


def _piece(span: Span, x: TimeScale) -> Piece:
    left, width = x.bar(span)
    label = span.words if width > len(span.words) * _LETTER + 8 else ""
    return Piece(span.words, left, max(width, 0.6), TINTS.get(span.words, 0), label)
