"""Which declared comparison stars are those of a plan's target, and which of them are known to vary."""

from urllib.parse import quote_plus

import numpy as np

from obsy.diagnostics import did_you_mean, there_are
from obsy.engine.declare.catalogue import lines
from obsy.engine.declare.names import called, known, resolve
from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.spelling import key
from obsy.engine.declare.target import FixedTarget
from obsy.engine.science.comparison_stars import WITHIN_ARCSEC
from obsy.engine.separation import separation_deg
from obsy.errors import UserError
from obsy.schemas.comparison import ComparisonTable
from obsy.schemas.plan import Plan

CHART = "https://app.aavso.org/vsp/api/chart/?format=json&star={}&fov=60&maglimit=14"
"""Where the Variable Star Plotter gives comparison stars as JSON: of a field of one degree, down to magnitude 14."""
SAME_STAR_ARCSEC = 15.0
"""Two catalogues' places of one star lie within it; no two variables of one name do."""


def comparisons_of(observatory: Observatory, plan: Plan) -> list[ComparisonTable]:
    """Return the comparison stars that are declared for a plan's target."""
    return [each for each in observatory.comparisons if _is_of(each, plan)]


def compared_with(observatory: Observatory, plan: Plan, name: str | None = None) -> ComparisonTable:
    """Return the comparison stars of a plan's target, or of these those of a name.

    Raises UserError if there are none, or if those of that name are another star's: what is reported is filed under it.
    """
    found, every = comparisons_of(observatory, plan), {each.name: each for each in observatory.comparisons}
    star = called(plan)
    if name is None:
        if len(found) == 1:
            return found[0]
        if found:
            names = [each.name for each in found]
            raise UserError(f"{star} has several comparisons: choose one, --comparison {' or '.join(names)}")
        cure = f"save its chart, which the AAVSO gives at {CHART.format(quote_plus(star))}, and 'obsy import' that file"
        raise UserError(f"no comparison stars of {star} are declared: {cure}, or write a 'kind: comparison'")
    if name not in every:
        mend = did_you_mean(name, list(every), there_are(every))
        raise UserError(f"no 'kind: comparison' is named '{name}': {mend}")
    if every[name] not in found:
        raise UserError(
            f"comparison '{name}' is of {every[name].of}, and the plan '{plan.name}' points at {star}: its magnitudes "
            f"would be filed under {every[name].of}: if the stars are right, declare them again with 'of: {star}'"
        )
    return every[name]


def _is_of(declared: ComparisonTable, plan: Plan) -> bool:
    """Whether they are of the plan's target: by the places of both, or, of a star that obsy does not know, by name."""
    here, there = resolve(plan), known(declared.of)
    if isinstance(here, FixedTarget) and isinstance(there, FixedTarget):
        apart = separation_deg((here.ra_deg, here.dec_deg), (there.ra_deg, there.dec_deg)) * 3600
        return apart <= SAME_STAR_ARCSEC
    return key(declared.of) == key(called(plan))


def known_variables(declared: ComparisonTable) -> list[str]:
    """Return which of the stars the GCVS knows as variable ones, by their places."""
    places = (line.split(",", 3)[:3] for line in lines("variables") if "=" not in line)
    cells = np.array([(float(ra), float(dec)) for _, ra, dec in places])
    return [
        star.name
        for star in declared.stars
        if any(
            separation_deg((star.ra, star.dec), (float(ra), float(dec))) * 3600 <= WITHIN_ARCSEC
            for ra, dec in cells[np.abs(cells[:, 1] - star.dec) * 3600 <= WITHIN_ARCSEC]
        )
    ]
