import json
import math
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.devices.sources.text import LARGEST, decoded, find, moment, number, parsed, said
from obsy.errors import DeviceError
from obsy.schemas.spots import Spot
from obsy.units import WEATHER

MADRID = ZoneInfo("Europe/Madrid")
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
JSON = {"main": {"wind": 10, "at": "2026-11-21T12:00:00Z"}, "list": [{"speed": "3.5"}], "a.b": {"c": 1}, "wet": True}
junk = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("main.wind", 10),
        ("list.0.speed", "3.5"),
        ("a.b.c", 1),
        ("main.rain", None),
        ("list.1.speed", None),
        ("list.-1.speed", None),
        ("main.wind.speed", None),
        ("", None),
    ],
)
def test_a_place_is_keys_joined_with_dots(path, found):
    assert find(JSON, path) == found


@pytest.mark.parametrize(
    ("quantity", "raw", "unit", "value"),
    [
        ("wind", 10, "m/s", 36.0),
        ("wind", "10 m/s", "m/s", 36.0),
        ("wind", "1e1", "km/h", 10.0),
        ("temperature", "14", "degF", -10.0),
        ("temperature", 263.15, "K", -10.0),
        ("rain", "0.1", "in/h", 2.54),
        ("rain", "ON", "on/off", 500.0),
        ("rain", True, "on/off", 500.0),
        ("rain", 2, "on/off", 500.0),
        ("rain", "off", "on/off", 0.0),
        ("mains", "yes", "on/off", 100.0),
        ("mains", False, "on/off", 0.0),
    ],
)
def test_a_number_comes_in_obsys_unit(quantity, raw, unit, value):
    assert number(quantity, raw, unit) == pytest.approx(value)


@pytest.mark.parametrize(
    "raw",
    [
        "nan",
        "inf",
        "-Infinity",
        "1e999",
        "10 mph",
        "1_0",
        "12,5",
        "",
        " ",
        "١٢",
        "unavailable",
        "0x10",
        True,
        None,
        [1],
    ],
)
def test_what_is_no_finite_number_of_its_unit_is_unknown(raw):
    assert number("wind", raw, "km/h") is None


@pytest.mark.parametrize("raw", ["unavailable", "unknown", "", None, "nan", "2 on"])
def test_a_switch_that_says_neither_yes_nor_no_is_unknown(raw):
    assert number("rain", raw, "on/off") is None


def test_a_whole_number_beyond_every_float_is_unknown():
    assert number("wind", 10**400, "km/h") is None


@pytest.mark.parametrize(
    ("raw", "zone"),
    [
        ("2026-11-21T12:00:00Z", MADRID),
        ("2026-11-21 13:00:00", MADRID),
        ("2026/11/21 12:00:00.00", UTC),
        ("2026-11-21T14:00+02:00", MADRID),
        (NOON.timestamp(), MADRID),
        (str(int(NOON.timestamp() * 1000)), MADRID),
    ],
)
def test_a_time_is_read_in_its_zone(raw, zone):
    assert moment(raw, zone) == NOON


@pytest.mark.parametrize("raw", ["", "yesterday", None, [], "9999-12-31T23:59-12:00", 1e300, "nan", "25:00", True])
def test_what_is_no_time_is_told(raw):
    with pytest.raises(DeviceError, match="is no time"):
        moment(raw, MADRID)


def test_in_an_hour_that_comes_twice_nothing_seems_younger_than_it_is():
    assert moment("2026-10-25 02:30:00", MADRID) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_lines_of_keys_may_have_either_sign_and_comments():
    text = "# made by a program\nhum=53\n wind : 12.5\nnonsense\nwhen=2026/11/21 10:55:42\n"
    assert parsed(text, "keys") == {"hum": "53", "wind": "12.5", "when": "2026/11/21 10:55:42"}


@pytest.mark.parametrize(
    "line", ["2026-11-21 12:00:00 3.5 80", "2026-11-21;12:00:00; 3.5;80", "2026-11-21,12:00:00,3.5,80"]
)
def test_a_line_has_columns_and_a_time_in_two_of_them(line):
    found = said(parsed(line, "line"), {"wind": Spot("3", "m/s"), "humidity": Spot("4", "%")}, "1 2", UTC)
    assert (found.values, found.taken_at) == ({"wind": pytest.approx(12.6), "humidity": 80.0}, NOON)


@pytest.mark.parametrize("text", ["", "1 2\n3 4\n"])
def test_one_line_is_one_line(text):
    with pytest.raises(DeviceError, match="lines, and not one"):
        parsed(text, "line")


@pytest.mark.parametrize("text", ["", "{", '{"wind": 1', "[" * 100_000, '{"a": ' + "1" * 5000 + "}"])
def test_what_is_not_json_is_told(text):
    with pytest.raises(DeviceError, match="not JSON"):
        parsed(text, "json")


def test_a_declared_time_that_is_missing_makes_everything_unknown():
    with pytest.raises(DeviceError, match="is no time"):
        said(JSON, {"wind": Spot("main.wind", "m/s")}, "main.when", UTC)


def test_one_missing_quantity_does_not_hide_the_others():
    found = said(JSON, {"wind": Spot("main.wind", "m/s"), "rain": Spot("rain", "mm/h")}, "main.at", UTC)
    assert (found.values, found.taken_at) == ({"wind": 36.0}, NOON)


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_a_text_is_read_in_the_codings_that_programs_write(coding):
    assert decoded("temp=21 °C\n".encode(coding)) == "temp=21 °C\n"


def test_what_is_too_long_is_not_read():
    assert len(decoded(b" " * LARGEST)) == LARGEST
    with pytest.raises(DeviceError, match="longer"):
        decoded(b" " * (LARGEST + 1))


@given(st.binary(max_size=300), st.sampled_from(["json", "keys", "line"]))
def test_no_bytes_raise_anything_else_than_device_error(raw, written):
    try:
        found = said(
            parsed(decoded(raw), written), {"wind": Spot("1", "m/s"), "rain": Spot("a.b", "on/off")}, None, UTC
        )
    except DeviceError:
        return
    assert all(math.isfinite(value) for value in found.values.values())


@given(junk, st.text(max_size=6), st.sampled_from(sorted(WEATHER)), st.timedeltas())
def test_no_json_raises_anything_else_and_all_that_is_said_is_finite(tree, path, quantity, _):
    tree = json.loads(json.dumps({path: tree}))
    unit = WEATHER[quantity].unit
    try:
        found = said(tree, {quantity: Spot(path, unit)}, path, MADRID)
    except DeviceError:
        return
    assert all(math.isfinite(value) for value in found.values.values())
    assert found.taken_at is not None and found.taken_at.utcoffset() == timedelta(0)
