"""The order of a pipeline's steps."""

from collections.abc import Iterator
from typing import Any, get_args

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.schemas.pipeline import Pipeline, Step


def order(steps: Any) -> tuple[str, ...]:
    """Return the names of the steps of a union, such as `Step`, in the order in which it lists them."""
    models = get_args(get_args(steps)[0])
    return tuple(get_args(model.model_fields["step"].annotation)[0] for model in models)


ORDER = order(Step)
"""Each step works on what those before it leave."""
BEFORE = {"stack": "align", "align": "solve", "photometry": "solve", "solve": "measure"}
"""A step, and one that it cannot do without."""


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complaints about steps that come twice, too late, or without what they need."""
    for entry in declared.of(Pipeline):
        seen: list[str] = []
        for number, step in enumerate(entry.document.steps):
            place = ("steps", number, "step")
            later = next((name for name in seen if ORDER.index(name) > ORDER.index(step.step)), None)
            needed = BEFORE.get(step.step)
            if step.step in seen:
                words = (f"a second step '{step.step}'", "each step once", "remove one of the two")
                yield entry.complain("step-twice", words, *place)
            elif later is not None:
                words = (f"'{step.step}' after '{later}'", f"the order {', '.join(ORDER)}", f"move it before '{later}'")
                yield entry.complain("steps-out-of-order", words, *place)
            if needed is not None and needed not in seen:
                words = (
                    f"'{step.step}' without '{needed}' before it",
                    f"a step '{needed}'",
                    f"add '- {{step: {needed}}}'",
                )
                yield entry.complain("step-missing", words, *place)
            seen.append(step.step)
