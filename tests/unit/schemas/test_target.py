from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from obsy.schemas.target import Asteroid, Comet, NamedTarget, Planet, Position, Satellite, Target

ANGLES = {"inclination": "10 deg", "node": "20 deg", "argument": "30 deg"}


@pytest.mark.parametrize(
    ("written", "sort"),
    [
        ("M 31", NamedTarget),
        ({"name": "M31"}, NamedTarget),
        ({"ra": "00h42m44.3s", "dec": "+41d16m09s"}, Position),
        ({"perihelion": "2026-11-27.1779 TT", "distance": "1.27 au", "eccentricity": 0.84, **ANGLES}, Comet),
        (
            {
                "epoch": "2025-11-21 TT",
                "semi_major_axis": "2.77 au",
                "eccentricity": 0.08,
                "mean_anomaly": "1 deg",
                **ANGLES,
            },
            Asteroid,
        ),
        ({"body": "mars"}, Planet),
        ({"ra": "1 h", "dec": "0 deg", "motion": {"ra": "1 mas/y", "dec": "2 mas/y"}, "epoch": "J2016.0"}, Position),
    ],
)
def test_a_target_is_told_by_its_keys(written: object, sort: type) -> None:
    assert isinstance(TypeAdapter(Target).validate_python(written), sort)


PLACE = {"ra": "14h29m34.2s", "dec": "-62d40m34s"}
MOVES = {"motion": {"ra": "-3.7817 arcsec/yr", "dec": "769.5 mas/y"}, "parallax": "768.1 mas"}


def test_a_place_that_moves_is_written_as_it_was_said() -> None:
    read = TypeAdapter[Any](Target).validate_python({**PLACE, **MOVES, "epoch": "J2015.5"})
    assert (read.motion.ra, read.motion.dec, read.parallax, read.epoch.years) == (-3781.7, 769.5, 768.1, 2015.5)
    assert read.said()["epoch"] == "J2015.5"
    assert TypeAdapter[Any](Target).validate_python(read.said()) == read
    still = TypeAdapter[Any](Target).validate_python(PLACE)
    assert still.said().keys() == {"ra", "dec"}


STATION = [
    "1 25544U 98067A   08264.51782528 -.00002182  00000-0 -11606-4 0  2927",
    "2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.72125391563537",
]


@given(st.sampled_from([0, 1]), st.integers(0, 68), st.sampled_from("0123456789"))
def test_a_digit_that_was_copied_wrong_is_told(line: int, column: int, digit: str) -> None:
    assert TypeAdapter[Any](Target).validate_python({"tle": STATION}).tle == tuple(STATION)
    assume(STATION[line][column].isdigit() and STATION[line][column] != digit)
    wrong = [*STATION]
    wrong[line] = wrong[line][:column] + digit + wrong[line][column + 1 :]
    with pytest.raises(ValidationError, match="not-a-quantity"):
        TypeAdapter[Any](Target).validate_python({"tle": wrong})


def test_a_line_that_is_cut_says_how_long_it_is() -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter[Any](Target).validate_python({"tle": [STATION[0][:-1], STATION[1]]})
    assert caught.value.errors()[0]["ctx"]["found"] == "a line of 68 characters"


def summed(line: str) -> str:
    """A line of elements with the sum that it asks for."""
    return line[:-1] + str(sum(int(each) if each.isdigit() else each == "-" for each in line[:-1]) % 10)


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ((STATION[0], summed(STATION[1].replace("15.72125391", " 0.00000000"))), "a mean motion of 0"),
        ((STATION[1], STATION[0]), "lines that are not the first and the second of one satellite"),
        ((STATION[0], summed(STATION[1].replace("25544 ", "25545 "))), "lines that are not the first and the second"),
        ((summed(STATION[0].replace("08264", "xx264")), STATION[1]), "lines that are not the first and the second"),
    ],
)
def test_lines_that_are_no_orbit_of_one_satellite_are_told(lines: tuple[str, str], found: str) -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter[Any](Target).validate_python({"tle": lines})
    assert caught.value.errors()[0]["ctx"]["found"].startswith(found)


def test_two_lines_hold_on_their_own_day() -> None:
    assert Satellite(tle=(STATION[0], STATION[1])).epoch == date(2008, 9, 20)
    vanguard = summed(STATION[0].replace("08264", "58264"))
    assert Satellite(tle=(vanguard, STATION[1])).epoch == date(1958, 9, 21)
