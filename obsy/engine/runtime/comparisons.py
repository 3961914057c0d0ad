"""Which declared comparison stars are those of a plan's target, and which of them are known to vary."""

from urllib.parse import quote_plus

import numpy as np

from obsy.diagnostics import did_you_mean, there_are
from obsy.engine.declare.catalogue import hits, lines
from obsy.engine.declare.compared import is_of
from obsy.engine.declare.names import called, resolve
from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.target import FixedTarget
from obsy.engine.science.comparison_stars import WITHIN_ARCSEC
from obsy.engine.separation import separation_deg
from obsy.errors import UserError
from obsy.schemas.comparison import ComparisonTable
from obsy.schemas.plan import Plan

CHART = "https://app.aavso.org/vsp/api/chart/?format=json&star={}&fov=60&maglimit=14"
"""Where the Variable Star Plotter gives comparison stars as JSON: of a field of one degree, down to magnitude 14."""
STANDARD = "https://app.aavso.org/vsp/api/chart/?format=json&ra={:.4f}&dec={:.4f}&fov=60&maglimit=16&special=std_field"
"""Where it gives the stars of a standard field around a place, degrees."""


def comparisons_of(observatory: Observatory, plan: Plan) -> list[ComparisonTable]:
    """Return the comparison stars that are declared for a plan's target."""
    return [each for each in observatory.comparisons if is_of(each, plan)]


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
        moves = not isinstance(resolve(plan), FixedTarget)
        cure = f"it moves, and 'obsy astrometry {plan.name}' measures it" if moves else _cure(star)
        raise UserError(f"no comparison stars of {star} are declared: {cure}")
    if name not in every:
        mend = did_you_mean(name, list(every), there_are(every))
        raise UserError(f"no 'kind: comparison' is named '{name}': {mend}")
    if every[name] not in found:
        raise UserError(
            f"comparison '{name}' is of {every[name].of}, and the plan '{plan.name}' points at {star}: its magnitudes "
            f"would be filed under {every[name].of}: if the stars are right, declare them again with 'of: {star}'"
        )
    return every[name]


def _cure(star: str) -> str:
    """Return where comparison stars are to be had: the AAVSO has charts of variable stars and of standard fields."""
    found = list(hits(star))
    own = "write a 'kind: comparison' of the stars around it"
    if not found or any(each.varies for each in found):
        chart = CHART.format(quote_plus(star))
        return f"save its chart, which the AAVSO gives at {chart}, and 'obsy import' that file, or {own}"
    if found[0].kind == "star":
        return f"{own}, for the GCVS does not know it to vary, and the AAVSO has charts of variable stars"
    chart = STANDARD.format(found[0].ra_deg, found[0].dec_deg)
    return f"{own}; if it is a standard field of the AAVSO, save its chart, {chart}, and 'obsy import' it"


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
