"""The BAA Variable Star Section's format 'CCD/DSLR v2.01': a night's magnitudes as its database takes them."""

from dataclasses import dataclass

import numpy as np

from obsy.engine.science.ensemble import EnsembleResult
from obsy.engine.science.terms import Terms
from obsy.errors import UserError
from obsy.schemas.comparison import ComparisonTable

FORMAT = "CCD/DSLR v2.01"
COLUMNS = "JulianDate", "Filter", "VarAbsMag", "VarAbsErr", "ExpLen", "CmpStar"
ENSEMBLE = "Ensemble"
DECIMALS = 6
"""Of a Julian date: 0.1 s."""


@dataclass(frozen=True, slots=True)
class BaaAbout:
    """What such a report says besides its numbers."""

    observer: str
    """The code by which the BAA knows the observer."""
    filter: str
    software: str
    location: str
    """Latitude and longitude, degrees, north and east positive, and height: '38.17 -2.33 H1650'."""
    telescope: str
    camera: str
    terms: Terms | None = None


def baa_report(found: EnsembleResult, declared: ComparisonTable, about: BaaAbout) -> str:
    """Return the file's text, with magnitudes that are worked out already ('PreCalculated').

    Points where the star was not seen are not in it: the format has no word for 'fainter than'. Raises UserError if the
    check star deviates, or if there is no other point. Source: as the section's own plug-in for AstroImageJ writes it.
    """
    if found.refusal:
        raise UserError(f"nothing is reported: {found.refusal}")
    curve = found.curve
    seen = np.flatnonzero(~curve.is_limit)
    if not len(seen):
        why = "; ".join(found.left_out) or "it is fainter than the frames show, for which the BAA's format has no word"
        raise UserError(f"nothing is reported: no frame shows the target ({why})")
    check = found.check
    words = [f"check star {check.name} {check.measured:.3f}, catalogue {check.known:.3f}"]
    words.append(f"compared with {len(found.compared)} star{'s' * (len(found.compared) > 1)}")
    words += [f"transformed, {about.terms.source}"] if about.terms and np.isfinite(curve.transformation).any() else []
    head = {
        "File Format": FORMAT,
        "Observation Method": "CCD",
        "Variable": declared.of,
        "Chart ID": declared.chart,
        "Observer code": about.observer,
        "Location": about.location,
        "Telescope": about.telescope,
        "Camera": about.camera,
        "Magnitude type": "PreCalculated",
        "Photometry software": about.software,
        "Comment": "; ".join(words),
    }
    stars = ENSEMBLE if len(found.compared) > 1 else found.compared[0]
    rows = [
        (
            f"{curve.jd_utc[at]:.{DECIMALS}f}",
            about.filter,
            f"{curve.magnitude[at]:.3f}",
            f"{min(float(curve.error[at]), 1.0):.3f}",
            f"{curve.exposure_s[at]:g}",
            stars,
        )
        for at in seen
    ]
    for said in (*head.values(), *(field for row in rows for field in row)):
        if not said.isprintable():
            raise UserError(f"{said!r} would be more than a field of the report: write it in one line, without tabs")
    lines = [*("\t".join(each) for each in head.items()), "", *("\t".join(each) for each in (COLUMNS, *rows))]
    return "\n".join(lines) + "\n"
