"""A night in columns of plain text: its hours, and how high something stands in each."""

from collections.abc import Iterator
from datetime import datetime

from obsy.engine.night_record import Span
from obsy.engine.report.axes import AxisScale, TimeScale
from obsy.engine.report.curves import Curve, Curves
from obsy.schemas.constraints.sun import DARK

WIDTH, NAME = 80, 18
"""Columns of the text, and how many of them stand before the chart."""
HEIGHTS = "▁▂▃▄▅▆▇█"


def labelled(name: str, drawn: str) -> str:
    """Return a row with its name before it, cut where it is too long."""
    shown = name if len(name) < NAME - 2 else name[: NAME - 4] + "…"
    return f"  {shown:<{NAME - 2}}{drawn}"


def hours(x: TimeScale, timezone: str) -> str:
    """Return the row of full hours, by the clocks of the site."""
    columns = [" "] * int(x.end)
    for at, hour in x.hours(timezone):
        if at < x.end - 1:
            columns[int(at) : int(at) + 2] = hour
    return " " * NAME + "".join(columns)


def heights(curve: Curve, x: TimeScale) -> str:
    """Return a bar a column, an eighth of it for each 11 degrees; a dot behind the skyline, nothing below 0 deg."""
    y = AxisScale(0.0, 90.0, 0.0, len(HEIGHTS) - 0.01)
    low = Curve("", curve.times, curve.skyline_deg) if curve.skyline_deg else None
    stands = ((curve.at(when), -90.0 if low is None else low.at(when)) for when in _times(x))
    return "".join(" " if high <= 0 else HEIGHTS[int(y.at(high))] if high >= least else "·" for high, least in stands)


def chart(sky: Curves, timezone: str) -> Iterator[str]:
    """Yield rows of at most 80 columns: hours, twilight, each target and the Moon. Raise ValueError without the Sun."""
    if sky.sun is None:
        raise ValueError("a night is drawn from before sunset to after sunrise, and its Sun is not known")
    x = TimeScale(Span(sky.sun.times[0], sky.sun.times[-1]), 0.0, WIDTH - NAME)
    light = "".join(" " if sky.sun.at(when) < DARK.below else "░" for when in _times(x))
    rows = [hours(x, timezone), labelled("twilight", light)]
    rows += [labelled(each.name, heights(each, x)) for each in (*sky.plans, *([sky.moon] if sky.moon else []))]
    yield from (row.rstrip() for row in rows)


def _times(x: TimeScale) -> Iterator[datetime]:
    """Yield the middle of each column."""
    step = (x.window.end - x.window.start) / x.end
    return (x.window.start + step * (column + 0.5) for column in range(int(x.end)))
