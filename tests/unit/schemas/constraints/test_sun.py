from obsy.engine.sky.constraints import allows, reason
from obsy.schemas.constraints.sun import DARK, Sun

NAUTICAL = Sun.model_construct(below=-12.0)


def test_it_is_dark_when_the_sun_is_low_enough(seen):
    track = seen(sun_altitude_deg=[10, 0, -11.9, -12, -12.1, -40])
    assert allows(NAUTICAL, track).tolist() == [False, False, False, True, True, True]


def test_the_reason_names_the_limit():
    assert reason(NAUTICAL) == "the Sun is not below -12 deg"


def test_where_a_plan_does_not_say_it_is_dark_when_the_sun_is_18_degrees_down():
    assert DARK.below == Sun.model_validate("below -18 deg").below == -18.0
