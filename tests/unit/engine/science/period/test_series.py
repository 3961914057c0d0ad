"""Points of many nights as one series."""

import numpy as np
import pytest

from obsy.engine.science.period.series import FEWEST, MagnitudeSeries, NightPoints, in_one_system, series_of
from obsy.errors import UserError


def part(times, magnitudes=None, errors=None):
    many = len(times)
    said = np.arange(many) / 100 + 12 if magnitudes is None else np.array(magnitudes, float)
    return MagnitudeSeries(np.array(times, float), said, np.full(many, 0.01) if errors is None else np.array(errors))


def test_nights_in_any_order_are_one_series_in_order_of_time():
    found = series_of([part(np.arange(10) + 20.0), part(np.arange(10) + 5.0)])
    assert list(found.bjd_tdb) == [*np.arange(10) + 5.0, *np.arange(10) + 20.0] and found.span_d == 24.0


def test_what_has_no_number_is_left_out():
    magnitudes, errors = np.arange(20) / 10, np.full(20, 0.01)
    magnitudes[3], errors[5], errors[7], errors[9] = np.nan, 0.0, np.nan, np.inf
    assert len(series_of([part(np.arange(20), magnitudes, errors)])) == 16


@pytest.mark.parametrize(
    ("points", "said"),
    [
        (part(np.arange(FEWEST - 1)), "11 points are too few"),
        (part(np.arange(1)), "^1 point is too few"),
        (part(np.zeros(FEWEST)), "all points are of one moment"),
        (part(np.arange(FEWEST), np.full(FEWEST, 11.5)), "all 12 points say 11.5 mag"),
    ],
)
def test_what_can_have_no_period_is_said(points, said):
    with pytest.raises(UserError, match=said):
        series_of([points])


def test_no_night_at_all_is_too_few_points():
    with pytest.raises(UserError, match="0 points"):
        series_of([])


def moved(by):
    """A night whose magnitudes hold what was added to each to be in the standard system; NaN where nothing was."""
    by = np.array(by, float)
    return NightPoints(part(np.arange(len(by)), 12.0 + np.nan_to_num(by)), by)


def test_nights_of_which_some_points_are_transformed_are_taken_as_they_were_before():
    parts, said = in_one_system([moved([-0.08, -0.08]), moved([np.nan, np.nan]), moved([-0.08, np.nan])])
    assert [*np.concatenate([each.magnitude for each in parts])] == pytest.approx([12.0] * 6)
    assert said.startswith("as it was measured: 3 of 6 points are not transformed")


@pytest.mark.parametrize("by", [-0.08, np.nan])
def test_nights_that_are_all_alike_are_left_as_they_are(by):
    parts, said = in_one_system([moved([by] * 3), moved([by] * 2)])
    assert [*parts[0].magnitude] == [12.0 + np.nan_to_num(by)] * 3 and said == ""


def test_a_point_that_is_given_twice_counts_once():
    assert len(series_of([part(np.arange(20)), part(np.arange(20))])) == 20


def test_nights_are_told_by_the_hours_between_them_and_lose_their_levels():
    time = np.concatenate([2460000.3 + np.arange(10) / 100, 2460001.3 + np.arange(10) / 100])
    series = series_of([part(time, np.r_[np.full(10, 12.0), np.full(10, 12.5)] + np.tile([0.1, -0.1], 10))])
    assert [*np.unique(series.night)] == [0, 1] and [*series.nightly().magnitude] == pytest.approx([12.0, 12.5])
    assert [*series.levelled().magnitude] == pytest.approx([*np.tile([0.1, -0.1], 10)])
