import pytest

from obsy.engine.sky.constraints.moon import allows, reason
from obsy.schemas.when import Moon


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("farther than 60 deg", [True, True, False, False, True, True]),
        ("fainter than 50 %", [True, True, False, True, True, False]),
        ("below 10 deg", [True, True, True, False, False, False]),
        ("farther than 60 deg and fainter than 50 %", [True, True, False, False, True, False]),
        ("below -10 deg", [True, False, False, False, False, False]),
    ],
)
def test_a_moon_below_the_horizon_spoils_nothing(seen, said, expected):
    track = seen(
        moon_altitude_deg=[-20, -1, 5, 20, 30, 40],
        moon_separation_deg=[10, 10, 10, 59, 60, 90],
        moon_illuminated_percent=[90, 90, 90, 50, 10, 51],
    )
    assert allows(Moon.model_validate(said), track).tolist() == expected


def test_the_reason_reads_as_it_was_declared():
    declared = Moon.model_validate("farther than 60 deg and fainter than 50 % and below 10 deg")
    assert reason(declared) == "the Moon is not farther than 60 deg and fainter than 50 % and below 10 deg"
