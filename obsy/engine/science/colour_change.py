"""What a star's colour adds to its magnitude in one filter, beyond that of the stars that it is compared with."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from obsy.engine.science.comparison_stars import known_magnitude
from obsy.engine.science.ensemble import EnsembleResult
from obsy.engine.science.same_stars import Floats
from obsy.engine.science.terms import Terms
from obsy.errors import UserError
from obsy.schemas.comparison import Band, ComparisonTable


@dataclass(frozen=True, slots=True)
class ColourChange:
    """What is added to a filter's magnitudes for a star's colour, beyond that of the stars that it is compared with."""

    coefficient: float
    """Tv_bv of V, Tb_bv of B."""
    gain: float
    """Tbv, with the sign by which this filter's magnitude enters the colour."""
    alike: float
    """The instrumental colour, with that sign, of a star whose colour is that of the comparison stars."""
    uncertain: float
    """What is added for a magnitude of colour is uncertain by so much, by the errors of both coefficients."""

    def colour(self, own: Floats, beside: Floats) -> Floats:
        """Return by how much redder a star is than those that it is compared with.

        own, beside: its magnitudes in this filter and in the other one.
        """
        return np.asarray(self.gain * (own - beside - self.alike))

    @property
    def share(self) -> float:
        """How what is added goes with the own magnitude, and, with the other sign, with the other one."""
        return self.coefficient * self.gain

    def error(self, own: Floats | float, beside: Floats | float) -> Floats:
        """Return the error of the sum of a magnitude and what is added; own, beside: of the two magnitudes."""
        return np.asarray(np.hypot((1 + self.share) * own, self.share * beside))


def colour_change(
    found: Mapping[Band, EnsembleResult], declared: ComparisonTable, band: Band, by: Terms
) -> ColourChange:
    """Return how a filter's magnitudes change. Raises UserError if a comparison star's colour is not known.

    What is measured by stars of a mean colour C is right for a star of that colour. With the two filters' own means
    Cb and Cv, and b, v as their stars make them, a star of the colour Cv has b - v = Cv - Tb_bv (Cv - Cb), and
    V = v + Tv_bv Tbv [(b - v) - that]; of B the same with b and v exchanged. Where both filters have the same stars
    these are the AAVSO's equations.
    """
    sign, second = (1.0, by.of_red) if band == by.blue else (-1.0, by.of_blue)
    mean, other = (_mean_colour(found[each], declared, each, by) for each in (band, by.other(band)))
    alike = mean + sign * second.value * (mean - other)
    one = by.of(band)
    uncertain = float(np.hypot(one.error, one.value * by.colour.error / by.colour.value))
    return ColourChange(one.value, sign * by.colour.value, sign * alike, uncertain)


def _mean_colour(found: EnsembleResult, declared: ComparisonTable, band: Band, by: Terms) -> float:
    """Return the mean colour of the stars that a filter is compared with, weighed as its zero points weigh them."""
    compared = [star for star in declared.stars if star.name in found.compared]
    if lacking := [each.name for each in compared if not {by.blue, by.red} <= set(each.magnitudes)]:
        pair = f"{by.blue}-{by.red}"
        raise UserError(f"the colour {pair} of {', '.join(lacking)}, which it is compared with, is not known")
    weight = [1 / (known_magnitude(star, band).error or 1.0) ** 2 for star in compared]
    colour = [star.magnitudes[by.blue].value - star.magnitudes[by.red].value for star in compared]
    return float(np.average(colour, weights=weight))
