"""An orbit as a person types it: all numbers of one reference, none of which may get lost."""

import re
from typing import TYPE_CHECKING, NamedTuple

from obsy.errors import UserError

if TYPE_CHECKING:
    from obsy.engine.science.transit.model import PlanetOrbit

_NUMBER = r"\d+\.?\d*|\.\d+"
_AMOUNT = rf"\s*([+-]?(?:{_NUMBER}))\s*(deg\b)?\s*(?:(?:\+-|\+/-|±)\s*({_NUMBER})\s*(deg\b)?)?\s*"
_PREPRINT = r"10\.\d{4,}/|\d{4}\.\d{4,5}(?!\d)"
_STRAY = (
    rf"\b(?:e|ecc|eccentricity|omega|w|ω|periastron)[\s:]*[+-]?(?:{_NUMBER})"
    r"|=|\+-|\+/-|±|\bdeg|(?:^|,)\s*[+-]?\d*\.\d+|^[+-]?\d+(?!\d|[A-Za-z&])"
    rf"|(?<![\w.])(?!{_PREPRINT})\d*\.\d+(?![\w.])"
)
"""What reads like a number of the orbit; a bibcode, as 2018AJ....155..165P, a DOI or arXiv's number does not."""
_HALF_TURN = 180
_CIRCLE, _ELLIPSE = (False, True), (False, True, False, True)
"""Which of the numbers are angles."""
EXAMPLE = "'6.05 +- 0.04, 88.9 +- 0.4 deg, reference set A'"
WITH_ELLIPSE = "'5.34, 88.98 deg, 0.159, 50 deg, reference set B'"


class SaidOrbit(NamedTuple):
    """An orbit, and how sure its reference is of the two numbers that a fit may move."""

    orbit: "PlanetOrbit"
    axis_ratio_error: float
    inclination_error_deg: float
    reference: str


class _Amount(NamedTuple):
    value: float
    error: float
    is_angle: bool


def said_orbit(said: str, period_d: float) -> SaidOrbit:
    """Return the orbit in 'a/R*, inclination[, eccentricity, periastron], reference', each number with '+- n' or not.

    The errors of eccentricity and periastron are read and let go: a fit holds both where they are.
    Raises UserError if a number is missing, impossible, or hidden in the reference.
    """
    from obsy.engine.science.transit.model import PlanetOrbit

    amounts, reference = _parts(said)
    angles = tuple(each.is_angle for each in amounts)
    if angles not in (_CIRCLE, _ELLIPSE) or not reference:
        raise UserError(
            f"--orbit '{said}': write a/R*, the inclination and whose they are, as {EXAMPLE}; of an ellipse also its "
            f"eccentricity and its star's periastron, as {WITH_ELLIPSE}"
        )
    if hidden := re.search(_STRAY, reference):
        raise UserError(
            f"--orbit '{said}': '{hidden[0].strip(', ')}' in '{reference}' reads like a number of the orbit, and would "
            f"be lost: write {WITH_ELLIPSE}, and begin the reference with a word"
        )
    (axis, tilt), shape = amounts[:2], amounts[2:]
    e, omega = (each.value for each in shape) if shape else (0.0, 90.0)
    if not (axis.value > 1 and 0 < tilt.value < _HALF_TURN and 0 <= e < 1):
        raise UserError(
            f"--orbit '{said}': no planet has a/R* {axis.value:g}, {tilt.value:g} deg, eccentricity {e:g}: a/R* is "
            "above 1, the inclination between 0 and 180 deg, the eccentricity from 0 to below 1"
        )
    return SaidOrbit(PlanetOrbit(period_d, axis.value, tilt.value, e, omega), axis.error, tilt.error, reference)


def _parts(said: str) -> tuple[list[_Amount], str]:
    """Return the numbers that it begins with, and what follows them."""
    parts = said.split(",")
    amounts = []
    while parts and (match := re.fullmatch(_AMOUNT, parts[0])):
        value, unit, error, again = match.groups()
        amounts.append(_Amount(float(value), float(error or 0), bool(unit or again)))
        parts.pop(0)
    return amounts, ",".join(parts).strip()
