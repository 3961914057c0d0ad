"""Which points lie outside of an expected transit."""

import numpy as np

from obsy.engine.declare.target import Ephemeris
from obsy.engine.science.transit.outside import outside_of
from obsy.engine.science.transit.planet import of_duration


def test_what_lies_between_first_and_last_contact_of_any_turn_is_inside():
    planet = of_duration("Ours b", Ephemeris(2461000.5, 2.5, 2.4))
    hours = np.array([-1.3, -1.1, 0.0, 1.1, 1.3, 30.0])
    told = outside_of(planet)(2461000.5 + 2.5 * np.array([0, 7, 100, -3, 2, 1]) + hours / 24)
    assert told.tolist() == [True, False, False, False, True, True]


def test_three_errors_of_the_ephemeris_more_are_inside():
    sure = of_duration("Ours b", Ephemeris(2461000.5, 2.5, 2.4, period_error_d=0.0001))
    at = np.array([2461000.5 + 2.5 * 100 + 1.8 / 24])
    assert not outside_of(sure)(at)[0]
    assert outside_of(sure)(at - 2.5 * 90)[0]
