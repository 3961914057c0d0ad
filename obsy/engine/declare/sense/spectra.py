"""A spectrum shows no stars: a pipeline that looks for them would reject every frame of a spectrograph."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.instrument import in_use
from obsy.schemas.pipeline import Pipeline
from obsy.schemas.plan import Plan

OF_STARS = ("cosmics", "measure", "solve", "photometry", "align", "stack")
"""Steps that take a frame for a picture of stars; to L.A.Cosmic a spectrum's lines are hits."""


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complain of each plan that a spectrograph serves and whose pipeline looks for stars."""
    spreads = [each.document for each in in_use(declared) if each.document.spectrograph is not None]
    steps = {each.document.name: {str(s.step) for s in each.document.steps} for each in declared.of(Pipeline)}
    for entry in declared.of(Plan) if spreads else ():
        plan = entry.document
        train = next((each for each in spreads if plan.served_by(each)), None)
        made = steps.get(plan.pipeline, set())
        vain = next((step for step in OF_STARS if step in made), None)
        if train is None or vain is None:
            continue
        plain = next((name for name, has in steps.items() if not has.intersection(OF_STARS)), None)
        found = f"'{train.name}' takes spectra, and '{plan.pipeline}' has a step '{vain}', which looks for stars"
        mend = f"write 'pipeline: {plain}'" if plain else "declare a pipeline with the steps bias and dark alone"
        yield entry.complain(
            "no-stars-in-a-spectrum", (found, "a pipeline of bias, dark and flat alone", mend), "pipeline"
        )
