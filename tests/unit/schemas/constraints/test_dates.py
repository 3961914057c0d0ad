from dataclasses import replace
from datetime import UTC, datetime

import pytest

from obsy.engine.sky.constraints import allows, reason
from obsy.schemas.constraints.dates import Dates
from obsy.schemas.constraints.downtime import Downtime


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("after 2026-11-21 20:02 UTC", [False, False, True, True, True, True]),
        ("before 2026-11-21 20:02 UTC", [True, True, True, False, False, False]),
        ("after 2026-11-21 21:01+01:00 and before 2026-11-21 20:03:30 UTC", [False, True, True, True, False, False]),
    ],
)
def test_only_what_lies_between_the_moments_is_allowed(seen, said, expected):
    assert allows(Dates.model_validate(said), seen()).tolist() == expected


def test_the_reason_names_the_moments():
    declared = Dates.model_validate("after 2026-11-21 20:02 UTC and before 2026-12-01 00:00 UTC")
    assert reason(declared) == "it is not after 2026-11-21 20:02 UTC and before 2026-12-01 00:00 UTC"


def test_a_day_alone_is_its_night_from_noon_to_noon_of_the_longitude():
    said = Dates.model_validate("after 2026-12-01 and before 2026-12-24")
    assert said.span(30.0) == (datetime(2026, 12, 1, 10, tzinfo=UTC), datetime(2026, 12, 25, 10, tzinfo=UTC))
    assert Dates.model_validate("after 2026-12-01 and before 2026-12-01").span() != (None, None)
    assert reason(said) == "it is not after 2026-12-01 and before 2026-12-24"


def test_the_night_of_a_day_goes_on_after_midnight_of_utc(seen):
    tonight = replace(seen(), longitude_deg=-120.0)  # 20:00 UTC is noon there
    assert allows(Dates.model_validate("before 2026-11-20"), tonight).tolist() == [
        True,
        False,
        False,
        False,
        False,
        False,
    ]
    assert allows(Dates.model_validate("after 2026-11-21"), tonight).all()


@pytest.mark.parametrize("kind", [Dates, Downtime])
@pytest.mark.parametrize("longitude_deg", [-180.0, 0.0, 180.0])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-30", "9999-12-31"])
def test_the_first_and_the_last_day_of_a_calendar_are_as_good_as_never(seen, kind, longitude_deg, day):
    now = replace(seen(), longitude_deg=longitude_deg)
    ends, begins = (allows(kind.model_validate(f"{word} {day}"), now).all() for word in ("before", "after"))
    goes_on = day > "2026"
    assert (ends, begins) == ((goes_on, not goes_on) if kind is Dates else (not goes_on, goes_on))
    kind.model_validate(f"after {day} and before {day}")
