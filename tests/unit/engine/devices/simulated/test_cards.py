"""How numbers are written in the header."""

import pytest

from obsy.engine.devices.simulated.cards import sexagesimal


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.712313, "00 42 44.33"),
        (-0.5, "-00 30 00.00"),
        (41.2688, "41 16 07.68"),
        (5.999999999, "06 00 00.00"),
    ],
)
def test_three_numbers_carry_over_and_keep_their_sign(value, text):
    assert sexagesimal(value) == text
