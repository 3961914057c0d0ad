"""The AAVSO's Visual File Format 1.0: estimates by eye as its form takes them."""

from collections.abc import Sequence

from obsy.engine.science.aavso_extended import DELIMITERS, MOST_SOFTWARE, NOTHING
from obsy.engine.science.estimates import EyeEstimate
from obsy.engine.science.visual_rules import FIELDS, visual_faults
from obsy.errors import UserError

DECIMALS = 4
"""Of a Julian date, 9 s: no eye is faster."""


def aavso_visual(found: Sequence[EyeEstimate], observer: str, software: str) -> str:
    """Return the file's text. Raises UserError, with every reason, if the AAVSO would refuse it.

    Source: AAVSO Visual File Format 1.0 of 2008-01-15.
    """
    rows = [_row(each) for each in found]
    used = {sign for row in rows for field in row for sign in field}
    delimiter = next((each for each in DELIMITERS if each not in used), None)
    if delimiter is None:
        raise UserError(f"the estimates hold each of {' '.join(DELIMITERS)}: leave one of them out of the notes")
    head = {
        "TYPE": "VISUAL",
        "OBSCODE": observer,
        "SOFTWARE": software[:MOST_SOFTWARE],
        "DELIM": delimiter,
        "DATE": "JD",
        "OBSTYPE": "Visual",
    }
    lines = [*(f"#{key}={value}" for key, value in head.items()), "#" + delimiter.join(FIELDS)]
    text = "\n".join([*lines, *(delimiter.join(row) for row in rows)]) + "\n"
    if wrong := visual_faults(text):
        raise UserError("the AAVSO would refuse the report: " + "; ".join(map(str, wrong)))
    return text


def _row(one: EyeEstimate) -> tuple[str, ...]:
    magnitude = one.magnitude if "." in one.magnitude else f"{one.magnitude}.0"
    rest = (one.code, one.comp1, one.comp2, one.chart, one.notes)
    return one.star, f"{one.jd:.{DECIMALS}f}", magnitude, *(each or NOTHING for each in rest)
