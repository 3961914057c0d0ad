"""Frames in which a plan's own target is saturated: they count for the plan, and nothing can be measured in them."""

from collections.abc import Iterable
from dataclasses import dataclass

from obsy.engine.reduce.star_table import Flag, StarTable
from obsy.engine.science.comparison_stars import WITHIN_ARCSEC


@dataclass(frozen=True, slots=True)
class SaturatedTarget:
    """In how many frames of a night, of one filter and one train, a plan's target is saturated."""

    plan: str
    filter: str
    train: str
    saturated: int
    frames: int
    """That were not rejected, and have a table of stars."""

    @property
    def words(self) -> str:
        """Where it is saturated, and what helps."""
        where = f"in {self.saturated} of {self.frames} frames in {self.filter}"
        return f"{where}, whose light cannot be measured: expose for a shorter time, or in a narrower filter"


def saturated_in(tables: Iterable[StarTable]) -> int:
    """Return in how many star tables a full pixel lies in the target's aperture; none where the target has no place."""
    return sum(map(_is_saturated, tables))


def _is_saturated(table: StarTable) -> bool:
    place = table.observation.target
    row = None if place is None else table.nearest(*place, WITHIN_ARCSEC)
    return row is not None and bool(table.flags[row] & int(Flag.SATURATED))
