"""Tiles and angles that cannot be had."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.names import resolve
from obsy.engine.declare.target import FixedTarget
from obsy.schemas.plan import Plan
from obsy.schemas.train import Train


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complaints about mosaics of moving targets, and about angles that no train stands at."""
    trains = [entry.document for entry in declared.of(Train)] if declared.all_well("train") else []
    for entry in declared.of(Plan):
        plan, target = entry.document, resolve(entry.document)
        if plan.mosaic is not None and target is not None and not isinstance(target, FixedTarget):
            words = ("a mosaic of a target that moves", "a fixed place", "remove 'mosaic'")
            yield entry.complain("mosaic-of-a-moving-target", words, "mosaic")
        if trains and not any(train.can_stand_at(plan.angle) for train in trains):
            stands = ", ".join(f"{train.rotation:g} deg" for train in trains)
            words = (entry.written.said("angle"), f"the angle the camera stands at: {stands}", "remove 'angle'")
            yield entry.complain("no-rotator", words, "angle")
