"""Positions as ECSV, for whoever works on them with a program, and as JSON."""

import io
from dataclasses import asdict, fields
from typing import Any

from astropy import units
from astropy.table import Table

from obsy.engine.science.as_json import plain
from obsy.engine.science.astrometry.along_ephemeris import MovingTarget
from obsy.engine.science.astrometry.position import SkyPosition

UNITS = {
    "jd_utc": units.day,
    "exposure_s": units.second,
    **dict.fromkeys(("x", "y"), units.pix),
    **dict.fromkeys(("ra_deg", "dec_deg"), units.deg),
    **dict.fromkeys(
        ("centroid_arcsec", "fit_arcsec", "east_arcsec", "north_arcsec", "seeing_arcsec", "rms_arcsec"), units.arcsec
    ),
    **dict.fromkeys(("vt_magnitude", "magnitude_error"), units.mag),
}
_COLUMNS = tuple(each.name for each in fields(SkyPosition))


def position_table(found: MovingTarget, about: dict[str, Any]) -> str:
    """Return every number of every position, a line a frame, and what they rest on in the head."""
    meta = about | {
        "pace": list(found.pace),
        "rate_arcsec_min": found.rate_arcsec_min,
        "angle_deg": found.angle_deg,
        "left_out": list(found.left_out),
        "scatter_over_errors": found.wider,
        "doubts": list(found.doubts),
        "refused": found.refusal,
    }
    rows = {name: [getattr(each, name) for each in found.positions] for name in _COLUMNS}
    rows |= {name: [each or "" for each in rows[name]] for name in ("filter", "train")}
    text = io.StringIO()
    Table(rows, units=UNITS, meta=meta).write(text, format="ascii.ecsv")
    return text.getvalue()


def moving_shape(found: MovingTarget) -> dict[str, Any]:
    """Return it as JSON takes it: null for no number."""
    east, north, error = found.mean_offset
    told: dict[str, Any] = plain(
        {
            "pace": found.pace[0],
            "pace_error": found.pace[1],
            "rate_arcsec_min": found.rate_arcsec_min,
            "angle_deg": found.angle_deg,
            "east_arcsec": east,
            "north_arcsec": north,
            "offset_error_arcsec": error,
            "scatter_over_errors": found.wider,
        }
    )
    told["positions"] = [plain(asdict(each) | {"error_arcsec": each.error_arcsec}) for each in found.positions]
    return told | {"left_out": list(found.left_out), "doubts": list(found.doubts), "refused": found.refusal}
