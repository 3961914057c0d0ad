"""Which declared comparison stars are those of a plan's target."""

from obsy.engine.declare.names import called, known, resolve
from obsy.engine.declare.spelling import key
from obsy.engine.declare.target import FixedTarget
from obsy.engine.separation import separation_deg
from obsy.schemas.comparison import ComparisonTable
from obsy.schemas.plan import Plan

SAME_STAR_ARCSEC = 15.0
"""Two catalogues' places of one star lie within it; no two variables of one name do."""


def is_of(declared: ComparisonTable, plan: Plan) -> bool:
    """Whether they are of the plan's target: by the places of both, or, of a star that obsy does not know, by name."""
    here, there = resolve(plan), known(declared.of)
    if isinstance(here, FixedTarget) and isinstance(there, FixedTarget):
        apart = separation_deg((here.ra_deg, here.dec_deg), (there.ra_deg, there.dec_deg)) * 3600
        return apart <= SAME_STAR_ARCSEC
    return key(declared.of) == key(called(plan))
