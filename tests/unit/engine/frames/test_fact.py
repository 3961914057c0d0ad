"""What single cards say: numbers however they are written, and what they can be of a camera."""

import pytest

from obsy.engine.frames.fact import amount
from obsy.engine.frames.fits import CommentedCards
from obsy.engine.frames.header import binning, pier, temperature
from obsy.errors import FrameError


def with_comment(key, value, comment):
    cards = CommentedCards()
    cards[key], cards.comments[key] = value, comment
    return cards


@pytest.mark.parametrize(
    ("written", "means"),
    [
        (2, 2.0),
        ("2.5", 2.5),
        (" 2.5 ", 2.5),
        ("12,5", 12.5),
        ("-9,9 C", -9.9),
        ("+20", 20.0),
        ("20 deg C", 20.0),
        ("20 degC", 20.0),
        ("120 s", 120.0),
        ("3.76um", 3.76),
        ("800. mm", 800.0),
        ("1.5e-3", 1.5e-3),
        ("2,5E+2", 250.0),
        ("1,234.5", None),
        ("2 x 2", None),
        ("12:30", None),
        ("5 apples", None),
        ("", None),
        ("1e999", None),
        (float("nan"), None),
        (float("-inf"), None),
        (True, None),
    ],
)
def test_a_number_is_read_also_with_a_decimal_comma_and_its_unit(written, means):
    assert amount({"CARD": written}, "CARD") == (None if means is None else (means, "CARD"))


def test_the_first_card_that_is_a_number_counts():
    assert amount({"B": "none", "C": "7", "D": 8}, "A", "B", "C", "D") == (7.0, "C")
    assert amount({"B": "none"}, "A", "B") is None


@pytest.mark.parametrize("key", ["CCD-TEMP", "CCDATEMP", "DET-TEMP", "TEMPCCD", "CAMTEMP", "TEMP"])
def test_a_sensor_s_temperature_is_said_by_any_of_these(key):
    assert temperature({key: "-9,5 C", "SET-TEMP": -20.0}).value == -9.5


@pytest.mark.parametrize(
    ("written", "comment", "celsius"),
    [
        (20.0, "", 20.0),
        (100.0, "", 100.0),
        (100.15, "", -173.0),
        (263.15, "", -10.0),
        (373.15, "", 100.0),
        (374.0, "", None),
        (-273.15, "", -273.15),
        (-273.2, "", None),
        (20.15, "sensor, in Kelvin", -253.0),
        (0.0, "kelvin", None),
        (-1.0, "kelvin", None),
        (30.0, "from the CR2 file", None),
    ],
)
def test_what_is_warmer_than_boiling_water_or_says_so_is_in_kelvin(written, comment, celsius):
    found = temperature(with_comment("CCD-TEMP", written, comment))
    assert found.value == (None if celsius is None else pytest.approx(celsius, abs=1e-9))
    assert (found.repair != "") == (written > 100.0 or "kelvin" in comment.lower())


def test_of_several_temperatures_the_first_counts():
    assert temperature({"TEMP": 20.0, "CCD-TEMP": -10.0}).value == -10.0
    assert temperature({}).value is None


@pytest.mark.parametrize(
    ("cards", "means"),
    [
        ({"XBINNING": 2, "YBINNING": 3}, (2, 3)),
        ({"XBINNING": 2}, (2, 2)),
        ({"YBINNING": "3"}, (3, 3)),
        ({"HBIN": 2, "VBIN": 4}, (2, 4)),
        ({"HBIN": 2}, (2, 2)),
        ({"VBIN": 4}, (4, 4)),
        ({"XBINNING": 1, "HBIN": 2, "VBIN": 2}, (1, 1)),
        ({"CCDSUM": "2 3"}, (2, 3)),
        ({"BINNING": "2x3"}, (2, 3)),
        ({"BINNING": "2 * 3"}, (2, 3)),
        ({"CCDSUM": "two", "BINNING": "4x4"}, (4, 4)),
        ({}, None),
    ],
)
def test_the_binning_is_said_in_any_of_these_ways(cards, means):
    assert binning(cards) == means


@pytest.mark.parametrize(
    "cards", [{"HBIN": 0}, {"VBIN": "?"}, {"XBINNING": 1.5}, {"CCDSUM": "0 0"}, {"BINNING": "0x1"}]
)
def test_what_can_be_no_binning_is_refused(cards):
    with pytest.raises(FrameError, match="is none"):
        binning(cards)


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("pierEast", "east"),
        ("pierWest", "west"),
        ("EAST", "east"),
        ("West ", "west"),
        ("E", "east"),
        ("w", "west"),
        ("pierUnknown", None),
        ("north", None),
        ("", None),
    ],
)
def test_the_side_of_the_pier_is_said_as_people_and_as_ascom_say_it(said, means):
    assert pier({"PIERSIDE": said}) == means
