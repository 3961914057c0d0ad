"""The rules of the AAVSO's Visual File Format 1.0, for estimates by eye, asked of a file before anybody sends it."""

from collections.abc import Iterator, Mapping

from obsy.engine.science.aavso_rules import (
    AavsoForm,
    ReportFault,
    chart_rule,
    date_rule,
    faults,
    is_nothing,
    magnitude_rule,
    name_rule,
)

FIELDS = "NAME", "DATE", "MAGNITUDE", "COMMENTCODE", "COMP1", "COMP2", "CHART", "NOTES"
LONGEST = {"NAME": 30, "DATE": 16, "MAGNITUDE": 8, "COMP1": 8, "COMP2": 8, "CHART": 20, "NOTES": 100}
"""Characters. Those of COMP1, COMP2 and NOTES are from memory."""
CODES = frozenset("BUWLDYKSZIV")
"""Bright sky, clouds, poor seeing, low, unusual activity, outburst, a chart of others, a problem of the sequence,
uncertain magnitude, uncertain identification, near the limit. Source: as VStar reads them."""
WORDS = {"TYPE": ("VISUAL",), "DATE": ("JD", "EXCEL"), "OBSTYPE": ("VISUAL", "PTG")}


def visual_faults(text: str, name: str = "report.txt") -> list[ReportFault]:
    """Return all that is wrong with a file, in the order of its lines. Nothing of it is raised."""
    return faults(text, name, VISUAL)


def _codes(value: str, _head: Mapping[str, str]) -> str:
    wrong = set(value.upper()) - CODES - {" "}
    return "" if is_nothing(value) or not wrong else f"write letters of {''.join(sorted(CODES))}, or 'na'"


def _compared(value: str, _head: Mapping[str, str]) -> str:
    return "name the star that it was compared with, by its label: 113" if is_nothing(value) else ""


def _together(number: int, row: Mapping[str, str]) -> Iterator[ReportFault]:
    """Yield what is wrong between the fields of an estimate."""
    if row["COMP1"] == row["COMP2"]:
        yield ReportFault(number, "COMP2", f"'{row['COMP2']}' is COMP1 as well", "name another star, or write 'na'")


VISUAL = AavsoForm(
    FIELDS, LONGEST, WORDS,
    {"NAME": name_rule, "DATE": date_rule, "MAGNITUDE": magnitude_rule, "COMMENTCODE": _codes, "COMP1": _compared,
     "CHART": chart_rule},
    _together,
)  # fmt: skip
