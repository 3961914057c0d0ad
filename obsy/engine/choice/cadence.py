"""How often a variable star is worth a visit, and of how many frames: by its type and period in the GCVS."""

import re
from typing import NamedTuple

from obsy.engine.declare.catalogue import Variability

IN_A_NIGHT_D = 1.0
"""A star that repeats itself faster is followed for hours."""


class StarVisit(NamedTuple):
    """A visit of a variable star."""

    every_d: int
    frames: int
    why: str


SLOW = StarVisit(7, 3, "Miras change by hundredths a day")
VISITS: tuple[tuple[str, StarVisit], ...] = (
    (r"M\b", SLOW),
    (r"(SR|L[BC]?\b)", StarVisit(10, 3, "it changes over weeks")),
    (r"RV", StarVisit(3, 3, "its minima are weeks apart")),
    (r"(UG|N|SN|ZAND|RCB|DPV)", StarVisit(1, 3, "it may rise or fall within a day")),
    (r"(IN|IS|FU|UXOR|T TAU|BE|GCAS|SDOR)", StarVisit(1, 3, "it changes without rule each night")),
    (r"(DCEP|CEP\b|CW|DCEPS)", StarVisit(1, 3, "one point a night tells a Cepheid")),
)
"""By how a type begins. Source: the AAVSO's manuals for observers, from memory."""
FAST = StarVisit(1, 60, "one run shows a whole period")
ECLIPSES = StarVisit(1, 10, "'cover' takes an eclipse whole")
OTHERS = StarVisit(1, 5, "nobody says how fast it changes")


def star_visit(varies: Variability) -> StarVisit:
    """Return how a star of that type and period is visited."""
    kind = varies.type.strip().rstrip(":")
    period = varies.period_d
    if period is not None and period < IN_A_NIGHT_D:
        return FAST
    if kind.startswith("E"):
        return ECLIPSES
    return next((visit for begins, visit in VISITS if re.match(begins, kind)), OTHERS)
