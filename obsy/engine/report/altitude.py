"""The altitude chart: how high everything stood, what was taken when, and what the sky and the roof allowed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from obsy.engine.night_record import Span
from obsy.engine.report.axes import GREY, LEFT, RIGHT, AxisScale, Box, Look, Point, TimeScale, line, look, runs
from obsy.engine.report.curves import Curve, Curves

TOP, BOTTOM = 12, 332
TWILIGHTS = (-18.0, -12.0, -6.0, -0.833)
"""The Sun's altitude at the ends of astronomical, nautical and civil twilight, and at its rising. Source: USNO."""
_LETTER, _LINE = 0.78, 14
"""Width of a letter (percent of a chart that is wide enough for labels) and height of a line (px) of a label, about."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One plan's curve."""

    name: str
    look: Look
    """Colour and dash; `GREY` for a plan that was not taken."""
    is_taken: bool
    path: str
    hidden: str
    """Where it stands behind the skyline."""
    taken: tuple[str, ...]
    label: Point


@dataclass(frozen=True, slots=True)
class AltitudeChart:
    """Everything as its template draws it."""

    top: int
    bottom: int
    degrees: tuple[tuple[float, int], ...]
    daylight: tuple[Box, ...]
    """Lighter where the Sun is higher: one over the other."""
    unsafe: tuple[Box, ...]
    curves: tuple[Drawn, ...]
    moon: str
    moon_words: str
    moon_label: Point
    reach: float | None
    """Where the mount's lowest altitude lies."""


def altitude_chart(
    curves: Curves, window: Span, taken: Mapping[str, Sequence[Span]], unsafe: Iterable[Span] = ()
) -> AltitudeChart | None:
    """Return the chart of a night, or None if nobody worked out its curves.

    taken: by plan, in the order of the night, when it was taken, or will be.
    """
    if not curves.plans and curves.sun is None:
        return None
    x, y = TimeScale(window), AxisScale(0.0, 90.0, BOTTOM, TOP)
    moon_points, words = _points(curves.moon, x, y) if curves.moon else [], _moon_words(curves)
    drawn = _curves(curves, taken, x, y)
    labels = [(each.label, len(each.name)) for each in drawn]
    return AltitudeChart(
        TOP,
        BOTTOM,
        degrees=tuple((round(y.at(value), 1), value) for value in (0, 30, 60, 90)),
        daylight=tuple(_daylight(curves.sun, x)),
        unsafe=tuple(x.bar(span) for span in unsafe if span.meets(window.start, window.end)),
        curves=drawn,
        moon=_above(curves.moon, moon_points),
        moon_words=words,
        moon_label=_free(_label([_highest(moon_points)]), len(words), labels),
        reach=None if curves.reach_deg is None else round(y.at(curves.reach_deg), 1),
    )


def looks(plans: Iterable[str]) -> dict[str, Look]:
    """Return the look of each plan that was taken, in the order of the night."""
    return {plan: look(index) for index, plan in enumerate(dict.fromkeys(plans))}


def _curves(curves: Curves, taken: Mapping[str, Sequence[Span]], x: TimeScale, y: AxisScale) -> tuple[Drawn, ...]:
    """The curves, those that were not taken beneath; the labels of those that were find their places first."""
    own, order = looks(taken), list(taken)
    placed: list[tuple[Point, int]] = []
    drawn = []
    for curve in sorted(curves.plans, key=lambda each: order.index(each.name) if each.name in own else len(order)):
        points = _points(curve, x, y)
        pieces = [_piece(curve, span, x, y) for span in taken.get(curve.name, ())]
        longest = max(pieces, key=lambda piece: piece[-1][0] - piece[0][0], default=[_highest(points)])
        label = _free(_label(longest), len(curve.name), placed)
        placed.append((label, len(curve.name)))
        drawn.append(
            Drawn(
                curve.name,
                own.get(curve.name, GREY),
                curve.name in own,
                _above(curve, points),
                _behind(curve, points),
                tuple(line(piece) for piece in pieces),
                label,
            )
        )
    return tuple(reversed(drawn))


def _points(curve: Curve, x: TimeScale, y: AxisScale) -> list[Point]:
    return [(x.at(when), y.at(altitude)) for when, altitude in zip(curve.times, curve.altitude_deg, strict=True)]


def _visible(curve: Curve) -> list[bool]:
    skyline = curve.skyline_deg or (0.0,) * len(curve.times)
    return [altitude > max(low, 0.0) for altitude, low in zip(curve.altitude_deg, skyline, strict=True)]


def _above(curve: Curve | None, points: Sequence[Point]) -> str:
    """The path where it stands free."""
    return "".join(line(points[first:last]) for first, last in runs(_visible(curve))) if curve else ""


def _behind(curve: Curve, points: Sequence[Point]) -> str:
    """The path where it is above the level horizon, but behind the skyline."""
    hidden = [a > 0 and not seen for a, seen in zip(curve.altitude_deg, _visible(curve), strict=True)]
    return "".join(line(points[max(first - 1, 0) : last + 1]) for first, last in runs(hidden))


def _piece(curve: Curve, span: Span, x: TimeScale, y: AxisScale) -> list[Point]:
    """The curve during a span, its ends worked out between the samples."""
    inner = [when for when in curve.times if span.start < when < span.end]
    return [(x.at(when), y.at(curve.at(when))) for when in (span.start, *inner, span.end)]


def _label(piece: Sequence[Point]) -> Point:
    """Above the middle of a piece of curve."""
    middle = piece[len(piece) // 2] if len(piece) != 2 else ((piece[0][0] + piece[1][0]) / 2, min(p[1] for p in piece))  # noqa: PLR2004
    return middle[0], middle[1] - 9


def _highest(points: Sequence[Point]) -> Point:
    return min(points, key=lambda point: point[1], default=(LEFT, float(BOTTOM)))


def _free(wanted: Point, letters: int, placed: Sequence[tuple[Point, int]]) -> Point:
    """The wanted place, moved up, or else down, until no other label is covered."""
    half = letters * _LETTER / 2
    x, y = min(max(wanted[0], LEFT + half), RIGHT - half), max(wanted[1], TOP + 10.0)
    for step in (0, -1, 1, -2, 2, -3, 3, -4, 4):
        tried = y + step * _LINE
        clear = all(abs(x - other[0]) > half + n * _LETTER / 2 or abs(tried - other[1]) >= _LINE for other, n in placed)
        if clear and TOP + 8 <= tried <= BOTTOM - 4:
            return round(x, 2), round(tried, 1)
    return round(x, 2), round(y, 1)


def _daylight(sun: Curve | None, x: TimeScale) -> list[Box]:
    """For each twilight, when the Sun was above its limit."""
    if sun is None:
        return []
    boxes = []
    for limit in TWILIGHTS:
        for first, last in runs([altitude > limit for altitude in sun.altitude_deg]):
            boxes.append(x.bar(Span(_crossing(sun, first, limit), _crossing(sun, last, limit))))
    return boxes


def _crossing(sun: Curve, index: int, limit: float) -> datetime:
    """When the Sun passed the limit, just before the sample with this index."""
    if index in (0, len(sun.times)):
        return sun.times[min(index, len(sun.times) - 1)]
    before, after = sun.altitude_deg[index - 1], sun.altitude_deg[index]
    return sun.times[index - 1] + (sun.times[index] - sun.times[index - 1]) * ((limit - before) / (after - before))


def _moon_words(curves: Curves) -> str:
    lit = curves.moon_illuminated_percent
    return "Moon" if lit is None else f"Moon, {lit:.0f} % lit"
