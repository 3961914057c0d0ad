from datetime import UTC, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from obsy import units


def read(unit: Any, text: object) -> Any:
    return TypeAdapter(unit).validate_python(text)


def code(unit: Any, text: object) -> str:
    with pytest.raises(ValidationError) as caught:
        read(unit, text)
    return str(caught.value.errors()[0]["ctx"]["code"])


@pytest.mark.parametrize(
    ("unit", "text", "value"),
    [
        (units.Degrees, "35 deg", 35.0),
        (units.Degrees, "30arcmin", 0.5),
        (units.Degrees, "-1.5e1 °", -15.0),
        (units.Arcseconds, "0.5 arcmin", 30.0),
        (units.RightAscension, "00h42m44.3s", 10.684583),  # M31 in the NGC: 10.6846 deg
        (units.RightAscension, "05:35:17.3", 83.822083),  # Trapezium, J2000: 83.8221 deg
        (units.RightAscension, "6 h", 90.0),
        (units.RightAscension, "10.68 deg", 10.68),
        (units.Declination, "+41d16m09s", 41.269167),
        (units.Declination, "-00:30:00", -0.5),
        (units.Declination, "-05°23′28″", -5.391111),
        (units.Latitude, "+38d09m36s", 38.16),
        (units.Seconds, "3 h", 10800.0),
        (units.Days, "12 h", 0.5),
        (units.Hours, "90 min", 1.5),
        (units.Micrometres, "3.76 um", 3.76),
        (units.WindSpeed, "10 m/s", 36.0),
        (units.Electrons, "50 ke", 50000.0),
        (units.Celsius, "-15 degC", -15.0),
        (units.BarycentricDate, "2455867.402743 BJD_TDB", 2455867.402743),
    ],
)
def test_a_quantity_is_read_in_the_unit_of_its_type(unit: Any, text: str, value: float) -> None:
    assert read(unit, text) == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize("bare", [35, 35.0, "35", " 35 "])
def test_a_bare_number_is_not_an_angle(bare: object) -> None:
    assert code(units.Degrees, bare) == "no-unit"


def test_minutes_of_time_are_no_angle() -> None:
    assert code(units.Degrees, "30 m") == "unknown-unit"


def test_hours_are_no_declination() -> None:
    assert code(units.Declination, "05h35m17s") == "unknown-unit"


@pytest.mark.parametrize("text", ["24h00m00s", "360 deg", "-1 deg"])
def test_a_right_ascension_stays_in_its_circle(text: str) -> None:
    assert code(units.RightAscension, text) == "out-of-range"


def test_sixty_minutes_are_not_written_as_minutes() -> None:
    assert code(units.Declination, "+41d60m09s") == "unknown-unit"


@pytest.mark.parametrize("text", ["-1 s", "1e999 h"])
def test_a_time_span_is_neither_negative_nor_endless(text: str) -> None:
    assert code(units.Seconds, text) == "out-of-range"


def test_nothing_is_colder_than_nothing() -> None:
    assert code(units.Celsius, "-300 degC") == "out-of-range"


@pytest.mark.parametrize("value", [None, True, [], {}, "", "deg", "three deg"])
def test_what_is_no_quantity_is_called_none(value: object) -> None:
    assert code(units.Degrees, value) == "not-a-quantity"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-21 20:30 UTC", datetime(2026, 11, 21, 20, 30, tzinfo=UTC)),
        ("2026-11-21T20:30:15Z", datetime(2026, 11, 21, 20, 30, 15, tzinfo=UTC)),
        ("2026-11-21 21:30 +01:00", datetime(2026, 11, 21, 20, 30, tzinfo=UTC)),
        ("2026-11-21.5 UTC", datetime(2026, 11, 21, 12, tzinfo=UTC)),
        ("2026-11-21 TT", datetime(2026, 11, 20, 23, 58, 50, 816000, tzinfo=UTC)),  # 69.184 s, IERS Bulletin C 52
    ],
)
def test_a_moment_has_a_zone(text: str, moment: datetime) -> None:
    assert read(units.Moment, text) == moment


@pytest.mark.parametrize("text", ["2026-11-21 20:30", "2026-13-01 UTC", "tomorrow", 20261121, "0001-01-01 TT"])
def test_what_has_no_zone_is_no_moment(text: object) -> None:
    assert code(units.Moment, text) == "not-a-moment"


def test_a_clock_time_is_written_with_a_colon() -> None:
    assert read(units.ClockTime, "02:00") == time(2)
    assert code(units.ClockTime, "2 am") == "not-a-clock-time"


@given(st.floats(-1e6, 1e6, allow_nan=False), st.sampled_from(sorted(units.ANGLE)))
def test_every_angle_is_read_back(number: float, unit: str) -> None:
    assert read(units.Degrees, f"{number!r} {unit}") == pytest.approx(number * units.ANGLE[unit])


@given(st.text())
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    for unit in (units.Degrees, units.RightAscension, units.Declination, units.Moment, units.ClockTime):
        try:
            read(unit, text)
        except ValidationError as error:
            assert error.errors()[0]["type"] == "unfit"
