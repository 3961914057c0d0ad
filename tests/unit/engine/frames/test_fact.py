"""What single cards say: numbers however they are written, and what they can be of a camera."""

from pathlib import Path

import pytest

from obsy.engine.frames.cards import CommentedCards
from obsy.engine.frames.dialects import dialect_of
from obsy.engine.frames.fact import Fact, amount, named
from obsy.engine.frames.frame import FrameKind
from obsy.engine.frames.header import binning, describe, exposure_of, object_of, pier, temperature
from obsy.engine.frames.repair import Repair
from obsy.engine.frames.settings import LARGEST
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


@pytest.mark.parametrize(
    ("cards", "means"),
    [
        ({"OBJECT": "M 31"}, "M 31"),
        ({"OBJECT": " unknown "}, "unknown"),
        ({"OBJECT": "None", "OBJNAME": "M 33"}, "M 33"),
        ({"OBJECT": 31, "OBJNAME": "M 33"}, "M 33"),
        ({"OBJECT": "n/a", "OBJNAME": "--"}, ""),
        ({}, ""),
    ],
)
def test_a_name_is_a_text_that_is_no_word_for_nothing(cards, means):
    assert named(cards, "OBJECT", "OBJNAME") == means


@pytest.mark.parametrize(
    ("cards", "means"),
    [
        ({"OBJECT": "M 31", "OBJNAME": "M 33"}, Fact("M 31")),
        ({"OBJECT": "unknown", "OBJNAME": "M 33"}, Fact("M 33", Repair.OBJECT_ELSEWHERE)),
        ({"OBSTARGET": "M 33"}, Fact("M 33", Repair.OBJECT_ELSEWHERE)),
        ({"FIELD": "M 33"}, Fact("")),
        ({"FIELD": "M 33", "CREATOR": "POCS 0.7"}, Fact("M 33", Repair.OBJECT_ELSEWHERE)),
    ],
)
def test_an_object_that_another_card_names_is_told(cards, means):
    assert object_of(cards, FrameKind.LIGHT) == means


def test_what_was_asked_for_is_the_exposure_that_a_frame_is_known_by():
    assert exposure_of({"OBSYEXPO": 60.0, "EXPTIME": 60.02}) == Fact(60.0)
    assert exposure_of({"EXPTIME": 60.02}) == Fact(60.02)
    assert exposure_of(with_comment("EXPTIME", 2.0, "in minutes")) == Fact(120.0, Repair.EXPOSURE_UNIT)


@pytest.mark.parametrize(
    ("cards", "name", "utc", "stack_start", "field"),
    [
        ({"CREATOR": "ZWO Seestar S50"}, "Seestar", True, False, False),
        ({"CREATOR": "ZWO ASIAIR Plus"}, "ASIAIR", True, True, False),
        ({"SWCREATE": "CCDSoft Version 5"}, "CCDSoft", True, True, False),
        ({"ORIGIN": "Project PANOPTES"}, "POCS", True, True, True),
        ({"CREATOR": "POCSv0.7.0"}, "POCS", True, True, True),
        ({"FIELD": "", "RA-MNT": 1.0, "HA-MNT": 1.0}, "POCS", True, True, True),
        ({"ORIGIN": "ESO-PARANAL"}, "ESO", True, True, False),
        ({"CREATOR": "N.I.N.A. 3.1"}, "", False, True, False),
        ({}, "", False, True, False),
    ],
)
def test_a_program_is_known_by_how_a_card_begins(cards, name, utc, stack_start, field):
    found = dialect_of(cards)
    assert (found.name, found.utc, found.stack_start, found.field) == (name, utc, stack_start, field)


@pytest.mark.parametrize("bits", [8, 16, 32, 64, -32, -64])
def test_these_are_the_kinds_of_pixel(bits, ekos):
    assert described({**ekos, "BITPIX": bits}).rows == 48


@pytest.mark.parametrize("bits", [0, 17, 33, 65, -33, -65, -16])
def test_any_other_is_none(bits, ekos):
    with pytest.raises(FrameError, match="is no kind of pixel"):
        described({**ekos, "BITPIX": bits})


def test_a_picture_may_have_one_pixel_and_an_exposure_last_a_day(ekos):
    frame = described({**ekos, "NAXIS1": 1, "NAXIS2": 1, "EXPTIME": 86400.0, "READOUTM": "Fast"})
    assert (frame.rows, frame.columns, frame.exposure_s, frame.readout) == (1, 1, 86400.0, "Fast")
    assert described({**ekos, "NAXIS1": LARGEST, "NAXIS2": LARGEST}).rows == LARGEST
    for axis in ("NAXIS1", "NAXIS2"):
        with pytest.raises(FrameError, match="no picture"):
            described({**ekos, axis: 0})


@pytest.mark.parametrize(("kind", "filter"), [("Light", "L"), ("Flat", "L"), ("Dark", None), ("Bias", None)])
def test_lights_and_flats_are_taken_through_a_filter(kind, filter, ekos):  # noqa: A002
    assert described({**ekos, "IMAGETYP": kind}).filter == filter


def described(cards):
    return describe(cards, Path("frame.fits"), "")
