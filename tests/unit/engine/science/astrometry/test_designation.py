"""What the Minor Planet Center calls bodies, stations and people."""

import pytest

from obsy.engine.science.astrometry.designation import designation, own_name, signed


@pytest.mark.parametrize(
    ("called", "column", "name"),
    [
        ("1 Ceres", "permID", "1"),
        ("161P/Hartley-IRAS", "permID", "161P"),
        ("73P-C/Schwassmann-Wachmann", "permID", "73P-C"),
        ("C/2023 A3 (Tsuchinshan-ATLAS)", "provID", "C/2023 A3"),
        ("2014 AA360", "provID", "2014 AA360"),
        ("4007 P-L", "provID", "4007 P-L"),
    ],
)
def test_a_catalogue_name_becomes_a_designation(called, column, name):
    assert designation(called) == (column, name)


def test_what_is_none_is_none_and_an_own_name_fits():
    assert designation("my comet") is None
    assert own_name("my comet, 2nd night") == ("trkSub", "mycomet2")


def test_names_are_signed_by_initials():
    assert [signed(each) for each in ("Ana Maria Ruiz", "A. Ruiz", "Jan van der Berg", "Ana")] == [
        "A. M. Ruiz", "A. Ruiz", "J. van der Berg", "Ana",
    ]  # fmt: skip
