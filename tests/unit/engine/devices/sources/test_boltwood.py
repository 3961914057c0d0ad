import math
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.devices.sources.boltwood import boltwood
from obsy.errors import DeviceError

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


def test_no_part_of_the_line_is_taken_for_the_line():
    for length in range(len(LINE)):
        with pytest.raises(DeviceError, match="Boltwood"):
            pytest.fail(f"{length} signs are read as {boltwood(LINE[:length], UTC)}")


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
