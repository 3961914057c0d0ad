"""How early or late each transit of a planet came, as a picture: the declared ephemeris, and the one by all of them."""

from typing import TYPE_CHECKING

import numpy as np

from obsy.engine.report.axes import AxisScale, line, ticks
from obsy.engine.report.picture import picture
from obsy.engine.science.transit.model import Floats

if TYPE_CHECKING:
    from obsy.engine.declare.target import Ephemeris
    from obsy.engine.science.transit.refit import RefittedEphemeris

TOP, BOTTOM, MINUTES = 22, 322, 1440.0
_BESIDE = 0.06
"""Of the span, on either side of the first and the last transit."""
_FINE = 60


def svg(planet: str, declared: "Ephemeris", made: "RefittedEphemeris") -> str:
    """Return the picture: O-C by the declared ephemeris, its error as a band, the new one as a line with its own."""
    first, last = made.transits[0].turn, made.transits[-1].turn
    beside = max(1.0, (last - first) * _BESIDE)
    fine = np.linspace(first - beside, last + beside, _FINE)
    when = declared.epoch_jd + fine * declared.period_d
    sure = np.array([declared.error_d(each) for each in when]) * MINUTES
    new, best = made.ephemeris, round((made.ephemeris.epoch_jd - declared.epoch_jd) / declared.period_d)
    late = (new.epoch_jd + (fine - best) * new.period_d - when) * MINUTES
    doubt = np.hypot(new.epoch_error_d, (fine - best) * new.period_error_d) * MINUTES
    points = [(each.turn, each.late_d.value * MINUTES, each.middle.error * MINUTES) for each in made.transits]
    drawn = [*(y + side * error for _, y, error in points for side in (1, -1)), *(late + doubt), *(late - doubt), 0.0]
    low, high = float(min(drawn)), float(max(drawn))
    pad = max(0.5, 0.06 * (high - low))
    x, y = AxisScale(fine[0], fine[-1], 1.0, 99.0), AxisScale(low - pad, high + pad, BOTTOM - 24, TOP)
    wide = float(sure.max())
    known = f"shaded: its error, up to {wide:.1f} min" if wide else "of unknown error"
    return picture(
        "report/o_minus_c.svg.j2",
        f"{planet}: {len(points)} transits, {new.epoch_jd:.5f} ± {new.epoch_error_d:.5f} BJD_TDB + "
        f"{new.period_d:.7f} ± {new.period_error_d:.7f} d",
        f"Level: the declared ephemeris ({known}); "
        f"line: the one by all transits, dashed: its error; chi squared {made.chi2:.1f}, {made.spare} to spare.",
        BOTTOM + 10,
        panel={"title": "O-C, min, by turn", "top": TOP, "bottom": BOTTOM - 24},
        marks=[(round(y.at(each), 1), f"{each:+g}" if each else "0") for each in ticks(y.low, y.high, 5)],
        level_y=round(y.at(0.0), 1),
        band=_band(x, y, fine, sure) if wide else "",
        refit=line(zip(map(x.at, fine), map(y.at, late), strict=True)),
        edges=[line(zip(map(x.at, fine), map(y.at, late + side * doubt), strict=True)) for side in (1, -1)],
        points=[
            (round(x.at(turn), 2), *(round(y.at(mid + side * error), 1) for side in (0, 1, -1)))
            for turn, mid, error in points
        ],
        turns=[(round(x.at(each), 2), f"{each:g}") for each in ticks(x.low, x.high, 7) if each == int(each)],
        foot=BOTTOM - 6,
    )


def _band(x: AxisScale, y: AxisScale, turns: Floats, sure: Floats) -> str:
    """Return the outline of what an ephemeris may be wrong by, as far as it is on the page."""
    above = [(x.at(turn), y.at(error)) for turn, error in zip(turns, sure, strict=True)]
    below = [(x.at(turn), y.at(-error)) for turn, error in zip(turns[::-1], sure[::-1], strict=True)]
    return line([*above, *below]) + "Z"
