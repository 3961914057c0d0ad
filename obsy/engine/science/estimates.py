"""Magnitudes that a person estimated by eye, as they are written down: a table with a line for each."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from obsy.engine.science.aavso_rules import EARLIEST_JD, LATEST_JD, ReportFault, as_number
from obsy.errors import UserError

NEEDED = "star", "time", "magnitude", "comp1", "chart"
KNOWN = (*NEEDED, "comp2", "code", "notes")
UNIX_JD = 2440587.5
"""The Julian date of 1970-01-01."""
_DAY_S = 86400


@dataclass(frozen=True, slots=True)
class EyeEstimate:
    """One look at one star."""

    star: str
    jd: float
    """UTC."""
    magnitude: str
    """As it was written: '11.3', or '<13.2' where it was not seen."""
    comp1: str
    """The label of the star that it was compared with; of two the brighter, of a limit the faintest that was seen."""
    chart: str
    comp2: str = ""
    code: str = ""
    """Letters of the AAVSO: what was amiss."""
    notes: str = ""


def estimates(path: Path) -> tuple[EyeEstimate, ...]:
    """Return the estimates in a table with the columns star, time, magnitude, comp1 and chart, in order of time.

    comp2, code and notes may be there as well. A time is UTC, '2026-11-28T20:15Z', or a Julian date. Raises UserError,
    with every fault by its line, if the file is no such table.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise UserError(f"'{path}' cannot be read: {fault}") from None
    reader = csv.reader(lines, skipinitialspace=True)
    try:
        rows = list(reader)
    except csv.Error:
        raise UserError(f"'{path}': line {reader.line_num}: a field is too long: close its quotation mark") from None
    columns = [each.strip().lower() for each in rows[0]] if rows else []
    if lacking := [each for each in NEEDED if each not in columns]:
        raise UserError(
            f"'{path}' has no column {', '.join(lacking)}: its first line names them, such as {','.join(KNOWN)}"
        )
    if unknown := [each for each in columns if each not in KNOWN]:
        raise UserError(f"'{path}' has a column {', '.join(unknown)}: known are {', '.join(KNOWN)}")
    if doubled := sorted({each for each in columns if columns.count(each) > 1}):
        raise UserError(f"'{path}' has the column {', '.join(doubled)} twice: leave one")
    told = [
        (number, dict(zip(columns, (field.strip() for field in row), strict=False)))
        for number, row in enumerate(rows[1:], 2)
        if any(field.strip() for field in row) and not row[0].startswith("#")
    ]
    if wrong := [fault for number, row in told for fault in _faults(number, row)]:
        raise UserError(f"'{path}': " + "; ".join(map(str, wrong)))
    if not told:
        raise UserError(f"'{path}' holds no estimate: add a line below the names of the columns")
    found = (
        EyeEstimate(**{key: value for key, value in row.items() if key != "time"}, jd=_jd(row["time"]) or 0.0)
        for _, row in told
    )
    return tuple(sorted(found, key=lambda each: each.jd))


def _faults(number: int, row: Mapping[str, str]) -> Iterator[ReportFault]:
    for name in NEEDED:
        if not row.get(name):
            yield ReportFault(number, name, "it is empty", "write it")
    time = row.get("time", "")
    if time and _jd(time) is None:
        yield ReportFault(number, "time", f"'{time}'", "write it in UTC, '2026-11-28T20:15Z', or as a Julian date")
    magnitude = row.get("magnitude", "")
    if magnitude and as_number(magnitude.removeprefix("<")) is None:
        yield ReportFault(number, "magnitude", f"'{magnitude}'", "write '11.3', or '<13.2' where it was not seen")


def _jd(said: str) -> float | None:
    """Return a Julian date of what is written; None of what is none, or says no zone."""
    if (number := as_number(said)) is not None:
        return number if EARLIEST_JD <= number <= LATEST_JD else None
    try:
        when = datetime.fromisoformat(said)
        return None if when.tzinfo is None else when.astimezone(UTC).timestamp() / _DAY_S + UNIX_JD
    except (ValueError, OverflowError):
        return None
