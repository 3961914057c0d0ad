"""A number with its error, as measurements are written: '11.345 +- 0.021'."""

import re
from typing import Any, NamedTuple

from obsy.units import pattern

ERROR = r"(?:\+-|\+/-|±)\s*(\d(?:\.\d+)?)\s*"
"""One standard deviation, and the sign before it."""


class WithError(NamedTuple):
    """What is written so."""

    value: float
    error: float | None
    """None where none is said."""


def with_error(form: str, said: object) -> WithError | None:
    """Return what is said; None if it is not of that form, a pattern whose groups are the number and its error."""
    match = re.fullmatch(form, said) if isinstance(said, str) else None
    return None if match is None else WithError(float(match[1]), float(match[2]) if match[2] else None)


def form_schema(form: str, title: str, example: str) -> dict[str, Any]:
    """Return what the JSON schema says of such a text."""
    return {"type": "string", "title": title, "examples": [example], "pattern": pattern(form)}
