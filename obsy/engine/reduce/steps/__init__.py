"""The steps of a pipeline, one file each; a new step is one more file and one more line here.

`stack` is none of a single light: stacks grow in the order in which verdicts count, and processing sees to that.
"""

from types import ModuleType

from obsy.engine.reduce.steps import align, bias, cosmics, dark, flat, measure, solve

STEPS: dict[str, ModuleType] = {
    "bias": bias,
    "dark": dark,
    "flat": flat,
    "cosmics": cosmics,
    "measure": measure,
    "solve": solve,
    "align": align,
}
