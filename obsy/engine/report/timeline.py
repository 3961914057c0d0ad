"""A line for each train: what the night was to be when it began, what it became, and when its mount stood idle."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from obsy.engine.night_record import Span
from obsy.engine.report.altitude import looks
from obsy.engine.report.axes import GREY, Box, Look, TimeScale

PITCH = 56
_LETTER = 0.78
"""Width of a letter, percent of a chart that is wide enough for labels, about."""


@dataclass(frozen=True, slots=True)
class PlanStrip:
    """Frames of one plan, one after the other, or a block of the intent."""

    plan: str
    look: Look
    box: Box
    label: str = ""
    """The plan's name where there is room for it."""


@dataclass(frozen=True, slots=True)
class TrainLine:
    """One train."""

    name: str
    y: int
    planned: tuple[PlanStrip, ...]
    taken: tuple[PlanStrip, ...]
    idle: tuple[tuple[str, Box], ...]
    """Why, and when."""
    focus: tuple[tuple[bool, float], ...]
    """Whether it was found, and when."""


@dataclass(frozen=True, slots=True)
class TrainInput:
    """What is drawn of a train."""

    name: str
    planned: tuple[tuple[str, Span], ...] = ()
    """By plan."""
    taken: tuple[tuple[str, Span], ...] = ()
    idle: tuple[Span, ...] = ()
    focus: tuple[tuple[bool, Span], ...] = ()


def timeline(trains: Iterable[TrainInput], order: Iterable[str], window: Span) -> tuple[TrainLine, ...]:
    """Return the lines of a night; order: the plans that were taken, as every other chart counts them."""
    x, own = TimeScale(window), looks(order)

    def bars(pieces: Iterable[tuple[str, Span]], own: Mapping[str, Look]) -> tuple[PlanStrip, ...]:
        return tuple(_bar(plan, own.get(plan, GREY), x.bar(span)) for plan, span in pieces)

    return tuple(
        TrainLine(
            each.name,
            16 + index * PITCH,
            bars(each.planned, own),
            bars(each.taken, own),
            tuple((span.words, x.bar(span)) for span in each.idle),
            tuple((found, round(x.at(span.start), 2)) for found, span in each.focus),
        )
        for index, each in enumerate(trains)
    )


def _bar(plan: str, look: Look, box: Box) -> PlanStrip:
    return PlanStrip(plan, look, box, plan if box[1] > len(plan) * _LETTER + 1 else "")
