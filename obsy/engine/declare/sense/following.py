"""What a guider, a dither and a run are asked for where the mount does not follow the target."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.schemas.plan import Plan
from obsy.schemas.target import Satellite


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complain of guiding required and of dithers where the sky passes over a mount, and of runs of what flies."""
    for entry in declared.of(Plan):
        plan = entry.document
        if plan.follows:
            continue
        why = "'tracking: none'" if plan.tracking == "none" else "a target that no mount follows"
        if plan.guiding == "required":
            words = (f"'guiding: required' beside {why}", "a guider only where the stars are followed")
            yield entry.complain("never-both", (*words, "remove 'guiding'"), "guiding")
        if plan.dither is not None:
            words = (f"'dither' beside {why}", "a dither only where the stars are followed")
            yield entry.complain("no-effect", (*words, "remove 'dither'"), "dither")
        if isinstance(plan.target, Satellite):
            for number, goal in enumerate(plan.want):
                if goal.run is not None:
                    words = ("'run' of a satellite", "no 'run': it is taken from beginning to end as it flies over")
                    yield entry.complain("no-effect", (*words, "remove 'run'"), "want", number, "run")
