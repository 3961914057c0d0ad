"""What may have bent a transit's light curve, as a picture: the light as measured, and all that was noted beside it."""

from typing import Any

import numpy as np

from obsy.engine.report.axes import AxisScale, ticks
from obsy.engine.report.picture import picture
from obsy.engine.science.transit.coverage import TransitResult
from obsy.engine.science.transit.fit import TransitFit
from obsy.engine.science.transit.model import Floats
from obsy.engine.science.transit.observation import TransitObservation

HEAD, TALL, GAP = 22, 70, 34
NOTED = {
    "x": "x of the star, px",
    "y": "y of the star, px",
    "fwhm": "Width of the stars, px",
    "sky": "Sky, a pixel",
    "airmass": "Air mass",
    "flip": "Side of the mount",
}
"""What a curve may know, in the order of the rows."""


def svg(fit: TransitFit, result: TransitResult, about: TransitObservation) -> str:
    """Return the picture: a row for the light before it was straightened, and one for each thing that changed."""
    hours = (fit.curve.bjd_tdb - fit.middle.value) * 24
    x = AxisScale(float(hours.min()), float(hours.max()), 1.0, 99.0)
    known = fit.curve.trends
    noted = {name: known[name] for name in NOTED if name in known and np.ptp(known[name]) > 0}
    level = fit.solution.values["level"]
    rows = [_row("Light over the star's level, not straightened", fit.curve.flux / level, 0)]
    rows += [
        _row(f"{NOTED[name]}{', straightened by it' if name in fit.trends else ''}", values, number + 1)
        for number, (name, values) in enumerate(noted.items())
    ]
    bottom = rows[-1]["bottom"]
    contacts = [each for each in (-result.duration_d * 12, result.duration_d * 12) if x.low < each < x.high]
    return picture(
        "report/transit_conditions.svg.j2",
        f"{fit.planet.name}: what was noted beside its light",
        _words(fit, about),
        bottom + 30,
        rows=rows,
        at=[round(x.at(each), 2) for each in hours],
        outliers=[bool(each) for each in fit.is_outlier],
        contacts=[round(x.at(each), 2) for each in contacts],
        hours=[(round(x.at(each), 2), f"{each:+g} h" if each else "middle") for each in ticks(x.low, x.high, 6)],
        foot=bottom + 18,
    )


def _words(fit: TransitFit, about: TransitObservation) -> str:
    """Return which apertures were tried, and by what the curve was straightened."""
    scatters = ", ".join(f"{100 * each:.2f}" for each in about.apertures.values())
    radii = ", ".join(f"{each:.1f}" for each in about.apertures)
    told = f"Detrended by {', '.join(fit.trends) or 'nothing'}; {len(about.comparison_stars)} comparison stars"
    return f"{told}; outside of it points scatter by {scatters} % in apertures of {radii} px." if radii else f"{told}."


def _row(name: str, values: Floats, number: int) -> dict[str, Any]:
    top = HEAD + number * (TALL + GAP)
    low, high = float(values.min()), float(values.max())
    y = AxisScale(low, high, top + TALL - 6, top + 6)
    marks = [(round(y.at(each), 1), f"{each:g}") for each in ticks(low, high, 2)]
    return {
        "name": name,
        "top": top,
        "bottom": top + TALL,
        "marks": marks,
        "y": [round(y.at(float(each)), 1) for each in np.asarray(values)],
    }
