"""Tiles and angles that cannot be had."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.names import resolve
from obsy.engine.declare.target import FixedTarget
from obsy.schemas.plan import Plan
from obsy.schemas.train import Train

SLACK_DEG = 1.0


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complaints about mosaics of moving targets, and about angles that no train stands at."""
    angles = [entry.document.rotation for entry in declared.of(Train)] if declared.all_well("train") else []
    for entry in declared.of(Plan):
        plan, target = entry.document, resolve(entry.document)
        if plan.mosaic is not None and target is not None and not isinstance(target, FixedTarget):
            words = ("a mosaic of a target that moves", "a fixed place", "remove 'mosaic'")
            yield entry.complain("mosaic-of-a-moving-target", words, "mosaic")
        if plan.angle is not None and angles and not any(_same(plan.angle, angle) for angle in angles):
            stands = ", ".join(f"{angle:g} deg" for angle in angles)
            words = (entry.written.said("angle"), f"the angle the camera stands at: {stands}", "remove 'angle'")
            yield entry.complain("no-rotator", words, "angle")


def _same(one_deg: float, other_deg: float) -> bool:
    """Whether two position angles frame the same field; half a turn does, and each flip makes one."""
    return abs((one_deg - other_deg + 90) % 180 - 90) <= SLACK_DEG
