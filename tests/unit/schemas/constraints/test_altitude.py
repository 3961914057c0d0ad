import pytest

from obsy.engine.sky.constraints import allows, reason
from obsy.schemas.constraints.altitude import Altitude


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("above 35 deg", [False, True, True, True, True, False]),
        ("below 60 deg", [True, True, True, True, False, True]),
        ("above 35 deg and below 60 deg", [False, True, True, True, False, False]),
    ],
)
def test_limits_are_inclusive(seen, said, expected):
    track = seen(altitude_deg=[-10, 35, 36, 60, 61, 34.9])
    assert allows(Altitude.model_validate(said), track).tolist() == expected


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("above 35 deg", "it does not stand above 35 deg"),
        ("below 60 deg", "it does not stand below 60 deg"),
        ("above 35 deg and below 60 deg", "it does not stand between 35 and 60 deg"),
    ],
)
def test_the_reason_names_the_limits(said, words):
    assert reason(Altitude.model_validate(said)) == words
