"""What the BAA's format asks of a file, before anybody sends it: as far as its writers and readers tell."""

from collections.abc import Iterator

from obsy.engine.science.aavso_rules import (
    BRIGHTEST,
    EARLIEST_JD,
    FAINTEST,
    FILTERS,
    LARGEST_ERROR,
    LATEST_JD,
    ReportFault,
    as_number,
    is_observer_code,
)
from obsy.engine.science.baa_report import COLUMNS, FORMAT

HEAD = ("File Format", "Observation Method", "Variable", "Chart ID", "Observer code", "Location", "Telescope", "Camera",
        "Magnitude type", "Photometry software")  # fmt: skip
"""What its head has to say."""
LONGEST_CHART = 50
LIMITS = {
    "JulianDate": (EARLIEST_JD, LATEST_JD),
    "VarAbsMag": (BRIGHTEST, FAINTEST),
    "VarAbsErr": (0.0, LARGEST_ERROR),
    "ExpLen": (0.001, 86_400.0),
}


def baa_faults(text: str, name: str = "report.txt") -> list[ReportFault]:
    """Return all that is wrong with a file, in the order of its lines. Nothing of it is raised."""
    found = [] if name.endswith(".txt") else [ReportFault(0, "file", f"'{name}'", "let its name end in .txt")]
    head, _, table = text.partition("\n\n")
    said = dict(line.partition("\t")[::2] for line in head.split("\n"))
    found += _of_head(said)
    first = head.count("\n") + 3
    columns, *rows = table.removesuffix("\n").split("\n")
    if tuple(columns.split("\t")) != COLUMNS:
        found.append(ReportFault(first, "columns", f"'{columns}'", f"write {' '.join(COLUMNS)}, a tab between"))
    if not rows:
        found.append(ReportFault(first, "line", "there is no observation", "add one"))
    seen: dict[tuple[str, str], int] = {}
    for number, row in enumerate(rows, first + 1):
        found += _of_row(number, row, seen)
    return found


def _of_head(said: dict[str, str]) -> Iterator[ReportFault]:
    for number, key in enumerate(HEAD, 1):
        if not said.get(key, "").strip():
            yield ReportFault(number, key, "it is missing", f"write '{key}', a tab and what it is")
    if said.get("File Format", FORMAT) != FORMAT:
        yield ReportFault(1, "File Format", f"'{said['File Format']}'", f"write '{FORMAT}'")
    if (code := said.get("Observer code", "")) and not is_observer_code(code):
        mend = "write your code at the BAA: 'codes: {baa: …}' of the person"
        yield ReportFault(5, "Observer code", f"'{code}'", mend)
    if len(chart := said.get("Chart ID", "")) > LONGEST_CHART:
        yield ReportFault(4, "Chart ID", f"'{chart}'", f"shorten it to {LONGEST_CHART} characters")


def _of_row(number: int, row: str, seen: dict[tuple[str, str], int]) -> Iterator[ReportFault]:
    fields = dict(zip(COLUMNS, row.split("\t"), strict=False))
    if row.count("\t") != len(COLUMNS) - 1:
        yield ReportFault(number, "line", f"it has {row.count(chr(9)) + 1} fields", f"write {len(COLUMNS)}")
        return
    for name, (low, high) in LIMITS.items():
        value = as_number(fields[name])
        if value is None or not low <= value <= high:
            yield ReportFault(number, name, f"'{fields[name]}'", f"write a number from {low:g} to {high:g}")
    if fields["Filter"] not in FILTERS:
        yield ReportFault(number, "Filter", f"'{fields['Filter']}'", f"write one of {', '.join(sorted(FILTERS))}")
    if not fields["CmpStar"].strip():
        yield ReportFault(number, "CmpStar", "''", "name the star, or write 'Ensemble'")
    key = fields["JulianDate"], fields["Filter"]
    if (before := seen.setdefault(key, number)) != number:
        yield ReportFault(number, "JulianDate", f"time and filter are those of line {before}", "remove one of the two")
