"""The formats in which a plan is written for others."""

from collections.abc import Callable, Sequence
from datetime import date

from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.exporting import acp_plan, nina_target, portable, request_group
from obsy.schemas.plan import Plan

WrittenFor = Callable[[Sequence[Entry[Plan]], Declared, date], tuple[str, list[str]]]
FORMATS: dict[str, WrittenFor] = {
    "obsy": portable.as_obsy,
    "acp": acp_plan.as_acp,
    "itelescope": acp_plan.as_itelescope,
    "nina": nina_target.as_nina,
    "ocs": request_group.as_ocs,
}
"""From a plan, one for each of its targets, to a text and what could not be said in it, or a UserError."""
