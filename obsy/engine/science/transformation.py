"""From a telescope's own colours to the standard system: the coefficients that a standard field tells.

Two filters, b and v, stand for any pair. Capitals are the catalogue's magnitudes, small letters instrumental ones.
Source: AAVSO, "CCD Photometry Guide", chapter 6: Tbv is one over the slope of (b-v) against (B-V), Tv_bv the slope of
(V-v) against (B-V), Tb_bv that of (B-b).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from obsy.engine.science.same_stars import Floats, Mask
from obsy.engine.science.standard_field import StandardField
from obsy.engine.science.straight_line import PointErrors, StraightLine, straight_line
from obsy.errors import UserError
from obsy.schemas.transformation import ORDER, CoefficientValue

FEWEST = 8
"""Stars that a slope may rest on."""
LEAST_SPREAD = 0.4
"""Colours must differ by so much, from the bluest to the reddest, mag."""


@dataclass(frozen=True, slots=True, eq=False)
class ColourLine:
    """A coefficient with the line that it is a slope of; arrays are (stars,)."""

    name: str
    """The AAVSO's: Tbv, Tb_bv."""
    value: CoefficientValue
    colour: Floats
    """The catalogue's, mag."""
    ordinate: Floats
    """What is drawn against it, mag."""
    about: str
    """What that is: 'b-v', 'V-v'."""
    line: StraightLine
    stars: tuple[str, ...]

    @property
    def left_out(self) -> tuple[str, ...]:
        """Stars that do not count, and by how much each is off."""
        off = np.flatnonzero(~self.line.kept)
        return tuple(
            f"{self.stars[at]} of {self.name}: {self.line.residual[at]:+.3f} mag off the line, "
            f"{self.line.sigmas[at]:.1f} of its errors"
            for at in off
        )


def coefficients(fields: Sequence[StandardField], names: Sequence[str]) -> tuple[ColourLine, ...]:
    """Return all coefficients of each pair of filters; names: of the stars. Raises UserError if a pair tells none."""
    by_colour = sorted(fields, key=lambda each: ORDER.index(each.band))
    return tuple(each for blue, red in combinations(by_colour, 2) for each in _of_pair(blue, red, names))


def _of_pair(blue: StandardField, red: StandardField, names: Sequence[str]) -> Iterator[ColourLine]:
    pair = f"{blue.band}-{red.band}"
    there = np.isfinite(blue.known + red.known + blue.magnitude + red.magnitude)
    if (many := int(there.sum())) < FEWEST:
        raise UserError(f"{many} stars have magnitudes in {pair}: a transformation rests on {FEWEST} at least")
    colour = (blue.known - red.known)[there]
    if (spread := float(np.ptp(colour))) < LEAST_SPREAD:
        raise UserError(
            f"the stars' colours {pair} differ by {spread:.2f} mag: choose a field with {LEAST_SPREAD:g} at least"
        )
    stars = tuple(name for name, is_there in zip(names, there, strict=True) if is_there)
    x_error = np.hypot(blue.known_error, red.known_error)[there]
    small, joined = pair.lower(), f"{blue.band}{red.band}".lower()
    ordinate = (blue.magnitude - red.magnitude)[there]
    errors = PointErrors(x_error, np.hypot(blue.error, red.error)[there], np.zeros(many))
    line = straight_line(colour, ordinate, errors)
    value = CoefficientValue(1 / line.slope, line.error / line.slope**2)
    yield ColourLine(f"T{joined}", value, colour, ordinate, small, line, stars)
    # The catalogue's magnitude is in the ordinate and in the colour: its error moves a star along both.
    for one, sign in ((blue, 1.0), (red, -1.0)):
        yield _term(one, sign, (colour, x_error), there, f"T{one.band.lower()}_{joined}", stars)


def _term(  # noqa: PLR0913, PLR0917  a line of a pair is what both of its filters say
    one: StandardField, sign: float, colour: tuple[Floats, Floats], there: Mask, name: str, stars: tuple[str, ...]
) -> ColourLine:
    ordinate = (one.known - one.magnitude)[there]
    errors = PointErrors(colour[1], np.hypot(one.known_error, one.error)[there], sign * one.known_error[there] ** 2)
    line = straight_line(colour[0], ordinate, errors)
    value = CoefficientValue(line.slope, line.error)
    return ColourLine(name, value, colour[0], ordinate, f"{one.band}-{one.band.lower()}", line, stars)
