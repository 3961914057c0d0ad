"""The ways a plan is written for others."""

from collections.abc import Callable, Sequence
from datetime import date

from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.exporting import shared
from obsy.engine.exporting.shared import name_of
from obsy.schemas.plan import Plan

__all__ = ["WAYS", "name_of"]

Way = Callable[[Sequence[Entry[Plan]], Declared, date], tuple[str, list[str]]]
WAYS: dict[str, Way] = {
    "obsy": shared.as_obsy,
}
"""From a plan, one for each of its targets, to a text and what could not be said in it, or a UserError."""
