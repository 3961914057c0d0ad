"""A variable star's plan comes as often as its type asks for, exposed by what the train's own frames show."""

from types import SimpleNamespace

from obsy.engine.choice.light_of_train import LightOfTrain
from obsy.engine.choice.sights import Sight
from obsy.engine.choice.wishes import visited, wish
from tests.unit.engine.declare.sense.test_brightness import train

TRAIN = train().model_copy(update={"filter": None})
LIGHT = LightOfTrain(21.0, 3.5, 5.0, 1.2, 42)


def goal(name, mag, swing, light):
    sight = Sight(name, 10.0, 40.0, "variable star", mag=mag, swing_mag=swing)
    (found,) = wish(SimpleNamespace(sight=sight, narrow=False), TRAIN, light).want
    return found, visited(sight, TRAIN, light)


def test_own_frames_tell_the_exposure_and_the_type_the_cadence():
    (role,) = TRAIN.roles
    found, why = goal("R Aur", 6.7, 7.3, {role: LIGHT})
    assert found["every"] == "7 d" and found["count"] == 3 and float(found["exposure"].split()[0]) < 60
    assert why == " Miras change by hundredths a day; exposed by 42 own frames."


def test_without_own_frames_it_is_a_guess_and_says_so():
    found, why = goal("R Aur", 6.7, 7.3, {})
    assert found["exposure"] == "60 s" and why.endswith("the exposure is a guess.")


def test_a_star_that_hardly_varies_is_never_too_long_for_its_brightest():
    (role,) = TRAIN.roles
    quiet, _ = goal("R Aur", 9.0, 1.9, {role: LIGHT})
    wild, _ = goal("R Aur", 9.0, 2.1, {role: LIGHT})
    assert float(quiet["exposure"].split()[0]) <= float(wild["exposure"].split()[0])


def test_what_does_not_vary_has_no_such_words():
    assert visited(Sight("M 31", 10.7, 41.3, "galaxy"), TRAIN, {}) == ""
