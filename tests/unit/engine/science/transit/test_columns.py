"""Of plain columns: which times, and that they are not detrended."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from obsy.engine.science.transit.columns import etd, exoclock
from tests.support.golden import assert_golden
from tests.support.transits import fitted

GOLDEN = Path(__file__).parents[4] / "golden" / "transit"


def test_exoclock_takes_barycentric_times():
    assert_golden(exoclock(fitted(count=20)), GOLDEN / "exoclock.txt")


def test_etd_takes_times_of_the_observatory():
    fit = fitted(count=20)
    times, flux, _ = np.array([line.split() for line in etd(fit).splitlines()], dtype=float).T
    np.testing.assert_allclose(times, fit.curve.jd_utc, rtol=0, atol=1e-8)
    np.testing.assert_allclose(flux * fit.solution.values["level"], fit.curve.flux, rtol=1e-6)


def test_etd_is_not_written_of_times_at_the_barycentre_alone():
    fit = fitted(count=20)
    assert etd(replace(fit, curve=replace(fit.curve, jd_utc=None))) is None
