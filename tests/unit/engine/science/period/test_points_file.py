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
    assert (
        times == "hjd" and list(points.series.magnitude) == [12.1, 12.2] and list(points.series.error) == [0.01, 0.02]
    )


def test_times_at_the_barycentre_come_before_others(tmp_path):
    points, times = read_points(file(tmp_path, "jd_utc,bjd_tdb,mag\n1,2460000.1,12.1\n2,2460000.2,12.2\n"))
    assert (
        times == "bjd_tdb" and points.series.bjd_tdb[0] == 2460000.1 and list(points.series.error) == [UNSAID_MAG] * 2
    )


def test_fillings_and_limits_are_no_magnitudes(tmp_path):
    text = "bjd_tdb,magnitude,is_limit\n2460000.1,99.99,False\n2460000.2,14.5,True\n2460000.3,12.0,False\n"
    assert list(np.isfinite(read_points(file(tmp_path, text))[0].series.magnitude)) == [False, False, True]


def test_a_column_that_is_missing_is_named_with_those_that_are_there(tmp_path):
    with pytest.raises(UserError, match="no column 'magnitude': it has bjd_tdb, flux"):
        read_points(file(tmp_path, "bjd_tdb,flux\n2460000.1,1.0\n"))


def test_of_obsys_own_tables_the_catalogues_share_is_no_error_and_what_was_transformed_is_known(tmp_path):
    names = "bjd_tdb", "magnitude", "error", "transformation"
    columns = "".join(f"# - {{name: {name}, datatype: float64}}\n" for name in names)
    meta = "# meta: {common_error_mag: 0.03, refused: ''}\n"
    text = f"# %ECSV 1.0\n# ---\n# datatype:\n{columns}{meta}{' '.join(names)}\n2460000.1 12.0 0.05 -0.08\n"
    points, _ = read_points(file(tmp_path, text))
    assert points.series.error[0] == pytest.approx(0.04) and points.transformation[0] == -0.08
    with pytest.raises(UserError, match="says nothing of its star: the check star is off"):
        read_points(file(tmp_path, text.replace("refused: ''", "refused: the check star is off")))


@pytest.mark.parametrize("date", ["0", "59000.5", "1e300"])
def test_a_date_that_is_none_is_refused(tmp_path, date):
    with pytest.raises(UserError, match="is no Julian date"):
        read_points(file(tmp_path, f"bjd_tdb,mag\n2460000.1,12.1\n{date},12.2\n"))


def test_errors_that_are_none_leave_their_points_out(tmp_path):
    points, _ = read_points(file(tmp_path, "bjd_tdb,mag,err\n2460000.1,12.1,1e-300\n2460000.2,12.2,1e300\n"))
    assert np.isnan(points.series.error).all()
