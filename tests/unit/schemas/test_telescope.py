"""What a telescope says of itself."""

import pytest
from pydantic import ValidationError

from obsy.schemas.telescope import Telescope


def test_a_telescope_s_design_is_as_short_as_reports_take_it() -> None:
    said = {"aperture": "200 mm", "focal_length": "800 mm"}
    assert Telescope.model_validate(said | {"design": "Schmidt-Cassegrain"}).design == "Schmidt-Cassegrain"
    with pytest.raises(ValidationError, match="out-of-range"):
        Telescope.model_validate(said | {"design": "a Newtonian on a rolling cart"})
