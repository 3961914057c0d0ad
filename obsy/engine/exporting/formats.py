"""The ways a plan is written for others."""

from collections.abc import Callable, Sequence
from datetime import date

from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.exporting import acp, nina, ocs, shared
from obsy.schemas.plan import Plan

Way = Callable[[Sequence[Entry[Plan]], Declared, date], tuple[str, list[str]]]
WAYS: dict[str, Way] = {
    "obsy": shared.as_obsy,
    "acp": acp.as_acp,
    "itelescope": acp.as_itelescope,
    "nina": nina.as_nina,
    "ocs": ocs.as_ocs,
}
"""From a plan, one for each of its targets, to a text and what could not be said in it, or a UserError."""
