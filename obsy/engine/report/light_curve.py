"""A light curve as a picture: the target's magnitudes, and the check star's beside them."""

import numpy as np

from obsy.engine.report.axes import AxisScale, ticks
from obsy.engine.report.picture import picture
from obsy.engine.science.ensemble import EnsembleResult
from obsy.engine.science.same_stars import Floats

TOP, MIDDLE, REST, BOTTOM = 22, 262, 292, 382
LEAST_MAG = 0.04
"""Of the height of a panel: noise is not drawn as if it were a star's."""


def svg(found: EnsembleResult, star: str, band: str) -> str:
    """Return a picture with brighter above: dots with their errors, and triangles for 'fainter than'."""
    curve, check = found.curve, found.check
    day = float(np.floor(curve.jd_utc[0] - 0.5)) + 0.5
    hours = (curve.jd_utc - day) * 24
    pad = max(0.05, 0.02 * float(np.ptp(hours)))
    x = AxisScale(float(hours.min()) - pad, float(hours.max()) + pad, 1.0, 99.0)
    spread = np.nan_to_num(curve.error)
    low, high = _range(np.concatenate([curve.magnitude - spread, curve.magnitude + spread]))
    up = AxisScale(low, high, TOP + 8, MIDDLE - 8)
    seen = np.flatnonzero(np.isfinite(curve.check))
    check_low, check_high = _range(np.append(curve.check[seen], check.known))
    down = AxisScale(check_low, check_high, REST + 8, BOTTOM - 28)
    (mean, error), verdict = found.mean, check.refusal or f"{check.deviation:+.3f} mag from its catalogue"
    said = f"{mean:.3f} ± {error:.3f} mag" if np.isfinite(mean) else "not seen"
    return picture(
        "report/light_curve.svg.j2",
        f"{star}, {band}: {said}",
        f"{len(curve)} points; check star {check.name}: {verdict}.",
        BOTTOM + 10,
        above={"title": f"{star}, {band} mag; times are UTC", "top": TOP, "height": MIDDLE - TOP, "marks": _marks(up)},
        below={
            "title": f"Check star {check.name}; dashed is its catalogue",
            "top": REST,
            "height": BOTTOM - 20 - REST,
            "marks": _marks(down, 2),
        },
        points=[
            (
                round(x.at(hours[at]), 2),
                *(round(up.at(curve.magnitude[at] + side * spread[at]), 1) for side in (0, 1, -1)),
            )
            for at in np.flatnonzero(~curve.is_limit)
        ],
        limits=[
            (round(x.at(hours[at]), 2), round(up.at(curve.magnitude[at]), 1)) for at in np.flatnonzero(curve.is_limit)
        ],
        checks=[(round(x.at(hours[at]), 2), round(down.at(curve.check[at]), 1)) for at in seen],
        known=round(down.at(check.known), 1),
        hours=[(round(x.at(each), 2), _clock(each)) for each in ticks(x.low, x.high, 6)],
        foot=BOTTOM - 2,
    )


def _range(values: Floats) -> tuple[float, float]:
    """The brightest and faintest of what is drawn, never nearer than `LEAST_MAG`."""
    low, high = float(np.min(values)), float(np.max(values))
    short = max(0.0, LEAST_MAG - (high - low)) / 2
    return low - short, high + short


def _marks(scale: AxisScale, about: int = 4) -> list[tuple[float, str]]:
    return [(round(scale.at(each), 1), f"{each:.2f}") for each in ticks(scale.low, scale.high, about)]


def _clock(hours: float) -> str:
    """A time in UTC: 23:30."""
    minutes = round(hours * 60) % 1440
    return f"{minutes // 60:02}:{minutes % 60:02}"
