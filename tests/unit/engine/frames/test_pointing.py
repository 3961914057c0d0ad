"""A place at the edge of the sky is one; what lies beside it, or is unset, is none."""

from obsy.engine.frames.pointing import equinox, position
from obsy.engine.frames.repair import Repair


def test_a_place_at_the_edge_of_the_sky_is_one() -> None:
    for place in ((0.0, 41.0), (0.5, 41.0), (360.0, 41.0), (10.0, 0.0), (10.0, 90.0), (10.0, -90.0)):
        assert position({"RA": place[0], "DEC": place[1]}).value == place


def test_what_lies_beside_the_sky_or_is_unset_is_no_place() -> None:
    for place in ((-0.1, 41.0), (360.1, 41.0), (10.0, 90.1), (10.0, -90.1), (0.0, 0.0)):
        assert position({"RA": place[0], "DEC": place[1]}).value == (None, None)


def test_a_place_that_other_cards_than_the_usual_say_is_told() -> None:
    for right, declination, told in (
        ("RA", "DEC", ""),
        ("OBJCTRA", "OBJCTDEC", ""),
        ("RA-MNT", "DEC-MNT", Repair.POINTING_ELSEWHERE),
        ("MNT-RA", "MNT-DEC", Repair.POINTING_ELSEWHERE),
    ):
        assert position({right: 10.0, declination: 41.0}).repair == told, right


def test_only_2000_is_icrs_and_any_other_year_is_of_date() -> None:
    for year, means in ((2000.0, "ICRS"), (2000.009, "ICRS"), (2000.5, "JNOW"), (1999.5, "JNOW"), (2026.9, "JNOW")):
        assert equinox({"RA": 10.0, "DEC": 41.0, "EQUINOX": year}) == means, year
