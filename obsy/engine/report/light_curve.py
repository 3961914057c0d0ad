"""A light curve as a picture: the target's magnitudes, and the check star's beside them."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from obsy.engine.report.axes import AxisScale, ticks
from obsy.engine.report.picture import picture
from obsy.engine.report.words import zone

if TYPE_CHECKING:
    from obsy.engine.science.ensemble import EnsembleResult

TOP, MIDDLE, REST, BOTTOM = 22, 262, 292, 382
LEAST_MAG = 0.04
"""Of the height of a panel: noise is not drawn as if it were a star's."""
UNIX_JD = 2440587.5
"""The Julian date of 1970-01-01."""
_STEPS_MIN = (1, 2, 5, 10, 15, 30, 60, 120, 180, 240)
_MARKS = 6


def svg(found: "EnsembleResult", star: str, band: str) -> str:
    """Return the picture as a file of its own."""
    (mean, error), check = found.mean, found.check
    verdict = found.refusal or f"{check.deviation:+.3f} mag from its catalogue"
    said = f"{mean:.3f} ± {error:.3f} mag" if np.isfinite(mean) else "not seen"
    title, words = f"{star}, {band}: {said}", f"{len(found.curve)} points; check star {check.name}: {verdict}."
    return picture("report/light_curve.svg.j2", title, words, BOTTOM + 10, **chart(found, band))


def chart(found: "EnsembleResult", band: str, timezone: str = "UTC") -> dict[str, Any]:
    """Return what the chart of at least one point shows: brighter above, dots with errors, triangles for limits.

    timezone: whose clocks stand below it.
    """
    curve, check = found.curve, found.check
    here = datetime.fromtimestamp((float(curve.jd_utc[0]) - UNIX_JD) * 86400, UTC).astimezone(ZoneInfo(timezone))
    midnight_s = datetime(here.year, here.month, here.day, tzinfo=here.tzinfo).timestamp()
    hours = (curve.jd_utc - UNIX_JD) * 24 - midnight_s / 3600
    pad = max(1 / 60, 0.02 * float(np.ptp(hours)))
    x = AxisScale(float(hours.min()) - pad, float(hours.max()) + pad, 1.0, 99.0)
    spread = np.nan_to_num(curve.error)
    low, high = _range(np.concatenate([curve.magnitude - spread, curve.magnitude + spread]))
    up = AxisScale(low, high, TOP + 8, MIDDLE - 8)
    seen = np.flatnonzero(np.isfinite(curve.check))
    check_low, check_high = _range(np.append(curve.check[seen], check.known))
    down = AxisScale(check_low, check_high, REST + 8, BOTTOM - 28)
    return {
        "above": _panel(f"{band} mag; times are {zone(here, timezone)}", (TOP, MIDDLE), _marks(up)),
        "below": _panel("Check star; dashed: its catalogue", (REST, BOTTOM - 20), _marks(down, 2)),
        "points": [
            (
                round(x.at(hours[at]), 2),
                *(round(up.at(curve.magnitude[at] + side * spread[at]), 1) for side in (0, 1, -1)),
            )
            for at in np.flatnonzero(~curve.is_limit)
        ],
        "limits": [
            (round(x.at(hours[at]), 2), round(up.at(curve.magnitude[at]), 1)) for at in np.flatnonzero(curve.is_limit)
        ],
        "checks": [(round(x.at(hours[at]), 2), round(down.at(curve.check[at]), 1)) for at in seen],
        "known": round(down.at(check.known), 1),
        "hours": [(round(x.at(each), 2), _clock(each)) for each in _times(x)],
        "foot": BOTTOM - 2,
    }


def _panel(title: str, span: tuple[int, int], marks: list[tuple[float, str]]) -> dict[str, Any]:
    return {"title": title, "top": span[0], "height": span[1] - span[0], "marks": marks}


def _times(scale: AxisScale) -> list[float]:
    """Return the hours that are marked: whole minutes, at most `_MARKS` of them."""
    fits = (each / 60 for each in _STEPS_MIN if (scale.high - scale.low) * 60 / each <= _MARKS)
    step = next(fits, _STEPS_MIN[-1] / 60)
    first, last = int(np.ceil(scale.low / step)), int(np.floor(scale.high / step))
    return [number * step for number in range(first, last + 1)]


def _range(values: NDArray[np.float64]) -> tuple[float, float]:
    """The brightest and faintest of what is drawn, never nearer than `LEAST_MAG`."""
    low, high = float(np.min(values)), float(np.max(values))
    short = max(0.0, LEAST_MAG - (high - low)) / 2
    return low - short, high + short


def _marks(scale: AxisScale, about: int = 4) -> list[tuple[float, str]]:
    return [(round(scale.at(each), 1), f"{each:.2f}") for each in ticks(scale.low, scale.high, about)]


def _clock(hours: float) -> str:
    """A time of the clock: 23:30."""
    minutes = round(hours * 60) % 1440
    return f"{minutes // 60:02}:{minutes % 60:02}"
