"""The steps of a pipeline, one file each; a new step is one more file and one more line here."""

from types import ModuleType

from obsy.engine.reduce.steps import align, bias, cosmics, dark, flat, measure, photometry, solve

STEPS: dict[str, ModuleType] = {
    "bias": bias,
    "dark": dark,
    "flat": flat,
    "cosmics": cosmics,
    "measure": measure,
    "solve": solve,
    "photometry": photometry,
    "align": align,
}
STACK = "stack"
"""The step that is none of a single light: stacks grow in the order of verdicts, and processing sees to that."""
