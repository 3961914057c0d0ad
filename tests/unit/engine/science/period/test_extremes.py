"""Minima and maxima, turn by turn."""

import numpy as np
import pytest

from obsy.engine.science.period.extremes import BESIDE, EACH_SIDE, extremes
from obsy.engine.science.period.harmonics import folded
from obsy.engine.science.period.series import series_of
from tests.unit.engine.science.period.folded_stars import EPOCH, PERIOD, eclipsing, seen, wave


@pytest.mark.slow
@pytest.mark.parametrize("light", [wave, eclipsing])
def test_minima_lie_within_their_errors_as_often_as_they_should(light):
    pulls = []
    for seed in range(20):
        series = seen(light, seed=seed, every_d=0.004)
        for each in extremes(series, folded(series, PERIOD)):
            if each.is_minimum:
                turns = (each.bjd_tdb - EPOCH) / PERIOD
                pulls.append((turns - round(turns)) * PERIOD / each.error)
    assert len(pulls) > 60 and 0.8 < np.std(pulls) < 1.25 and abs(np.mean(pulls)) < 0.3


def test_a_minimum_that_comes_late_is_late_by_as_much():
    often = {"every_d": 0.003, "noise": 0.002}
    early, late = seen(eclipsing, **often), seen(lambda phase: eclipsing(phase - 0.01 / PERIOD), seed=2, **often)
    fit = folded(early, PERIOD)
    found = [each.late_d for each in extremes(late, fit) if each.is_minimum]
    assert found == pytest.approx([0.01] * len(found), abs=0.001) and found


def test_a_wave_has_maxima_too_and_two_eclipses_have_none_between_them():
    series, eclipses = seen(), seen(eclipsing)
    assert {each.is_minimum for each in extremes(series, folded(series, PERIOD))} == {True, False}
    assert {each.is_minimum for each in extremes(eclipses, folded(eclipses, PERIOD))} == {True}


def test_a_minimum_that_was_seen_from_one_side_alone_is_none():
    series = seen(eclipsing)
    fit = folded(series, PERIOD)
    turns = (series.bjd_tdb - EPOCH) / PERIOD
    before = (turns - np.round(turns) < 0.0) | (np.abs(turns - np.round(turns)) > BESIDE)
    assert [each for each in extremes(series.only(before), fit) if each.points < 2 * EACH_SIDE] == []
    assert extremes(series.only(before), fit) == []


def test_points_that_fit_nothing_are_no_minimum():
    series = seen(eclipsing)
    fit = folded(series, PERIOD)
    flat = series_of([type(series)(series.bjd_tdb, np.full(len(series), 12.0) + 1e-9 * series.bjd_tdb, series.error)])
    assert all(np.isfinite(each.error) and each.error > 0 for each in extremes(flat, fit))
