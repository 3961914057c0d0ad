"""Magnitudes in files."""

import numpy as np
import pytest

from obsy.engine.science.period.points_file import UNSAID_MAG, read_points
from obsy.errors import UserError


def file(tmp_path, text):
    path = tmp_path / "points.csv"
    path.write_text(text)
    return path


def test_a_table_with_names_is_read_and_says_which_times_it_has(tmp_path):
    points, times = read_points(file(tmp_path, "HJD,Mag,err\n2460000.1,12.1,0.01\n2460000.2,12.2,0.02\n"))
    assert times == "hjd" and list(points.magnitude) == [12.1, 12.2] and list(points.error) == [0.01, 0.02]


def test_times_at_the_barycentre_come_before_others(tmp_path):
    points, times = read_points(file(tmp_path, "jd_utc,bjd_tdb,mag\n1,2460000.1,12.1\n2,2460000.2,12.2\n"))
    assert times == "bjd_tdb" and points.bjd_tdb[0] == 2460000.1 and list(points.error) == [UNSAID_MAG] * 2


def test_fillings_and_limits_are_no_magnitudes(tmp_path):
    text = "bjd_tdb,magnitude,is_limit\n2460000.1,99.99,False\n2460000.2,14.5,True\n2460000.3,12.0,False\n"
    assert list(np.isfinite(read_points(file(tmp_path, text))[0].magnitude)) == [False, False, True]


def test_a_column_that_is_missing_is_named_with_those_that_are_there(tmp_path):
    with pytest.raises(UserError, match="no column 'magnitude': it has bjd_tdb, flux"):
        read_points(file(tmp_path, "bjd_tdb,flux\n2460000.1,1.0\n"))
