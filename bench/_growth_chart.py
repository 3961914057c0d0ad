"""How something grows, drawn: bars for the terminal, and a picture of small charts with logarithmic axes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log10

from obsy.engine.report.axes import AxisScale, line

BAR = 30
WIDE, HIGH, COLUMNS = 300, 200, 3
LOW, HIGHEST = 0.01, 10_000.0
"""Seconds and megabytes share an axis."""


@dataclass(frozen=True, slots=True)
class Point:
    """What one size costs."""

    size: int
    cpu_s: float
    peak_mb: float

    def costs(self) -> tuple[tuple[str, float], tuple[str, float]]:
        """Return seconds and megabytes, by name."""
        return ("cpu_s", self.cpu_s), ("peak_mb", self.peak_mb)


def text(name: str, points: Sequence[Point]) -> str:
    """Return a line a size: seconds and megabytes, each with a bar that is full at the greatest."""
    most_s, most_mb = max(each.cpu_s for each in points), max(each.peak_mb for each in points)
    lines = [name]
    for each in points:
        seconds, megabytes = (round(BAR * part) for part in (each.cpu_s / most_s, each.peak_mb / most_mb))
        lines.append(
            f"{each.size:6} {each.cpu_s:7.2f} s {'█' * seconds:{BAR}} {each.peak_mb:5.0f} MB {'▒' * megabytes}"
        )
    return "\n".join(lines)


def svg(charts: Mapping[str, Sequence[Point]]) -> str:
    """Return a picture with a chart for each of what grows."""
    rows = -(-len(charts) // COLUMNS)
    drawn = [each for number, (name, points) in enumerate(charts.items()) for each in _chart(number, name, points)]
    size = f'width="{WIDE * COLUMNS}" height="{HIGH * rows}" viewBox="0 0 {WIDE * COLUMNS} {HIGH * rows}"'
    style = 'font-family="sans-serif" font-size="11" fill="#222"'
    paper = '<rect width="100%" height="100%" fill="#fff"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style}>{paper}{"".join(drawn)}</svg>\n'


def _chart(number: int, name: str, points: Sequence[Point]) -> Iterator[str]:
    left, top = number % COLUMNS * WIDE, number // COLUMNS * HIGH
    x = AxisScale(log10(points[0].size), log10(points[-1].size), left + 80, left + WIDE - 40)
    y = AxisScale(log10(LOW), log10(HIGHEST), top + HIGH - 30, top + 32)
    yield f'<text x="{left + 50}" y="{top + 16}" font-weight="bold">{name}</text>'
    for power in range(-2, 5, 2):
        at = y.at(power)
        yield f'<path d="{line([(left + 50, at), (x.end, at)])}" stroke="#ddd"/>'
        yield f'<text x="{left + 44}" y="{at + 4:.1f}" text-anchor="end">{10**power:,g}</text>'
    for each in points:
        yield f'<text x="{x.at(log10(each.size)):.1f}" y="{y.start + 16}" text-anchor="middle">{each.size:,}</text>'
    for values, unit, colour in (
        ([each.cpu_s for each in points], "s", "#0b5cad"),
        ([each.peak_mb for each in points], "MB", "#a34700"),
    ):
        places = [(x.at(log10(p.size)), y.at(log10(value))) for p, value in zip(points, values, strict=True)]
        yield f'<path d="{line(places)}" stroke="{colour}" stroke-width="2" fill="none"/>'
        for (across, up), value in zip(places, values, strict=True):
            yield f'<circle cx="{across:.1f}" cy="{up:.1f}" r="3" fill="{colour}"/>'
            told = f"{value:.3g} {unit}" if value < 100 else f"{value:.0f} {unit}"  # noqa: PLR2004
            yield f'<text x="{across:.1f}" y="{up - 7:.1f}" text-anchor="middle" fill="{colour}">{told}</text>'
