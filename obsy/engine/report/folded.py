"""A star's magnitudes folded with its period, and how well other periods do, as a picture."""

from typing import TYPE_CHECKING

import numpy as np

from obsy.engine.report.axes import AxisScale, line, ticks
from obsy.engine.report.picture import picture

if TYPE_CHECKING:
    from obsy.engine.science.period.found import PeriodFound
    from obsy.engine.science.period.periodogram import Periodogram

TOP, MIDDLE, BOTTOM = 22, 282, 412
TURNS = 1.5
"""Are shown, so that whatever lies at phase 0 is seen whole."""
_FINE, _COLUMNS, _STEPS = 400, 500, 6


def svg(found: "PeriodFound", star: str, band: str) -> str:
    """Return the picture as a file: above the folded points with the waves, below what each period is worth."""
    fit, series = found.best, found.series
    phase = (series.bjd_tdb - fit.epoch) / fit.period - fit.extremes[1]
    phase -= np.floor(phase + 0.25)
    shown = np.concatenate([phase, phase + 1])
    which = np.concatenate([np.arange(len(series))] * 2)[shown < TURNS - 0.25]
    shown = shown[shown < TURNS - 0.25]
    fine = np.linspace(-0.25, TURNS - 0.25, _FINE)
    waves = fit.magnitude(fit.epoch + (fine + fit.extremes[1]) * fit.period)
    low, high = float(min(series.magnitude.min(), waves.min())), float(max(series.magnitude.max(), waves.max()))
    x, up = AxisScale(-0.25, TURNS - 0.25, 1.0, 99.0), AxisScale(low, high, TOP + 8, MIDDLE - 8)
    tops, turns_a_day = _rule_lines(found.periodograms)
    return picture(
        "report/folded.svg.j2",
        f"{star}, {band}: {fit.period:.6g} ± {fit.period_error:.1g} days",
        f"{len(series)} points over {series.span_d:.1f} days, {fit.range[0]:.2f} to {fit.range[1]:.2f} mag; "
        f"phase 0 is least light; the waves leave {fit.scatter:.3f} mag.",
        BOTTOM + 10,
        above={"title": f"{band}, by phase", "top": TOP, "bottom": MIDDLE},
        below={"title": "What each frequency is worth, turns a day", "top": MIDDLE + 50, "bottom": BOTTOM - 20},
        marks=[(round(up.at(each), 1), f"{each:.2f}") for each in ticks(low, high, 4)],
        dots=[(round(x.at(at), 2), round(up.at(series.magnitude[n]), 1)) for at, n in zip(shown, which, strict=True)],
        waves=line((x.at(at), up.at(mag)) for at, mag in zip(fine, waves, strict=True)),
        phases=[(round(x.at(each), 2), f"{each:g}") for each in ticks(x.low, x.high, _STEPS)],
        rules=tops,
        best=round(turns_a_day.at(1 / fit.period), 2),
        turns=[(round(turns_a_day.at(each), 2), f"{each:g}") for each in ticks(turns_a_day.low, turns_a_day.high, 8)],
        foot=BOTTOM - 2,
        phase_foot=MIDDLE + 16,
    )


def _rule_lines(found: "tuple[Periodogram, ...]") -> tuple[list[tuple[str, str]], AxisScale]:
    """Return a path of each rule, with its name: the best of what falls into each column of the picture."""
    frequency = found[0].frequency
    x, y = AxisScale(float(frequency[0]), float(frequency[-1]), 1.0, 99.0), AxisScale(0, 1, BOTTOM - 24, MIDDLE + 56)
    groups = np.array_split(np.arange(len(frequency)), min(_COLUMNS, len(frequency)))
    return [
        (
            each.rule,
            line((x.at(float(frequency[group].mean())), y.at(float(each.power[group].max()))) for group in groups),
        )
        for each in found
    ], x
