from obsy.engine.sky.constraints import allows, reason
from obsy.schemas.constraints.meridian import Meridian

TWO_HOURS = Meridian.model_construct(within=2.0)


def test_both_sides_of_the_meridian_are_near(seen):
    track = seen(hour_angle_h=[-12, -2, 0, 2, 2.1, 11.9])
    assert allows(TWO_HOURS, track).tolist() == [False, True, True, True, False, False]


def test_the_reason_names_the_limit():
    assert reason(TWO_HOURS) == "it is not within 2 h of the meridian"
