from obsy.engine.sky.constraints import allows, margin, reason, word
from obsy.engine.sky.horizon import Skyline

BALCONY = Skyline.through([(0.0, 10.0), (180.0, 20.0)], [(0.0, 50.0), (180.0, 60.0)])


def test_a_target_is_seen_between_the_floor_and_the_ceiling(seen):
    track = seen(altitude_deg=[9, 10, 50, 51, 55, 61], azimuth_deg=[0, 0, 0, 0, 90, 180])
    assert allows(BALCONY, track).tolist() == [False, True, True, False, True, False]


def test_its_margin_is_that_of_the_nearer(seen):
    track = seen(altitude_deg=[15, 45, 5, 60, 30, 30], azimuth_deg=[0, 0, 0, 0, 90, 90])
    assert margin(BALCONY, track).tolist() == [5, 5, -5, -10, 15, 15]


def test_it_is_called_by_its_name():
    assert (word(BALCONY), reason(BALCONY)) == ("skyline", "it is not free of the measured horizon")
