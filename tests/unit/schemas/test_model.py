"""What every declared thing shares."""

import pytest
from pydantic import ValidationError

from obsy.schemas.model import Model, Whole


class Lens(Model):
    """A part that few documents have."""

    focus: Whole
    """Where it is sharp."""


class Tube(Model):
    """What may have such a part."""

    lens: Lens | None = None
    """The part."""


def test_what_checks_a_part_is_built_when_one_is_met_and_says_where_it_is_wrong() -> None:
    assert Tube.model_validate({}).lens is None
    assert not Lens.__pydantic_complete__
    with pytest.raises(ValidationError) as wrong:
        Tube.model_validate({"lens": {"focus": "near", "focal": 3}})
    assert Lens.__pydantic_complete__
    assert [each["loc"] for each in wrong.value.errors()] == [("lens", "focus"), ("lens", "focal")]
    lens = Lens(focus=3)
    assert Tube(lens=lens).lens is lens
