"""What a guider and a dither are asked for where the mount does not follow the target."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.schemas.plan import Plan
from obsy.schemas.target import OverGround, Satellite


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complain of guiding that is required, and of dithers, where the sky passes over a mount that stands."""
    for entry in declared.of(Plan):
        plan = entry.document
        if not isinstance(plan.target, OverGround | Satellite) and plan.tracking != "none":
            continue
        why = "'tracking: none'" if plan.tracking == "none" else "a target that no mount follows"
        if plan.guiding == "required":
            words = (f"'guiding: required' beside {why}", "a guider only where the stars are followed")
            yield entry.complain("never-both", (*words, "remove 'guiding'"), "guiding")
        if plan.dither is not None:
            words = (f"'dither' beside {why}", "a dither only where the stars are followed")
            yield entry.complain("no-effect", (*words, "remove 'dither'"), "dither")
