"""Angles as programs write them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from obsy.engine.importing.places import cure, declination, place, right_ascension
from obsy.schemas.target import Position
from tests.support.effort import examples


@pytest.mark.parametrize(
    "text", ["05h35m17s", "05:35:17", "5 35 17", '05h 35\' 17""', "5hr 35' 17\"", "83.820833d", "83.820833"]
)
def test_every_right_ascension_is_the_same(text: str) -> None:
    assert right_ascension(text, 1.0) == pytest.approx(83.820833, abs=1e-6)
    assert right_ascension("5.588056", 15.0) == pytest.approx(83.82084, abs=1e-5)


@pytest.mark.parametrize(
    "text", ["-05d23m28s", "−05:23:28", "-5 23 28", '-05º 23\' 28""', "–5°23′28″", "-5.391111", "-5 23.46667"]
)
def test_every_declination_is_the_same(text: str) -> None:
    assert declination(text) == pytest.approx(-5.391111, abs=1e-5)


@pytest.mark.parametrize("text", ["05:75:00", "05:35:61", "five", "", "1e999", "05:35.5:17"])
def test_what_is_no_angle_is_none(text: str) -> None:
    assert declination(text) is None


@pytest.mark.parametrize("text", ["-05d23m28s", "-05:23:28", "−5.4", "+41:16:09", "-10"])
def test_a_sign_is_no_right_ascensions(text: str) -> None:
    assert right_ascension(text, 1.0) is None


@pytest.mark.parametrize("text", ["12h30m", "05h35m17s"])
def test_hours_are_no_declination(text: str) -> None:
    assert declination(text) is None


def test_what_is_exchanged_is_told_so_and_nothing_else_is() -> None:
    assert cure("-05d23m28s", "05h35m17s") == cure("+41:16:09", "00h42m44s") == "exchange them"
    assert cure("05h75m17s", "10d00m00s").startswith("write for example")


def test_no_place_is_told_apart_from_none() -> None:
    assert place(None, None) is None
    assert place(10.0, None) == place(-10.0, 20.0) == place(10.0, 95.0) == {}


@settings(max_examples=examples(60), deadline=None)
@given(st.floats(0, 360), st.floats(-90, 90))
def test_a_place_is_written_so_that_it_is_read_back(ra_deg: float, dec_deg: float) -> None:
    written = place(ra_deg, dec_deg)
    assert written is not None
    back = Position.model_validate(written)
    assert abs((back.ra - ra_deg + 180) % 360 - 180) < 0.006 / 240 and abs(back.dec - dec_deg) < 0.06 / 3600
