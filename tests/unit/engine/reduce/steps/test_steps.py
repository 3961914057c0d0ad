from typing import get_args

from obsy.engine.reduce.steps import STEPS
from obsy.schemas.pipeline import Step


def test_every_declared_step_has_its_module_and_no_other():
    """But `stack`, which is none of a single light."""
    models = get_args(get_args(Step)[0])
    assert {model.model_fields["step"].annotation.__args__[0] for model in models} == set(STEPS) | {"stack"}


def test_a_step_is_named_as_its_file():
    assert all(module.__name__.endswith(f".{name}") for name, module in STEPS.items())
