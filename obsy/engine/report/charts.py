"""The charts beneath the altitudes, on the same time axis: weather and frames, a quantity a row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from obsy import units
from obsy.engine.night_record import Capture, Span, WeatherNote
from obsy.engine.report.altitude import looks
from obsy.engine.report.axes import GREY, AxisScale, Box, Look, Point, TimeScale, line, runs, ticks
from obsy.engine.report.inputs import Limit
from obsy.engine.report.story import Story
from obsy.engine.report.words import amount

HEIGHT, GAP, HEAD = 58, 24, 18
SILENT_AFTER = timedelta(minutes=11)
"""Weather is noted every five minutes; a longer pause is drawn as a gap."""
Drawing = tuple[str, str, tuple[float, float] | None]
DRAWN = {"rain": (0.0, 1.0), "cloud": (0.0, 100.0), "wind": (0.0, 20.0), "humidity": (0.0, 100.0)}
"""The least range of a quantity that is drawn."""
WEATHER: dict[str, Drawing] = {
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
    look: Look
    """Of its plan."""
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
    unsafe: tuple[Box, ...] = ()
    """When it was not safe."""


def weather_chart(story: Story) -> tuple[Row, ...]:
    """The night's weather, a row a quantity."""
    x = TimeScale(story.window)
    notes = [note for note in story.record.weather if x.shows(note.at)]
    roofs = list(dict.fromkeys(note.enclosure for note in notes))
    own = {roof: [note for note in notes if note.enclosure == roof] for roof in roofs}
    seen = [(name, roof) for name in WEATHER for roof in roofs if any(name in note.values for note in own[roof])]
    rows = [
        _weather_row(name, own[roof], story.limits.get(name), x, _top(index)) for index, (name, roof) in enumerate(seen)
    ]
    if len(roofs) > 1:
        rows = [replace(row, name=f"{row.name}, {roof}") for row, (_, roof) in zip(rows, seen, strict=True)]
    return _rows(story, x, rows, [roof for _, roof in seen])


def frames_chart(story: Story) -> tuple[Row, ...]:
    """The measures of each light, a row a measure."""
    x = TimeScale(story.window)
    own = looks(story.taken)
    lights = [(each, own.get(each.plan or "", GREY)) for each in story.lights if each.measures and x.shows(each.began)]
    seen = [name for name in MEASURES if any(name in (capture.measures or {}) for capture, _ in lights)]
    rows = [_frame_row(name, lights, story.limits.get(name), x, _top(index)) for index, name in enumerate(seen)]
    return _rows(story, x, rows)


def _top(index: int) -> float:
    return float(HEAD + index * (HEIGHT + GAP))


def _rows(story: Story, x: TimeScale, rows: Sequence[Row], roofs: Sequence[str] = ()) -> tuple[Row, ...]:
    """Return rows with what is shaded in them; `roofs` names the enclosure that each is about, if it is about one."""
    unsafe = [span for span in story.unsafe if span.meets(story.window.start, story.window.end)]
    return tuple(
        replace(row, unsafe=tuple(x.bar(span) for span in unsafe if not roof or span.enclosure in ("", roof)))
        for row, roof in zip(rows, roofs or [""] * len(rows), strict=True)
    )


def _weather_row(name: str, notes: Sequence[WeatherNote], limit: Limit | None, x: TimeScale, top: float) -> Row:
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
    return line(points if len(points) > 1 else [(x - 0.1, y), (x + 0.1, y)])


def _frame_row(name: str, lights: Sequence[tuple[Capture, Look]], limit: Limit | None, x: TimeScale, top: float) -> Row:
    shown = [(each, own, each.measures[name]) for each, own in lights if each.measures and name in each.measures]
    values = [value for _, _, value in shown]
    y = _scale(MEASURES[name], values, limit, top)
    dots = tuple(
        Dot(
            round(x.at(capture.began), 2),
            round(y.at(value), 1),
            own,
            capture.verdict == "accepted",
            f"{capture.plan or capture.path.name} {capture.filter or ''} {value:g}",
        )
        for capture, own, value in shown
    )
    return _row(MEASURES[name], values, y, limit, ("", "", (), dots))


def _row(
    drawing: Drawing,
    values: Sequence[float],
    y: AxisScale,
    limit: Limit | None,
    drawn: tuple[str, str, tuple[Box, ...], tuple[Dot, ...]],
) -> Row:
    name, unit, _ = drawing
    low, high = min(values), max(values)
    words = f"{' to '.join(dict.fromkeys((amount(low), amount(high))))} {unit}".strip()
    marks = tuple((round(y.at(value), 1), f"{value:g}") for value in ticks(y.low, y.high, 2))
    at = None if limit is None or not y.low <= limit.value <= y.high else round(y.at(limit.value), 1)
    path, over, gaps, dots = drawn
    return Row(name, words, y.end, y.start, marks, path, over, gaps, dots, at)


def _scale(drawing: Drawing, values: Sequence[float], limit: Limit | None, top: float) -> AxisScale:
    """From the bottom to the top of a row; it holds the values, and the limit unless that lies far away."""
    _, _, least = drawing
    inside = [*values, *(least or ())]
    if limit is not None and limit.value <= 3 * max(inside, default=0.0):
        inside.append(limit.value)
    low, high = min(inside), max(inside)
    if least is None and high - low < NARROWEST:
        low, high = (low + high - NARROWEST) / 2, (low + high + NARROWEST) / 2
    margin = (high - low) * 0.08 or 1.0
    return AxisScale(low if least and low == least[0] else low - margin, high + margin, top + HEIGHT, top)


def _unbroken(name: str, notes: Sequence[WeatherNote]) -> list[list[WeatherNote]]:
    """The readings of a quantity, cut where it was silent."""
    pieces: list[list[WeatherNote]] = []
    for note in notes:
        if name not in note.values:
            continue
        if pieces and note.at - pieces[-1][-1].at <= SILENT_AFTER:
            pieces[-1].append(note)
        else:
            pieces.append([note])
    return pieces


def _broken(name: str, notes: Sequence[WeatherNote], limit: Limit | None) -> list[bool]:
    if limit is None:
        return [False] * len(notes)
    return [(note.values[name] > limit.value) == limit.above_is_bad for note in notes]
