"""Magnitudes of other nights, or of other observers, in files: as `obsy photometry` writes them, and tables like it."""

from pathlib import Path

import numpy as np

from obsy.engine.science.period.series import MagnitudeSeries, NightPoints
from obsy.engine.science.same_stars import Floats
from obsy.engine.science.transit.read_curve import EARLIEST, LATEST
from obsy.engine.science.transit.text_table import text_table
from obsy.errors import UserError

TIME = "bjd_tdb", "bjd", "hjd_utc", "hjd", "jd_utc", "jd", "time"
"""What the column of Julian dates is called, small letters; the first that is there counts."""
MAGNITUDE = "magnitude", "mag"
ERROR = "error", "magnitude_error", "mag_err", "magerr", "uncertainty", "err", "merr"
FAINTEST = 30.0
"""No star's magnitude is farther from 0: tables fill what they do not know with 99.99."""
LEAST_MAG, MOST_MAG = 1e-6, 10.0
"""Errors that are none lie beside these."""
UNSAID_MAG = 0.02
"""The error of a point of which nobody says it: the same for all, it changes no result, for all are scaled."""


def read_points(path: Path) -> tuple[NightPoints, str]:
    """Return the points of a file, and the column that their times stand in.

    Limits (`is_limit` of obsy's own tables), and what is no magnitude, have no number; what the catalogue moves alike
    in all of them is not in their errors. Raises UserError if it has no such columns, or was refused by its check star.
    """
    table = text_table(path)
    time, magnitude = table.column(TIME), table.column(MAGNITUDE)
    if time is None or magnitude is None:
        missing = [f"'{names[0]}'" for names, had in ((TIME, time), (MAGNITUDE, magnitude)) if had is None]
        raise UserError(
            f"{path} has no column {' and none '.join(missing)}: it has {', '.join(filter(None, table.names))}"
        )
    if refused := table.head.get("refused"):
        raise UserError(f"{path} says nothing of its star: {refused}")
    lower = [name.lower() for name in table.names]
    limits = table.cells[lower.index("is_limit")] if "is_limit" in lower else ["False"] * len(time)
    is_limit = np.array([str(each).strip().lower() in ("true", "1") for each in limits])
    magnitude = np.where((np.abs(magnitude) <= FAINTEST) & ~is_limit, magnitude, np.nan)
    error, moved = table.column(ERROR), table.column(("transformation",))
    error = np.full(len(time), UNSAID_MAG) if error is None else error
    _dated(path, time)
    error = np.where((error >= LEAST_MAG) & (error <= MOST_MAG), error, np.nan)
    own = np.sqrt(np.maximum(error**2 - _number(table.head.get("common_error_mag")) ** 2, 0.0))
    points = MagnitudeSeries(time, magnitude, own)
    kind = next(each for each in TIME if each in lower)
    return NightPoints(points, np.full(len(time), np.nan) if moved is None else moved), kind


def _dated(path: Path, time: Floats) -> None:
    """Raise UserError of the first date that is none: one wrong row would hide every period."""
    wrong = time[np.isfinite(time) & ((time < EARLIEST) | (time > LATEST))]
    if wrong.size:
        raise UserError(
            f"{path}: {wrong[0]:.9g} is no Julian date: write whole ones, such as 2458107.71424, and no MJD"
        )


def _number(said: object) -> float:
    return float(said) if isinstance(said, int | float) and np.isfinite(said) else 0.0
