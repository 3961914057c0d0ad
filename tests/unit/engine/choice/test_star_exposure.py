"""A star is exposed as long as it needs and no longer than its pixel holds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.choice.light_of_train import LightOfTrain
from obsy.engine.choice.star_exposure import HALF, SIGNAL, TIMES_S, star_exposure
from obsy.engine.declare.sense.brightness import peak, well
from tests.unit.engine.declare.sense.test_brightness import train

TRAIN = train()
LIGHT = LightOfTrain(zero_point=21.0, fwhm_arcsec=3.5, sky_adu=5.0, electrons_per_adu=1.2, frames=50)


def signal(seconds, mag):
    """The signal to noise of a star in a frame, added up pixel by pixel."""
    rate, sky = 10 ** (-0.4 * (mag - LIGHT.zero_point)) * 1.2, LIGHT.sky_adu * 1.2
    pixels = 4 * np.pi * (LIGHT.fwhm_arcsec / TRAIN.scale / 2.3548) ** 2
    return rate * seconds / np.sqrt((rate + pixels * sky) * seconds + pixels * TRAIN.camera.read_noise**2)


@given(bright=st.floats(5, 17), swing=st.floats(0, 4))
def test_it_is_the_shortest_that_is_enough_and_never_too_long(bright, swing):
    seconds = star_exposure(TRAIN, LIGHT, bright, bright + swing)
    full = (10 ** (-0.4 * (bright - LIGHT.zero_point)) * peak(TRAIN.scale, 3.5) + LIGHT.sky_adu) * 1.2
    fits = [each for each in TIMES_S if each * full <= HALF * well(TRAIN)]
    assert seconds in (fits or TIMES_S[:1])
    shorter = [each for each in TIMES_S if each < seconds]
    assert not shorter or signal(shorter[-1], bright + swing) < SIGNAL * 1.0001
    assert signal(seconds, bright + swing) >= SIGNAL * 0.9999 or seconds == (fits[-1] if fits else TIMES_S[0])


def test_a_brighter_star_and_a_better_zero_point_ask_for_less():
    seconds = [star_exposure(TRAIN, LIGHT, mag, mag) for mag in (9, 11, 13, 15)]
    assert seconds == sorted(seconds) and seconds[0] < seconds[-1]
    better = LIGHT._replace(zero_point=22.5)
    assert star_exposure(TRAIN, better, 13, 13) < star_exposure(TRAIN, LIGHT, 13, 13)


def test_a_star_that_fills_every_pixel_gets_the_shortest():
    assert star_exposure(TRAIN, LIGHT, 1.0, 1.0) == pytest.approx(TIMES_S[0])
