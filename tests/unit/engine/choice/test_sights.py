"""What may be chosen from."""

import pytest

from obsy.engine.choice.sights import sights
from obsy.errors import UserError


@pytest.mark.once
@pytest.mark.parametrize(
    ("catalogue", "least", "most"),
    [
        ("messier", 110, 110),
        ("caldwell", 109, 109),
        ("ngc", 12_000, 14_000),
        ("variables", 5000, 30_000),
        ("exoplanets", 30, 99),
        ("asteroids", 1000, 2000),
        ("comets", 900, 1100),
    ],
)  # fmt: skip
def test_a_catalogue_offers_all_that_it_has(catalogue: str, least: int, most: int) -> None:
    found = sights(catalogue)
    assert least <= len(found) <= most and len({each.name for each in found}) >= 0.9 * len(found)
    assert all(0 <= each.ra_deg < 360 and -90 <= each.dec_deg <= 90 for each in found)


def test_what_is_no_catalogue_is_told_its_cure() -> None:
    with pytest.raises(UserError, match=r"no catalogue is named 'mesier', and no file: did you mean 'messier'\?"):
        sights("mesier")


def test_what_has_flared_up_once_is_not_offered_for_ever() -> None:
    names = {each.name for each in sights("variables")}
    assert {"V1500 Cyg", "GK Per", "S And"} & names == set()  # novae of 1975 and 1901, and the supernova of 1885
    assert {"RS Oph", "SS Cyg", "U Gem"} <= names  # which do it again and again
