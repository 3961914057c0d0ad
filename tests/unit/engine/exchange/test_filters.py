"""A filter gets the role that plans know it by, whatever its driver calls it."""

import pytest

from obsy.engine.exchange.filters import role_of


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("Luminance", "L"), ("lum", "L"), ("H_Alpha", "Ha"), ("H-alpha 5 nm", "Ha"), ("Ha 3.5nm", "Ha"), ("S2", "SII"),
        ("O-III", "OIII"), ("Johnson V", "V"), ("Red", "R"), ("LPR", "LPR"), ("Duo", "Duo"),
    ],
)  # fmt: skip
def test_a_label_has_its_usual_role(label: str, role: str) -> None:
    assert role_of(label) == role
