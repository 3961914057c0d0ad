from obsy.engine.sky.constraints.airmass import allows, reason
from obsy.schemas.when import Airmass

TWO = Airmass.model_construct(below=2.0)


def test_thirty_degrees_are_two_air_masses(seen):
    track = seen(altitude_deg=[-20, 0, 29, 30.5, 60, 90])
    assert allows(TWO, track).tolist() == [False, False, False, True, True, True]


def test_the_reason_names_the_limit():
    assert reason(TWO) == "its air mass does not fall below 2"
