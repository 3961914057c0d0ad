"""The AAVSO's Extended File Format 1.2: a night's magnitudes as its form takes them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from obsy.engine.science.aavso_rules import FIELDS
from obsy.engine.science.ensemble import EnsembleResult
from obsy.engine.science.terms import Terms
from obsy.errors import UserError
from obsy.schemas.comparison import Band, ComparisonTable

NOTHING = "na"
DELIMITERS = ",", ";", "!", "~"
"""The first that stands in no field is taken."""
MOST_SOFTWARE = 255
DECIMALS = 7
"""Of a Julian date, 0.01 s: two exposures of one star at one time are refused."""
NAMED = 12
"""Comparison stars that the notes name; of more, how many there were."""


@dataclass(frozen=True, slots=True)
class ReportAbout:
    """What a report says besides its numbers."""

    observer: str
    """The code by which the AAVSO knows the observer."""
    filter: str
    """As the AAVSO calls it: V, CV, TG."""
    band: Band
    """That of the catalogue which was compared with."""
    software: str
    terms: Terms | None = None
    """By which coefficients its points were transformed, where they were."""


def aavso_extended(found: EnsembleResult, declared: ComparisonTable, about: ReportAbout) -> str:
    """Return the file's text.

    With an ensemble CMAG is 'na' and KMAG the check star's measured magnitude; against one star both are instrumental.
    Catalogue values stand in the notes alone, as CREFMAG and KREFMAG. Raises UserError if the check star deviates, or
    if there is no point. Source: AAVSO Extended File Format 1.2 of 2021-12-02.
    """
    if not len(found.curve):
        raise UserError(f"nothing is reported: no frame shows the target ({'; '.join(found.left_out)})")
    if found.refusal:
        raise UserError(f"nothing is reported: {found.refusal}")
    rows = [list(each) for each in _rows(found, declared, about)]
    used = {sign for row in rows for field in row for sign in field}
    delimiter = next((each for each in DELIMITERS if each not in used), None)
    if delimiter is None:
        raise UserError(
            f"the report's fields hold each of {' '.join(DELIMITERS)}: shorten the names of stars and chart"
        )
    head = {
        "TYPE": "EXTENDED",
        "OBSCODE": about.observer,
        "SOFTWARE": about.software[:MOST_SOFTWARE],
        "DELIM": delimiter,
        "DATE": "JD",
        "OBSTYPE": "CCD",
    }
    lines = [f"#{key}={value}" for key, value in head.items()]
    for said in (*lines, *(field for row in rows for field in row)):
        if not said.isprintable():
            raise UserError(f"{said!r} would be more than a line of the report: write it in one")
    return "\n".join([*lines, "#" + delimiter.join(FIELDS), *(delimiter.join(row) for row in rows)]) + "\n"


def _rows(found: EnsembleResult, declared: ComparisonTable, about: ReportAbout) -> Iterator[tuple[str, ...]]:
    curve = found.curve
    one = found.compared[0] if len(found.compared) == 1 else None
    known = next((star.magnitudes[about.band] for star in declared.stars if star.name == one), None)
    for at in range(len(curve)):
        limit = bool(curve.is_limit[at])
        zero = float(curve.zero_point[at])
        has_check = bool(np.isfinite(curve.check[at]))
        check = curve.check_instrumental[at] if one else curve.check[at]
        yield (
            declared.of,
            f"{curve.jd_utc[at]:.{DECIMALS}f}",
            f"{'<' if limit else ''}{curve.magnitude[at]:.3f}",
            NOTHING if limit else f"{min(float(curve.error[at]), 1.0):.3f}",
            about.filter,
            "YES" if np.isfinite(curve.transformation[at]) else "NO",
            "STD",
            one or "ENSEMBLE",
            NOTHING if known is None else f"{known.value - zero:.3f}",
            declared.check if has_check else NOTHING,
            f"{check:.3f}" if has_check else NOTHING,
            f"{curve.airmass[at]:.3f}" if np.isfinite(curve.airmass[at]) else NOTHING,
            f"{curve.group[at]:.0f}" if np.isfinite(curve.group[at]) else NOTHING,
            declared.chart,
            _notes(found, at, None if known is None else known.value) + _by_terms(found, at, about),
        )


def _notes(found: EnsembleResult, at: int, known: float | None) -> str:
    """Return free text, then subfields behind pipes."""
    curve, check, many = found.curve, found.check, len(found.compared)
    stars = " ".join(found.compared) if many <= NAMED else f"{many} stars"
    words = f"compared with {stars}" if known is None else "one comparison star"
    parts = {"VMAGINS": curve.instrumental[at], "CREFMAG": known}
    if np.isfinite(curve.check[at]):
        parts |= {"KMAGINS": curve.check_instrumental[at], "KREFMAG": check.known, "KREFERR": check.known_error}
    said = (f"|{key}={value:.3f}" for key, value in parts.items() if value is not None and np.isfinite(value))
    frames = int(curve.of_frames[at])
    words += f"; mean of {frames} frames ({curve.exposure_s[at]:.0f} s)" if frames > 1 else ""
    return words + f"|NOBS={frames}" + "".join(said)


def _by_terms(found: EnsembleResult, at: int, about: ReportAbout) -> str:
    """Return the subfields of a point that was transformed: its coefficients, with their errors."""
    if about.terms is None or not np.isfinite(found.curve.transformation[at]):
        return ""
    said = {about.terms.name(about.band): about.terms.of(about.band), f"T{about.terms.pair}": about.terms.colour}
    return "".join(f"|{name}={each.value:.4f}|{name}Err={each.error:.4f}" for name, each in said.items())
