"""What a site says of itself."""

import pytest
from pydantic import ValidationError

from obsy.schemas.site import Site

SAID = {
    "kind": "site", "name": "here", "latitude": "+38 deg", "longitude": "-2 deg", "elevation": "100 m",
    "timezone": "UTC",
}  # fmt: skip


@pytest.mark.parametrize("code", ["J95", "568a", "950"])
def test_a_code_of_the_minor_planet_center_has_three_or_four_signs(code: str) -> None:
    assert Site.model_validate(SAID | {"mpc": code}).mpc == code


@pytest.mark.parametrize("code", ["J9", "J 95", "nerpio", ""])
def test_what_can_be_no_code_is_refused(code: str) -> None:
    with pytest.raises(ValidationError):
        Site.model_validate(SAID | {"mpc": code})
