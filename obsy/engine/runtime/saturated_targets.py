"""Whose target was saturated in a night, of plans whose stars are measured: the page tells it before a verb does."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from obsy.engine.declare.observatory import Observatory
from obsy.engine.store.store import Store

if TYPE_CHECKING:
    from obsy.engine.science.saturated_target import SaturatedTarget


def saturated_targets(observatory: Observatory, store: Store, night: date) -> "Iterator[SaturatedTarget]":
    """Yield each plan whose target is saturated in frames of the night, by filter and train."""
    measuring = {
        name for name, each in observatory.pipelines.items() if any(step.step == "photometry" for step in each.steps)
    }
    measured = [plan.name for plan in observatory.plans if plan.pipeline in measuring]
    taken = {each.plan for each in store.frames(night, "light")} if measured else set()
    for plan in measured:
        if plan in taken:
            yield from _of(plan, store, night)


def _of(plan: str, store: Store, night: date) -> "Iterator[SaturatedTarget]":
    from obsy.engine.runtime.photometry import tables_of  # noqa: PLC0415  few nights measure stars; it needs astropy
    from obsy.engine.science.saturated_target import SaturatedTarget, saturated_in  # noqa: PLC0415  likewise

    found = tables_of(store, plan, night)
    for (role, train), tables in sorted(found.series().items()) if found else ():
        if many := saturated_in(tables):
            yield SaturatedTarget(plan, role, train, many, len(tables))
