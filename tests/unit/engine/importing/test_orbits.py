"""Dates as the Minor Planet Center packs them. Source: its page "Packed dates", whose examples these are."""

import pytest

from obsy.engine.importing.orbits import unpacked_day


@pytest.mark.parametrize(
    ("packed", "date"),
    [
        ("J9611", "1996-01-01"), ("J961A", "1996-01-10"), ("J969U", "1996-09-30"), ("J96A1", "1996-10-01"),
        ("K01AM", "2001-10-22"), ("I99CV", "1899-12-31"), ("L01AM", ""), ("K01DM", ""), ("K01A0", ""), ("K01A", ""),
    ],
)  # fmt: skip
def test_a_packed_date_is_read(packed: str, date: str) -> None:
    assert unpacked_day(packed) == date
