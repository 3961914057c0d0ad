"""Strips: one quantity a row over the night's time, with its limit, the gaps in it, and the frames or the weather."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from obsy import units
from obsy.engine.report.altitude import LEFT, RIGHT, WIDTH, Box
from obsy.engine.report.chart import AxisScale, Point, TimeScale, line, runs, ticks
from obsy.engine.report.inputs import Limit
from obsy.engine.report.span import Span
from obsy.engine.report.story import FrameStory, Story, WeatherStory
from obsy.engine.report.words import amount

HEIGHT, GAP, HEAD = 58, 24, 18
SILENT_AFTER = timedelta(minutes=11)
"""Weather is noted every five minutes; a longer pause is drawn as a gap."""
Look = tuple[str, str, tuple[float, float] | None]
DRAWN = {"rain": (0.0, 1.0), "cloud": (0.0, 100.0), "wind": (0.0, 20.0), "humidity": (0.0, 100.0)}
"""The least range of a quantity that is drawn."""
WEATHER: dict[str, Look] = {
    name: (quantity.label, quantity.unit.replace("degC", "°C"), DRAWN.get(name))
    for name, quantity in units.WEATHER.items()
}
"""Name, unit, and the least range that is drawn."""
MEASURES = {
    "fwhm_arcsec": ("Star width (FWHM)", "arcsec", (0.0, 4.0)),
    "background_adu": ("Sky background", "ADU", (0.0, 1.0)),
    "stars": ("Stars", "", (0.0, 1.0)),
    "eccentricity": ("Eccentricity", "", (0.0, 1.0)),
}

NARROWEST = 8.0
"""A quantity without a range of its own is not drawn larger than this: a thermometer's noise is no weather."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One frame's measure."""

    x: float
    y: float
    filter: str
    accepted: bool
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """One quantity."""

    name: str
    range_words: str
    top: float
    bottom: float
    ticks: tuple[tuple[float, str], ...]
    path: str
    over: str
    """The parts of the path that break the limit."""
    gaps: tuple[Box, ...]
    dots: tuple[Dot, ...]
    limit: float | None


@dataclass(frozen=True, slots=True)
class Strip:
    """Rows above one another on the time axis of the altitude chart."""

    width: int
    height: float
    left: int
    right: int
    hours: tuple[tuple[float, str], ...]
    unsafe: tuple[Box, ...]
    roof: tuple[Box, ...]
    rows: tuple[Row, ...]


def weather_strip(story: Story) -> Strip | None:
    """The night's weather; None if nothing was noted."""
    x = TimeScale(story.window, LEFT, RIGHT)
    notes = [note for note in story.weather if x.shows(note.at)]
    seen = [name for name in WEATHER if any(name in note.values for note in notes)]
    rows = [_weather_row(name, notes, story.limits.get(name), x, _top(index)) for index, name in enumerate(seen)]
    return _strip(story, x, rows)


def frame_strip(story: Story) -> Strip | None:
    """The measures of each light; None if none was measured."""
    x = TimeScale(story.window, LEFT, RIGHT)
    lights = [shot for shot in story.lights if shot.measures and x.shows(shot.began)]
    seen = [name for name in MEASURES if any(name in (shot.measures or {}) for shot in lights)]
    rows = [_frame_row(name, lights, story.limits.get(name), x, _top(index)) for index, name in enumerate(seen)]
    return _strip(story, x, rows)


def _top(index: int) -> float:
    return float(HEAD + index * (HEIGHT + GAP))


def _strip(story: Story, x: TimeScale, rows: Sequence[Row]) -> Strip | None:
    if not rows:
        return None
    unsafe = tuple(x.bar(span) for span in story.unsafe if span.meets(story.window.start, story.window.end))
    roof = tuple(x.bar(span) for span in story.roof)
    return Strip(WIDTH, rows[-1].bottom + 24, LEFT, RIGHT, x.hours(story.timezone), unsafe, roof, tuple(rows))


def _weather_row(name: str, notes: Sequence[WeatherStory], limit: Limit | None, x: TimeScale, top: float) -> Row:
    values = [note.values[name] for note in notes if name in note.values]
    y = _scale(WEATHER[name], values, limit, top)
    pieces = _unbroken(name, notes)
    points = [[(x.at(note.at), y.at(note.values[name])) for note in piece] for piece in pieces]
    broken = [_broken(name, piece, limit) for piece in pieces]
    over = "".join(
        line(drawn[max(first - 1, 0) : last])
        for drawn, flags in zip(points, broken, strict=True)
        for first, last in runs(flags)
    )
    gaps = tuple(x.bar(Span(one[-1].at, other[0].at)) for one, other in zip(pieces, pieces[1:], strict=False))
    if pieces and notes[-1].at - pieces[-1][-1].at > SILENT_AFTER:
        gaps += (x.bar(Span(pieces[-1][-1].at, notes[-1].at)),)
    return _row(WEATHER[name], values, y, limit, ("".join(_drawn(piece) for piece in points), over, gaps, ()))


def _drawn(points: Sequence[Point]) -> str:
    """The path; a lone reading becomes a short dash."""
    x, y = points[0]
    return line(points if len(points) > 1 else [(x - 1, y), (x + 1, y)])


def _frame_row(name: str, lights: Sequence[FrameStory], limit: Limit | None, x: TimeScale, top: float) -> Row:
    shown = [(shot, shot.measures[name]) for shot in lights if shot.measures and name in shot.measures]
    values = [value for _, value in shown]
    y = _scale(MEASURES[name], values, limit, top)
    dots = tuple(
        Dot(
            round(x.at(shot.began), 1),
            round(y.at(value), 1),
            shot.filter or "",
            shot.verdict == "accepted",
            f"{shot.plan or shot.frame} {shot.filter or ''} {value:g}",
        )
        for shot, value in shown
    )
    return _row(MEASURES[name], values, y, limit, ("", "", (), dots))


def _row(
    look: Look,
    values: Sequence[float],
    y: AxisScale,
    limit: Limit | None,
    drawn: tuple[str, str, tuple[Box, ...], tuple[Dot, ...]],
) -> Row:
    name, unit, _ = look
    low, high = min(values), max(values)
    words = f"{amount(low)} to {amount(high)} {unit}".strip()
    marks = tuple((round(y.at(value), 1), f"{value:g}") for value in ticks(y.low, y.high, 2))
    at = None if limit is None or not y.low <= limit.value <= y.high else round(y.at(limit.value), 1)
    path, over, gaps, dots = drawn
    return Row(name, words, y.end, y.start, marks, path, over, gaps, dots, at)


def _scale(look: Look, values: Sequence[float], limit: Limit | None, top: float) -> AxisScale:
    """From the bottom to the top of a row; it holds the values, and the limit unless that lies far away."""
    _, _, least = look
    inside = [*values, *(least or ())]
    if limit is not None and limit.value <= 3 * max(inside, default=0.0):
        inside.append(limit.value)
    low, high = min(inside), max(inside)
    if least is None and high - low < NARROWEST:
        low, high = (low + high - NARROWEST) / 2, (low + high + NARROWEST) / 2
    margin = (high - low) * 0.08 or 1.0
    return AxisScale(low if least and low == least[0] else low - margin, high + margin, top + HEIGHT, top)


def _unbroken(name: str, notes: Sequence[WeatherStory]) -> list[list[WeatherStory]]:
    """The readings of a quantity, cut where it was silent."""
    pieces: list[list[WeatherStory]] = []
    for note in notes:
        if name not in note.values:
            continue
        if pieces and note.at - pieces[-1][-1].at <= SILENT_AFTER:
            pieces[-1].append(note)
        else:
            pieces.append([note])
    return pieces


def _broken(name: str, notes: Sequence[WeatherStory], limit: Limit | None) -> list[bool]:
    if limit is None:
        return [False] * len(notes)
    return [(note.values[name] > limit.value) == limit.above_is_bad for note in notes]
