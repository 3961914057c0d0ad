import pytest
from pydantic import ValidationError

from obsy.engine.sky.constraints import allows, reason
from obsy.schemas.constraints.hour_angle import HourAngle


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("above -2 h", [False, True, True, True, True, True]),
        ("below 1 h", [True, True, True, True, True, False]),
        ("above -2 h and below 30 min", [False, True, True, True, False, False]),
    ],
)
def test_east_of_the_meridian_is_negative(seen, said, expected):
    assert allows(HourAngle.model_validate(said), seen(hour_angle_h=[-3, -2, 0, 0.5, 1, 2])).tolist() == expected


def test_the_reason_reads_as_it_was_declared():
    assert (
        reason(HourAngle.model_validate("above -2 h and below 1 h")) == "its hour angle is not above -2 h and below 1 h"
    )


def test_limits_that_leave_nothing_are_told():
    with pytest.raises(ValidationError, match="never-both"):
        HourAngle.model_validate("above 2 h and below 1 h")


@pytest.mark.parametrize("said", ["below 12.5 h", "above -12.5 h"])
def test_no_hour_angle_is_more_than_half_a_turn(said):
    with pytest.raises(ValidationError, match="out-of-range"):
        HourAngle.model_validate(said)
    assert HourAngle.model_validate("above -12 h and below 90 min").below == 1.5
