import json
import math
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.devices.sources.text import LARGEST, boltwood, decoded, find, moment, number, parsed, said
from obsy.errors import DeviceError
from obsy.schemas.weather import Spot
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


LINE = "2005-06-03 02:07:23.34 C K -28.5  18.7   22.5   45.3    75  10.3    3 0 0 00004 038506.08846 1 2 1 0 0 0"
DATED = datetime(2005, 6, 3, 2, 7, 23, 340000, tzinfo=UTC)


def changed(**columns: str) -> str:
    words = LINE.split()
    for column, word in columns.items():
        words[int(column[1:]) - 1] = word
    return " ".join(words)


def test_the_line_of_the_manual_is_read():
    found = boltwood(LINE + "\r\n", UTC)
    assert found.values == {
        "sky": -28.5,
        "temperature": 18.7,
        "wind": 45.3,
        "humidity": 75.0,
        "cloud": 0.0,
        "rain": 0.0,
    }
    assert found.taken_at is not None
    assert abs(found.taken_at - (DATED - timedelta(seconds=4))) < timedelta(seconds=1.5)


def test_its_units_are_those_of_its_letters():
    found = boltwood(changed(c3="F", c4="m", c5="-18", c6="14"), UTC).values
    assert found == pytest.approx({**found, "sky": -10.0, "temperature": -10.0, "wind": 45.3 * 3.6})
    assert boltwood(changed(c4="M"), UTC).values["wind"] == pytest.approx(45.3 * 1.609344)


@pytest.mark.parametrize("column", ["c12", "c13"])
@pytest.mark.parametrize("flag", ["1", "2"])
def test_a_wet_sensor_breaks_every_limit_of_rain(column, flag):
    assert boltwood(changed(**{column: flag}), UTC).values["rain"] == 500.0


@pytest.mark.parametrize(("condition", "rain"), [("2", 500.0), ("3", 500.0), ("0", None), ("7", None)])
def test_damp_and_rain_are_rain_and_unknown_is_unknown(condition, rain):
    assert boltwood(changed(c18=condition), UTC).values.get("rain") == rain


@pytest.mark.parametrize(("condition", "cloud"), [("1", 0.0), ("2", 100.0), ("3", 100.0), ("0", None)])
def test_only_a_clear_sky_is_clear(condition, cloud):
    assert boltwood(changed(c16=condition), UTC).values.get("cloud") == cloud


@pytest.mark.parametrize("word", ["999.9", "-999.9", "-998.0"])
def test_a_saturated_or_wet_sky_sensor_is_unknown(word):
    assert "sky" not in boltwood(changed(c5=word), UTC).values


@pytest.mark.parametrize("word", ["-1", "-2", "-3", "-6", "nan", "x"])
def test_a_wind_probe_that_is_ill_is_unknown_and_hides_nothing_else(word):
    found = boltwood(changed(c8=word), UTC).values
    assert "wind" not in found and found["humidity"] == 75.0


def test_the_older_of_its_two_clocks_counts():
    stopped = boltwood(changed(c1="2005-06-04"), UTC)
    assert stopped.taken_at is not None and stopped.taken_at < DATED
    behind = boltwood(changed(c15="038505.08846"), UTC)
    assert behind.taken_at is not None and behind.taken_at < DATED - timedelta(hours=23)


def test_a_clone_that_writes_no_second_clock_is_dated_by_the_first():
    assert boltwood(changed(c15="0", c14="60"), UTC).taken_at == DATED - timedelta(seconds=60)


def test_its_clock_is_of_its_zone():
    there = boltwood(changed(c14="0", c15="0"), ZoneInfo("Europe/Madrid"))
    assert there.taken_at == DATED - timedelta(hours=2)


@pytest.mark.parametrize("length", range(len(LINE)))
def test_no_part_of_the_line_is_taken_for_the_line(length):
    with pytest.raises(DeviceError, match="Boltwood"):
        boltwood(LINE[:length], UTC)


@pytest.mark.parametrize(
    "text",
    [
        changed(c3="K"),
        changed(c4="k"),
        f"{LINE}\n{LINE}",
        changed(c1="2005-13-03"),
        changed(c14="-5"),
        changed(c14="x"),
        changed(c15="nan"),
        changed(c14="1e300"),
        changed(c15="1e300"),
    ],
)
def test_whatever_else_is_wrong_is_told(text):
    with pytest.raises(DeviceError):
        boltwood(text, UTC)


@given(st.integers(1, 21), st.text(max_size=6))
def test_no_spoilt_column_raises_anything_else_and_all_that_is_said_is_finite(column, word):
    try:
        found = boltwood(changed(**{f"c{column}": word}), UTC)
    except DeviceError:
        return
    assert all(math.isfinite(value) for value in found.values.values())
    assert found.values.get("wind", 0.0) >= 0.0
