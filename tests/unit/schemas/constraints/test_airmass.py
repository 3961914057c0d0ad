from obsy.engine.sky.constraints import allows, reason
from obsy.schemas.constraints.airmass import Airmass

TWO = Airmass.model_construct(below=2.0)


def test_thirty_degrees_are_two_air_masses(seen):
    track = seen(altitude_deg=[-20, 0, 29, 30.5, 60, 90])
    assert allows(TWO, track).tolist() == [False, False, False, True, True, True]


def test_the_reason_names_the_limit():
    assert reason(TWO) == "its air mass does not fall below 2"


def test_for_extinction_a_target_is_taken_between_two_air_masses(seen):
    low = seen(altitude_deg=[-5, 10, 25, 30, 35, 60])
    assert allows(Airmass.model_validate("above 1.8 and below 2.4"), low).tolist() == [
        False,
        False,
        True,
        True,
        False,
        False,
    ]
    assert allows(Airmass.model_validate("above 1.8"), low).tolist() == [False, True, True, True, False, False]
    assert reason(Airmass.model_validate("above 1.8 and below 2.4")) == "its air mass is not between 1.8 and 2.4"
    assert reason(Airmass.model_validate("above 1.8")) == "its air mass does not rise above 1.8"
