"""A night's magnitudes as ECSV, for whoever works on them with a program."""

import io
from typing import Any

from astropy import units
from astropy.table import Table

from obsy.engine.science.as_json import plain
from obsy.engine.science.ensemble import EnsembleResult
from obsy.engine.science.light_curve import ARRAYS
from obsy.schemas.comparison import ComparisonTable

UNITS = {
    **dict.fromkeys(("jd_utc", "hjd_utc", "bjd_tdb"), units.day),
    **dict.fromkeys(("magnitude", "error", "zero_point", "transformation", "check", "check_error"), units.mag),
    "exposure_s": units.second,
}


def magnitude_table(found: EnsembleResult, declared: ComparisonTable, band: str) -> str:
    """Return every number of the curve, a line a point, and what it rests on in the head; refused ones say so."""
    check = found.check
    meta: dict[str, Any] = {
        "star": declared.of,
        "band": band,
        "comparison": declared.name,
        "chart": declared.chart,
        "compared_with": list(found.compared),
        "left_out": list(found.left_out),
        "aperture": plain(found.search.shape()) if found.search else None,
        "common_error_mag": found.common_error,
        "beyond_photons_mag": found.beyond,
        "check": {"name": check.name, "known": check.known, "measured": check.measured, "error": check.error},
        "refused": found.refusal,
    }
    columns = {name: getattr(found.curve, name) for name in ARRAYS}
    table = Table({**columns, "frame": list(found.curve.frame)}, units=UNITS, meta=meta)
    text = io.StringIO()
    table.write(text, format="ascii.ecsv")
    return text.getvalue()
