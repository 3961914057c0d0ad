"""The lines that transformation coefficients are slopes of, as a picture: each star, and those that lie off."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from obsy.engine.report.axes import AxisScale, line, ticks
from obsy.engine.report.picture import picture
from obsy.engine.report.words import several

if TYPE_CHECKING:
    from obsy.engine.science.transformation import ColourLine

TALL, GAP, TOP = 170, 60, 22
"""Height of a panel and room between two, px."""
LEAST_MAG = 0.1
"""Of the height of a panel: noise is not drawn as if it were a colour term."""


def svg(lines: "Sequence[ColourLine]", train: str, about: str) -> str:
    """Return a panel for each coefficient, below each other; about: the field and the night, in words."""
    panels = [_panel(each, TOP + number * (TALL + GAP)) for number, each in enumerate(lines)]
    off = sum(len(each.left_out) for each in lines)
    words = f"{about}; rings: stars that lie off a line and do not count ({off})." if off else f"{about}."
    height = TOP + len(lines) * (TALL + GAP)
    return picture(
        "report/colour_lines.svg.j2", f"Transformation coefficients of {train}", words, height,
        panels=panels, foot=height,
    )  # fmt: skip


def _panel(one: "ColourLine", top: float) -> dict[str, Any]:
    """Return what is drawn of one coefficient; x in percent, y in px."""
    fit, (value, error) = one.line, one.value
    kept = np.flatnonzero(fit.kept)
    ends = np.array([one.colour.min(), one.colour.max()])
    pad = 0.04 * float(np.ptp(ends)) or 0.1
    x = AxisScale(float(ends[0]) - pad, float(ends[1]) + pad, 1.0, 99.0)
    bars = np.abs(fit.residual) / np.maximum(fit.sigmas, 1e-9)
    drawn = np.concatenate([one.ordinate - bars, one.ordinate + bars, fit.at_zero + fit.slope * ends])
    short = max(0.0, LEAST_MAG - float(np.ptp(drawn))) / 2
    y = AxisScale(float(drawn.min()) - short, float(drawn.max()) + short, top + TALL - 10, top + 10)
    pair = "-".join(one.name[-2:].upper())
    return {
        "title": f"{one.name} {value:+.4f} ± {error:.4f} of {several(fit.points, 'star')}: {one.about} against {pair}",
        "top": top,
        "height": TALL,
        "marks": [(round(y.at(each), 1), f"{each:.2f}") for each in ticks(y.low, y.high, 3)],
        "colours": [(round(x.at(each), 2), f"{each:g}") for each in ticks(x.low, x.high, 6)],
        "line": line((x.at(each), y.at(fit.at_zero + fit.slope * each)) for each in ends),
        "points": [
            (
                round(x.at(one.colour[at]), 2),
                *(round(y.at(one.ordinate[at] + bar), 1) for bar in (0, bars[at], -bars[at])),
            )
            for at in kept
        ],
        "off": [
            (round(x.at(one.colour[at]), 2), round(y.at(one.ordinate[at]), 1), one.stars[at])
            for at in np.flatnonzero(~fit.kept)
        ],
    }
