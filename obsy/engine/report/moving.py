"""Positions of what moves as a picture: observed less computed along the night, and the path among the stars."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from obsy.engine.report.axes import AxisScale, ticks
from obsy.engine.report.picture import picture

if TYPE_CHECKING:
    from obsy.engine.science.astrometry.along_ephemeris import MovingTarget

Floats = NDArray[np.float64]
EAST, NORTH, PATH = (22, 132), (162, 272), (326, 536)
"""Top and bottom of each panel, px."""
LEAST_ARCSEC = 0.5
"""Of the height of a panel: noise is not drawn as if it were a motion."""
UNIX_JD = 2440587.5
"""The Julian date of 1970-01-01."""


def svg(found: "MovingTarget", name: str) -> str:
    """Return the picture of at least one position as a file of its own."""
    east, north, error = found.mean_offset
    title = f"{name}: {len(found.positions)} positions"
    words = f"Observed less computed: {east:+.2f} east, {north:+.2f} north, +- {error:.2f} arcsec"
    return picture(
        "report/moving.svg.j2", title, words + ("." if not found.refusal else "; not reported."), 566, **chart(found)
    )


def chart(found: "MovingTarget") -> dict[str, Any]:
    """Return what the chart shows: two panels over time, with errors, and the path below, east to the left."""
    here = found.positions
    jd = np.array([each.jd_utc for each in here])
    pad = max(1 / 1440, 0.03 * float(np.ptp(jd)))
    x = AxisScale(float(jd.min()) - pad, float(jd.max()) + pad, 1.0, 99.0)
    error = np.array([each.error_arcsec for each in here])
    off = np.array([(each.east_arcsec, each.north_arcsec) for each in here])
    panels = [
        _panel(f"Observed less computed, {way}, arcsec; times are UTC", span, (jd, off[:, at], error), x)
        for at, (way, span) in enumerate((("east", EAST), ("north", NORTH)))
    ]
    return {"panels": panels, "path": _path(found), "hours": _hours(jd, x), "foot": NORTH[1] + 14}


def _panel(title: str, span: tuple[int, int], values: tuple[Floats, Floats, Floats], x: AxisScale) -> dict[str, Any]:
    jd, off, error = values
    low, high = min(0.0, float((off - error).min())), max(0.0, float((off + error).max()))
    short = max(0.0, LEAST_ARCSEC - (high - low)) / 2
    y = AxisScale(low - short, high + short, span[1] - 8, span[0] + 8)
    drawn = [
        (round(x.at(when), 2), *(round(y.at(value + side * spread), 1) for side in (0, -1, 1)))
        for when, value, spread in zip(jd, off, error, strict=True)
    ]
    marks = [(round(y.at(each), 1), f"{each:+.2g}" if each else "0") for each in ticks(y.low, y.high, 4)]
    return {
        "title": title, "top": span[0], "height": span[1] - span[0],
        "marks": marks, "points": drawn, "zero": round(y.at(0.0), 1),
    }  # fmt: skip


def _path(found: "MovingTarget") -> dict[str, Any]:
    """The way across the sky: measured places as dots, computed ones as a line; arcsec from the middle of both."""
    here = found.positions
    dec = np.radians(here[len(here) // 2].dec_deg)
    ra0, dec0 = here[len(here) // 2].ra_deg, here[len(here) // 2].dec_deg
    east = np.array([((each.ra_deg - ra0 + 180) % 360 - 180) * 3600 * np.cos(dec) for each in here])
    north = np.array([(each.dec_deg - dec0) * 3600 for each in here])
    off = np.array([(each.east_arcsec, each.north_arcsec) for each in here])
    middle = (float(east.max() + east.min()) / 2, float(north.max() + north.min()) / 2)
    tall = PATH[1] - PATH[0] - 20
    half = max(float(np.ptp(north)) / 2, float(np.ptp(east)) / 2 * tall / 900, 1.0) * 1.15
    y = AxisScale(middle[1] - half, middle[1] + half, PATH[1] - 10, PATH[0] + 10)
    x = AxisScale(middle[0] - half * 900 / tall, middle[0] + half * 900 / tall, 99.0, 1.0)
    marks = [(round(y.at(each), 1), f"{each:+.3g}" if each else "0") for each in ticks(y.low, y.high, 4)]
    across = [(round(x.at(each), 2), f"{each:+.3g}" if each else "0") for each in ticks(x.low, x.high, 8)]
    dots = [(round(x.at(a), 2), round(y.at(b), 1)) for a, b in zip(east, north, strict=True)]
    line = [(round(x.at(a), 2), round(y.at(b), 1)) for a, b in zip(east - off[:, 0], north - off[:, 1], strict=True)]
    return {
        "title": f"Its path, arcsec east (left) and north of {ra0:.5f} {dec0:+.5f} deg; line: computed",
        "top": PATH[0], "height": PATH[1] - PATH[0], "marks": marks, "across": across,
        "dots": dots, "line": "".join(f"{'L' if i else 'M'}{a},{b}" for i, (a, b) in enumerate(line)),
        "foot": PATH[1] + 14,
    }  # fmt: skip


def _hours(jd: Floats, x: AxisScale) -> list[tuple[float, str]]:
    """The times that are marked, UTC: first, last, and a few between them."""
    count = 2 if np.ptp(jd) < 5 / 1440 else 5  # noqa: PLR2004 (minutes)
    several = np.linspace(jd.min(), jd.max(), count) if np.ptp(jd) else jd[:1]
    return [
        (round(x.at(each), 2), f"{datetime.fromtimestamp((each - UNIX_JD) * 86400, UTC):%H:%M:%S}") for each in several
    ]
