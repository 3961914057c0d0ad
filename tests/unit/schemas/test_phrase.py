from typing import Any

import pytest
from pydantic import ValidationError

from obsy.schemas.constraints.altitude import Altitude
from obsy.schemas.constraints.moon import Moon
from obsy.schemas.constraints.season import Season
from obsy.schemas.phrase import spoken
from obsy.schemas.plan import Paused
from obsy.schemas.policy import Limits
from obsy.schemas.when import When


def limit(phrase: str) -> Any:
    return Limits.model_validate({"wind": phrase}).wind


def test_a_phrase_is_its_mapping_read_aloud() -> None:
    assert Altitude.model_validate("above 35 deg") == Altitude.model_validate({"above": "35 deg"})


def test_and_joins_two_limits() -> None:
    assert Altitude.model_validate("above 35 deg and below 80 deg").below == 80.0


def test_underscores_are_read_as_blanks() -> None:
    assert Moon.model_validate("farther than 60 deg").farther_than == 60.0


def test_a_hold_is_part_of_the_limit() -> None:
    assert limit("above 40 km/h and hold for 2 min").hold_for == 120.0


@pytest.mark.parametrize(
    ("said", "cleared_s"),
    [("hold for 10 s", 60.0), ("hold for 2 min", 120.0), ("hold for 2 min and clear for 5 min", 300.0)],
)
def test_a_hold_ends_after_its_clear_time_or_after_its_own_but_not_within_a_minute(said: str, cleared_s: float) -> None:
    assert limit(f"above 40 km/h and {said}").cleared_s == cleared_s


def test_a_clear_time_without_a_hold_says_nothing() -> None:
    with pytest.raises(ValidationError, match="says-nothing: 'hold for …' beside 'clear for …'"):
        limit("above 40 km/h and clear for 5 min")


def test_line_breaks_and_many_blanks_are_one_blank() -> None:
    assert spoken("farther  than\n 60 deg   and below 0 deg", ("farther_than", "below")) == {
        "farther_than": "60 deg",
        "below": "0 deg",
    }


@pytest.mark.parametrize(
    ("phrase", "code"),
    [("over 35 deg", "not-understood"), ("above", "not-understood"), ("above 1 deg and above 2 deg", "said-twice")],
)
def test_what_cannot_be_read_says_why(phrase: str, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Altitude.model_validate(phrase)
    assert caught.value.errors()[0]["ctx"]["code"] == code


def test_a_goals_own_when_replaces_the_plans_word_by_word() -> None:
    plan = When.model_validate({"altitude": "above 35 deg", "moon": "farther than 60 deg and below 20 deg"})
    goal = When.model_validate({"moon": "farther than 20 deg"})
    both = goal.over(plan)
    assert (both.altitude, both.moon) == (plan.altitude, goal.moon)


@pytest.mark.parametrize(
    ("phrase", "said", "mend"),
    [
        (Season, "11-01 to 03-15", "write 'after 11-01 and before 03-15'"),
        (Season, "winter", "write for example 'after 11-01 and before 11-01'; join several with 'and'"),
        (Paused, "for a while", "write for example 'until 2026-12-24'; join several with 'and'"),
    ],
)
def test_the_cure_of_a_phrase_says_all_that_must_be_said(phrase: Any, said: str, mend: str) -> None:
    with pytest.raises(ValidationError) as caught:
        phrase.model_validate(said)
    assert caught.value.errors()[0]["ctx"]["mend"] == mend
