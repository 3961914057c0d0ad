"""Of the numbers for machines: each as it was found, and none that JSON has no word for."""

import json
from dataclasses import replace

import numpy as np
import pytest

from obsy.engine.science.transit.as_json import shape
from obsy.engine.science.transit.coverage import result
from obsy.engine.science.transit.fit import NumberWithError
from obsy.engine.science.transit.observation import TransitObservation
from tests.support.transits import BETA, fitted

ABOUT = TransitObservation("Ours", "Ours b")


def test_each_number_has_its_stated_error_with_red_noise_in_it():
    fit = fitted()
    said = json.loads(json.dumps(shape(fit, result(fit), ABOUT), allow_nan=False))
    assert said["middle_bjd_tdb"] == {"value": fit.middle.value, "error": fit.middle.error}
    assert said["fitted"]["level"]["error"] == pytest.approx(0.0004 * BETA, rel=1e-12)
    assert (said["red_noise_beta"], said["error_inflation"]) == (BETA, 1.1)
    assert said["outliers"] == [2] and said["refused"] is None


def test_what_is_no_number_is_null():
    fit = fitted()
    broken = replace(fit, bic={"": -np.inf}, beta=np.nan, ratio=NumberWithError(0.15, np.inf))
    said = json.loads(json.dumps(shape(broken, result(fit), ABOUT), allow_nan=False))
    assert said["bic"] == {"": None} and said["red_noise_beta"] is None
    assert said["radius_ratio"] == {"value": 0.15, "error": None}
