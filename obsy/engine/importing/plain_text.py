"""What a text of a file says: words in a line, a number, and a number in digits."""

import re

LONGEST = 200
"""Characters of a text that are kept."""
_NUMBER = re.compile(r"\s*([+\-−]?)\s*(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?\s*\Z", re.ASCII)


def words(text: object) -> str:
    """Return a text in one line, without what cannot be seen, and not too long."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in str(text)).split())[:LONGEST].strip()


def number(text: object) -> float | None:
    """Return what a text says, or None if it is no finite number; a decimal comma is none here."""
    if isinstance(text, (int, float)) and not isinstance(text, bool):
        return float(text) if abs(text) < 1e300 else None  # noqa: PLR2004
    match = _NUMBER.match(text) if isinstance(text, str) else None
    return float(("-" if match[1] in "-−" and match[1] else "") + match[2] + (match[3] or "")) if match else None


def digits(value: float) -> str:
    """Return a number in digits, without an exponent: 60, 0.5, 2456652.7157."""
    return f"{value:.9f}".rstrip("0").rstrip(".")
