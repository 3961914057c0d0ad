"""What the Minor Planet Center calls a body, and the column of ADES that says it."""

import re
from typing import NamedTuple

PERMANENT = r"\d+([IPD](-[A-Z]{1,2})?)?"
PROVISIONAL = r"\d{4} [A-HJ-Y][A-HJ-Z]\d*|\d{4} (P-L|T-[123])|[ADCPX]/\d{4} [A-Z]{1,2}\d*(-[A-Z])?"
OWN = r"[-A-Za-z0-9_]{1,8}"
"""Of a tracklet, as its observer calls it. Source of all three: ADES 2022, table 16 and submit.xsd."""


class Designation(NamedTuple):
    """A body's name in one column."""

    column: str
    """permID, provID or trkSub."""
    name: str


def designation(called: str) -> Designation | None:
    """Return what a catalogue's name is to the MPC: 1 of '1 Ceres', a designation without discoverers; None of none."""
    said = re.sub(r"\s+", " ", called.strip())
    if whole := re.match(rf"({PROVISIONAL})(?= \(|$)", said):
        return Designation("provID", whole[1])
    if number := re.fullmatch(rf"\(?({PERMANENT})\)?(?:/.+| [^\d].*)?", said):
        return Designation("permID", number[1])
    return None


def own_name(said: str) -> Designation:
    """Return the name of a tracklet made of whatever somebody calls it: its letters and digits, eight at most."""
    return Designation("trkSub", (re.sub(r"[^-A-Za-z0-9_]", "", said) or "obsy")[:8])


def signed(called: str) -> str:
    """Return a person's name as the MPC takes it: initials and surname, 'A. M. Ruiz' of 'Ana Maria Ruiz'."""
    words = called.split()
    at = next((index for index, word in enumerate(words[:-1]) if word[0].islower()), len(words) - 1)
    return " ".join([*(word if word.endswith(".") else f"{word[0]}." for word in words[:at]), *words[at:]])
