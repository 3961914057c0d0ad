"""What a night is to be, drawn before it begins: altitudes with blocks and a line for each train, or in plain text."""

from collections.abc import Iterable, Iterator

from obsy.engine.intent import Intent
from obsy.engine.night_record import Span, joined
from obsy.engine.report.altitude import altitude_chart
from obsy.engine.report.axes import TimeScale
from obsy.engine.report.columns import NAME, WIDTH, heights, hours, labelled
from obsy.engine.report.curves import Curves
from obsy.engine.report.picture import picture
from obsy.engine.report.plans import NEAR
from obsy.engine.report.timeline import TrainInput, timeline
from obsy.engine.report.words import clock, zones
from obsy.engine.schedule.request import Block


def svg(wanted: Intent, sky: Curves, timezone: str) -> str:
    """Return the night as a picture. Raise ValueError without the Sun's curve."""
    window, taken = _window(sky), _taken(wanted)
    x = TimeScale(window)
    altitude = altitude_chart(sky, window, taken)
    assert altitude is not None  # noqa: S101  there is the Sun
    lines = timeline(_trains(wanted), taken, window)
    return picture(
        "report/tonight.svg.j2",
        f"The night of {wanted.night} at {wanted.site}",
        f"{_dark(wanted, timezone)}. Thick: what is planned. Dotted: behind the skyline. Grey: not tonight.",
        altitude.bottom + 34 + (lines[-1].y + 80 if lines else 0),
        altitude=altitude,
        timeline=lines,
        roof=(),
        hour_marks=x.hours(timezone),
    )


def text(wanted: Intent, sky: Curves, timezone: str) -> str:
    """Return the same in at most 80 columns: how high what is planned stands, and beneath it when it is taken."""
    x = TimeScale(_window(sky), 0.0, WIDTH - NAME)
    named = {curve.name: curve for curve in sky.plans}
    lines = [hours(x, timezone), labelled("twilight", _twilight(wanted, x))]
    if sky.moon is not None:
        lit = "" if sky.moon_illuminated_percent is None else f" {sky.moon_illuminated_percent:.0f} %"
        lines.append(labelled(f"Moon{lit}", heights(sky.moon, x)))
    for plan, spans in _taken(wanted).items():
        lines += [labelled(plan, heights(named[plan], x)), labelled("", _bars(spans, x))]
    return "\n".join(line.rstrip() for line in lines)


def _window(sky: Curves) -> Span:
    if sky.sun is None:
        raise ValueError("a night is drawn from before sunset to after sunrise, and its Sun is not known")
    return Span(sky.sun.times[0], sky.sun.times[-1])


def _taken(wanted: Intent) -> dict[str, tuple[Span, ...]]:
    """Return when each plan is to be taken, in the order of the night."""
    return _by_plan(wanted.blocks)


def _by_plan(blocks: Iterable[Block]) -> dict[str, tuple[Span, ...]]:
    found: dict[str, list[Span]] = {}
    for block in blocks:
        found.setdefault(block.request.line.plan, []).append(Span(block.start, block.end))
    return {plan: joined(spans, NEAR) for plan, spans in found.items()}


def _trains(wanted: Intent) -> Iterator[TrainInput]:
    for train in dict.fromkeys(block.request.train for block in wanted.blocks):
        own = _by_plan(block for block in wanted.blocks if block.request.train == train)
        yield TrainInput(train, taken=tuple((plan, span) for plan, spans in own.items() for span in spans))


def _dark(wanted: Intent, timezone: str) -> str:
    if not wanted.dusk or not wanted.dawn:
        return "It is never dark enough to observe"
    dusk, dawn = clock(wanted.dusk, timezone), clock(wanted.dawn, timezone)
    return f"Dark from {dusk} to {dawn} ({zones(wanted.dusk, wanted.dawn, timezone)})"


def _twilight(wanted: Intent, x: TimeScale) -> str:
    dusk, dawn = (x.at(when) if when else x.end / 2 for when in (wanted.dusk, wanted.dawn))
    return "".join(" " if dusk <= column + 0.5 < dawn else "░" for column in range(int(x.end)))


def _bars(spans: tuple[Span, ...], x: TimeScale) -> str:
    """Return a bar for each span, of a column at least."""
    columns = [" "] * int(x.end)
    for span in spans:
        first = min(int(x.at(span.start)), len(columns) - 1)
        for column in range(first, max(first + 1, round(x.at(span.end)))):
            columns[column] = "━"
    return "".join(columns)
