"""Goals in S/N of which nothing could be measured."""

from collections.abc import Iterator, Mapping, Sequence

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.declare.instrument import in_use
from obsy.engine.declare.names import lookup, resolve
from obsy.engine.declare.target import FixedTarget
from obsy.schemas.goal import Goal
from obsy.schemas.pipeline import Pipeline
from obsy.schemas.plan import Plan
from obsy.schemas.target import NamedTarget
from obsy.schemas.train import Train

ASKED = ("measure", "solve")
"""The steps that measure a frame's S/N."""
SURFACE = "write 'until: {snr: %g, of: {surface: 22 mag/arcsec2}}'"
MAGNITUDE = "write 'until: {snr: %g, of: {magnitude: 13 mag}}'"


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complaints about a star that is asked for where none is, and about frames that are not measured."""
    steps = {each.document.name: {str(step.step) for step in each.document.steps} for each in declared.of(Pipeline)}
    trains = [entry.document for entry in in_use(declared)]
    for entry in declared.of(Plan):
        plan = entry.document
        for number, goal in enumerate(plan.want):
            if goal.until is None:
                continue
            made = steps.get(plan.pipeline)
            lacking = [step for step in ASKED if made is not None and step not in made]
            if lacking:
                found = f"a signal to noise, and '{plan.pipeline}' has no step '{lacking[0]}'"
                words = (found, "a pipeline with the steps measure and solve", _measuring(steps, lacking[0]))
                yield entry.complain("snr-not-measured", words, "want", number, "until")
            elif coloured := next((each for each in trains if each.camera.bayer and plan.served_by(each)), None):
                found = f"a signal to noise, and '{coloured.name}' has a one-shot-colour camera, whose pixels differ"
                words = (found, "a train with a monochrome camera", _uncoloured(trains))
                yield entry.complain("snr-not-measured", words, "want", number, "until")
            elif goal.until.of is None:
                yield from _starless(entry, number, goal)


def _measuring(steps: Mapping[str, set[str]], lacking: str) -> str:
    """Say which pipeline to choose: of those declared that measure, the one that does least beside it."""
    able = [(len(made), name) for name, made in steps.items() if made.issuperset(ASKED)]
    return f"write 'pipeline: {min(able)[1]}'" if able else f"add '- {{step: {lacking}}}' to the pipeline"


def _uncoloured(trains: Sequence[Train]) -> str:
    """Say which filters to choose from: those that no train with a one-shot-colour camera has."""
    coloured = {role for each in trains if each.camera.bayer for role in each.roles}
    able = dict.fromkeys(role for each in trains for role in each.roles if role not in coloured)
    return f"choose of the filters {', '.join(able)}, or write 'total'" if able else "write 'total' or 'count'"


def _starless(entry: Entry[Plan], number: int, goal: Goal) -> Iterator[Diagnostic]:
    """Complain of a goal in S/N of the target's star, where the target is known to be none."""
    plan, until = entry.document, goal.until
    what = _no_star(plan)
    if until is None or what is None:
        return
    mend = (SURFACE if what[1] else MAGNITUDE) % until.snr
    words = (f"a signal to noise of {what[0]}", "what of it is measured, where it is no star that stands still", mend)
    yield entry.complain("no-star-there", words, "want", number, "until")


def _no_star(plan: Plan) -> tuple[str, bool] | None:
    """What a target is that has no star of its own to measure, and whether it is spread out; None if it may have."""
    target = resolve(plan)
    if plan.mosaic is not None:
        return "a mosaic, on most tiles of which the target is not", True
    if target is not None and not isinstance(target, FixedTarget):
        return "a target that moves among the stars", False
    name = plan.target.name if isinstance(plan.target, NamedTarget) else None
    found = lookup(name) if name is not None else None
    if found is not None and found.kind not in ("star", "quasar"):
        return f"'{name}', which is {_a(found.kind.replace('-', ' '))}", True
    return None


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
