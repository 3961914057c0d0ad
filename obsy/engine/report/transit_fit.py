"""A fitted transit as a picture: the light with its model, and what is left of it."""

from typing import Any

import numpy as np

from obsy.engine.report.axes import AxisScale, line, ticks
from obsy.engine.report.picture import picture
from obsy.engine.science.transit.coverage import TransitResult
from obsy.engine.science.transit.fit import TransitFit

TOP, MIDDLE, REST, BOTTOM = 22, 262, 292, 382
FULL_TURN_MIN = 1440
_FINE = 400
_TO_THE_EDGE = 1.15


def svg(fit: TransitFit, result: TransitResult) -> str:
    """Return a picture of a fit as a file of its own."""
    minutes = result.late_d.value * FULL_TURN_MIN, result.late_d.error * FULL_TURN_MIN
    return picture(
        "report/transit_fit.svg.j2",
        f"{fit.planet.name}: mid-transit {fit.middle.value:.5f} ± {fit.middle.error:.5f} BJD_TDB",
        f"Depth {result.depth.value:.2%} ± {result.depth.error:.2%}; {minutes[0]:+.1f} ± {minutes[1]:.1f} min to its "
        f"ephemeris; scatter {fit.rms:.2%}; detrended by {', '.join(fit.trends) or 'nothing'}.",
        BOTTOM + 10,
        **chart(fit, result),
    )


def chart(fit: TransitFit, result: TransitResult) -> dict[str, Any]:
    """Return what is drawn: above, the flux over its baseline with the model; below, the residuals."""
    hours = (fit.curve.bjd_tdb - fit.middle.value) * 24
    x = AxisScale(float(hours.min()), float(hours.max()), 1.0, 99.0)
    fine = np.linspace(hours.min(), hours.max(), _FINE)
    model = fit.model.transit(fit.solution.values, fit.middle.value + fine / 24)
    light, left = fit.normalised, fit.solution.residuals
    kept = ~fit.is_outlier
    low, high = float(min(light[kept].min(), model.min())), float(max(light[kept].max(), 1.0))
    most = float(np.abs(left[kept]).max()) * _TO_THE_EDGE
    up, rest = AxisScale(low, high, MIDDLE - 6, TOP + 6), AxisScale(-most, most, REST + 70, REST + 12)
    contacts = [each for each in (-result.duration_d * 12, result.duration_d * 12) if x.low < each < x.high]
    return {
        "above": _panel("Light, over the star's own", TOP, MIDDLE, [(up.at(y), f"{y:g}") for y in ticks(low, high, 4)]),
        "below": _panel(
            "What the model leaves", REST, REST + 76, [(rest.at(y), f"{100 * y:g} %") for y in ticks(-most, most)]
        ),
        "model": line(zip((x.at(each) for each in fine), (up.at(each) for each in model), strict=True)),
        "contacts": [round(x.at(each), 2) for each in contacts],
        "dots": [
            (round(x.at(at), 2), round(up.at(flux), 1), round(rest.at(over), 1), bool(out))
            for at, flux, over, out in zip(hours, light, left, fit.is_outlier, strict=True)
        ],
        "hours": [(round(x.at(each), 2), f"{each:+g} h" if each else "middle") for each in ticks(x.low, x.high, 6)],
        "foot": BOTTOM - 2,
    }


def _panel(title: str, top: int, bottom: int, marks: list[tuple[float, str]]) -> dict[str, object]:
    return {"title": title, "top": top, "bottom": bottom, "marks": [(round(y, 1), word) for y, word in marks]}
