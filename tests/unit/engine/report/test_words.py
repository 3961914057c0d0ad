from datetime import UTC, datetime

import pytest

from obsy.engine.report.words import (
    amount,
    asked,
    by_local_clocks,
    clock,
    day,
    hours,
    listed,
    proven,
    several,
    stamped,
    zone,
    zones,
)
from obsy.engine.signal import Signal
from obsy.schemas.goal import Goal
from obsy.schemas.proof import Proof


@pytest.mark.parametrize(
    ("every", "words"), [("20 min", "every 20 min"), ("4 d", "every 4 d"), ("36 h", "every 1.5 d")]
)
def test_a_cadence_is_said_as_one_says_it(every: str, words: str) -> None:
    goal = Goal.model_validate({"filter": "V", "exposure": "20 s", "count": 3, "every": every})
    assert asked(goal) == f"3 frames {words}"


def test_less_than_an_hour_is_said_in_minutes() -> None:
    assert (hours(34560), hours(1800)) == ("9.6 h", "30 min")


def test_one_is_not_several() -> None:
    assert (several(1, "light"), several(2, "light")) == ("1 light", "2 lights")


def test_names_are_listed_as_one_says_them() -> None:
    assert [listed(names) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]


def test_the_clock_is_the_one_of_the_site() -> None:
    assert clock(datetime(2026, 7, 1, 21, 5, tzinfo=UTC), "Europe/Madrid") == "23:05"


def test_a_night_is_named_by_its_weekday() -> None:
    assert day("2026-11-21") == "Saturday, 21 November 2026"


def test_an_amount_has_three_figures_and_no_exponent() -> None:
    assert [amount(value) for value in (0.4137, 12.46, 999.6, 16834.0, 0.0)] == ["0.414", "12.5", "1000", "16800", "0"]


@pytest.mark.parametrize(
    ("timezone", "mark"),
    [
        ("Europe/Madrid", "UTC+1"),
        ("UTC", "UTC"),
        ("America/St_Johns", "UTC-3:30"),
        ("Asia/Kathmandu", "UTC+5:45"),
        ("Pacific/Honolulu", "UTC-10"),
    ],
)
def test_a_clock_says_how_it_differs_from_utc(timezone: str, mark: str) -> None:
    assert zone(datetime(2026, 1, 1, 12, tzinfo=UTC), timezone) == mark


def test_a_marked_time_needs_no_page_around_it() -> None:
    assert stamped(datetime(2026, 7, 1, 21, 5, tzinfo=UTC), "Europe/Madrid") == "23:05 UTC+2"


@pytest.mark.parametrize(
    ("words", "there"),
    [
        ("it must stay safe until 16:07:06 UTC", "it must stay safe until 17:07:06 UTC+1"),
        ("from 23:10 UTC to 03:40 UTC", "from 00:10 UTC+1 to 04:40 UTC+1"),
        ("due on 2026-11-22 at 23:05 UTC", "due on 2026-11-23 at 00:05 UTC+1"),
        ("it is not after 2026-07-01 22:30 UTC", "it is not after 2026-07-02 00:30 UTC+2"),
        ("at 17:07 UTC+1", "at 17:07 UTC+1"),
        ("rain 0.3 mm/h", "rain 0.3 mm/h"),
    ],
)
def test_times_in_words_are_by_the_clocks_of_the_site(words: str, there: str) -> None:
    assert by_local_clocks(words, "Europe/Madrid", datetime(2026, 11, 21, 19, tzinfo=UTC)) == there


def test_a_time_without_a_date_is_the_nearest() -> None:
    for near in (datetime(2026, 10, 24, 23, tzinfo=UTC), datetime(2026, 10, 25, 5, tzinfo=UTC)):
        assert by_local_clocks("at 02:00 UTC", "Europe/Madrid", near) == "at 03:00 UTC+1"  # clocks go back at 01:00


def test_a_night_in_which_the_clocks_change_has_both_marks() -> None:
    evening, morning = datetime(2026, 10, 24, 18, tzinfo=UTC), datetime(2026, 10, 25, 5, tzinfo=UTC)
    assert zones(evening, morning, "Europe/Madrid") == "UTC+2, later UTC+1"
    assert zones(evening, evening, "Europe/Madrid") == "UTC+2"


def test_frames_of_a_colour_camera_are_said_to_be_left_out_of_a_signal_to_noise() -> None:
    left_out = " (3 frames of a one-shot-colour camera left out)"
    proof = Proof.model_validate({"snr": 100})
    assert proven(Signal(coloured=3), proof, 60.0) == f"S/N 100 asked{left_out}, none measured yet"
    assert proven(Signal(1e4, 9, summed=300.0, coloured=3), proof, 60.0) == f"S/N 100 of 100{left_out}"
