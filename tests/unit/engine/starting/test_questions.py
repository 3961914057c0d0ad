"""A question takes what a schema takes, a bare number in its own unit, and says the flag and the cure of all else."""

import re

import pytest

from obsy.engine.starting.here import place_of
from obsy.engine.starting.questions import QUESTIONS, usual
from obsy.engine.starting.wheel import slots_of
from obsy.errors import UserError

BY_KEY = {each.key: each for each in QUESTIONS}


@pytest.mark.parametrize(
    ("key", "said", "answer"),
    [
        ("latitude", "38.16", "38.16 deg"), ("latitude", "+38d09m36s", "+38d09m36s"),
        ("longitude", "-2.33", "-2.33 deg"),
        ("size", "640x480", "640x480 px"), ("focal-length", "0.8 m", "0.8 m"), ("roof", "none", "none"),
        ("filters", "L=Lum, R", "L=Lum, R"), ("obsy", "me/obsy@1a2b", "me/obsy@1a2b"),
    ],
)  # fmt: skip
def test_an_answer_is_written_as_a_document_has_it(key: str, said: str, answer: str) -> None:
    assert BY_KEY[key].answer(said) == answer


@pytest.mark.parametrize(
    ("key", "said", "told"),
    [
        ("latitude", "95", "--latitude '95': expected a latitude, north positive, at least -90 deg and at most 90 deg"),
        ("timezone", "Mars/Base", "look it up with 'timedatectl list-timezones'"),
        ("name", "Große Sternwarte Süd", "write 'grosse-sternwarte-sud'"), ("filters", "L, L", "each filter once"),
        ("size", "big", "write '1024 x 1024 px'"), ("roof", "tent", "'roll-off', 'dome', 'clamshell' or 'none'"),
        ("camera", "  ", "write for example 'My camera'"), ("obsy", "obsy", "write for example 'OWNER/obsy@COMMIT'"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_told_with_its_flag_and_its_cure(key: str, said: str, told: str) -> None:
    with pytest.raises(UserError, match=re.escape(told)):
        BY_KEY[key].answer(said)


@pytest.mark.parametrize("said", ["L, R,G", "L R G", "L;R; G", "L=L, R, G"])
def test_filters_are_parted_by_what_people_write_between_them(said: str) -> None:
    assert slots_of(said) == [("L", "L"), ("R", "R"), ("G", "G")]


def test_a_colour_camera_has_no_wheel_unless_one_is_named() -> None:
    assert BY_KEY["filters"].usual({"bayer": "RGGB"}) == "none"
    assert BY_KEY["filters"].usual({"bayer": "none"}) == "L, R, G, B"


def test_every_default_is_an_answer() -> None:
    told = usual("Our Hill")
    assert told["name"] == "our-hill"
    assert {key: BY_KEY[key].answer(said) for key, said in told.items()} == told


@pytest.mark.parametrize(
    ("zone", "place"),
    [("Europe/Madrid", (40.4, -3.68)), ("America/Argentina/Ushuaia", (-54.8, -68.3)), ("Etc/UTC", (51.48, 0.0))],
)
def test_a_time_zone_has_the_place_of_its_city(zone: str, place: tuple[float, float]) -> None:
    assert place_of(zone) == place  # tzdata's zone.tab
