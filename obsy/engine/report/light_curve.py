"""A light curve as a picture: the target's magnitudes, and the check star's beside them."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from obsy.engine.report.axes import AxisScale, ticks
from obsy.engine.report.picture import picture
from obsy.engine.report.words import several, zone

if TYPE_CHECKING:
    from obsy.engine.science.ensemble import EnsembleResult
    from obsy.engine.science.others_points import OthersPoints

Floats = NDArray[np.float64]

TOP, MIDDLE, REST, BOTTOM = 22, 262, 292, 382
LEAST_MAG = 0.04
"""Of the height of a panel: noise is not drawn as if it were a star's."""
UNIX_JD = 2440587.5
"""The Julian date of 1970-01-01."""
NEAR_D = 0.125
"""What others took is drawn up to so many days before and after the own points."""
_STEPS_MIN = (1, 2, 5, 10, 15, 30, 60, 120, 180, 240)
_MARKS = 6


def svg(found: "EnsembleResult", star: str, band: str, others: "OthersPoints | None" = None) -> str:
    """Return the picture as a file of its own; others: whatever of them falls near is drawn in grey behind."""
    (mean, error), check = found.mean, found.check
    verdict = found.refusal or f"{check.deviation:+.3f} mag from its catalogue"
    said = f"{mean:.3f} ± {error:.3f} mag" if np.isfinite(mean) else "not seen"
    title, words = f"{star}, {band}: {said}", f"{len(found.curve)} points; check star {check.name}: {verdict}."
    drawn = chart(found, band, others=others)
    words += f" Grey: {several(len(drawn['others']), 'point')} of others." if drawn["others"] else ""
    return picture("report/light_curve.svg.j2", title, words, BOTTOM + 10, **drawn)


def chart(
    found: "EnsembleResult", band: str, timezone: str = "UTC", others: "OthersPoints | None" = None
) -> dict[str, Any]:
    """Return what the chart of at least one point shows: brighter above, dots with errors, triangles for limits.

    timezone: whose clocks stand below it. others: those of the band that were taken within hours of the own points.
    """
    curve, check = found.curve, found.check
    here = datetime.fromtimestamp((float(curve.jd_utc[0]) - UNIX_JD) * 86400, UTC).astimezone(ZoneInfo(timezone))
    midnight_s = datetime(here.year, here.month, here.day, tzinfo=here.tzinfo).timestamp()
    theirs = beside(others, band, curve.jd_utc)
    hours, their_hours = ((each - UNIX_JD) * 24 - midnight_s / 3600 for each in (curve.jd_utc, theirs[0]))
    every = np.concatenate([hours, their_hours])
    pad = max(1 / 60, 0.02 * float(np.ptp(every)))
    x = AxisScale(float(every.min()) - pad, float(every.max()) + pad, 1.0, 99.0)
    spread = np.nan_to_num(curve.error)
    low, high = _range(np.concatenate([curve.magnitude - spread, curve.magnitude + spread, theirs[1]]))
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
        "others": [
            (round(x.at(at), 2), round(up.at(magnitude), 1), bool(limit))
            for at, magnitude, limit in zip(their_hours, *theirs[1:], strict=True)
        ],
        "checks": [(round(x.at(hours[at]), 2), round(down.at(curve.check[at]), 1)) for at in seen],
        "known": round(down.at(check.known), 1),
        "hours": [(round(x.at(each), 2), _clock(each)) for each in _times(x)],
        "foot": BOTTOM - 2,
    }


def beside(others: "OthersPoints | None", band: str, jd: Floats) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Return dates, magnitudes and limits of those that others took in that band within hours of ours."""
    if others is None or not len(jd):
        return np.empty(0), np.empty(0), np.empty(0, dtype=bool)
    near = others.near(band, float(jd.min()) - NEAR_D, float(jd.max()) + NEAR_D)
    return near.jd, near.magnitude, near.is_limit


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
