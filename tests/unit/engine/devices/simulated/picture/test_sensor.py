"""The statistics of counting."""

import numpy as np
import pytest

from obsy.engine.devices.simulated.chance import generator
from obsy.engine.devices.simulated.picture.sensor import electrons_per_adu, scatter


@pytest.mark.parametrize("mean", [0.5, 8, 13, 40, 1000, 30000])
def test_counted_electrons_scatter_as_poisson_says(mean):
    from scipy.stats import skew  # noqa: PLC0415 - slow to load, and many processes collect this file

    counted = scatter(np.full((1000, 1000), mean, np.float32), generator("test", mean)).astype(float)
    assert counted.mean() == pytest.approx(mean, abs=5e-3 * mean**0.5)
    assert counted.var() == pytest.approx(mean, rel=0.01)
    assert skew(counted.ravel()) == pytest.approx(mean**-0.5, abs=0.03)


def test_twenty_decibels_of_gain_are_a_factor_of_ten(staged):
    camera = staged().train.camera
    assert electrons_per_adu(camera, camera.gain + 200) == pytest.approx(camera.conversion / 10)
