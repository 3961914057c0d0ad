"""What others saw is read as the AAVSO's download has it, with heading or without."""

import numpy as np
import pytest

from obsy.engine.science.others_points import others_points
from obsy.errors import UserError

HEADING = ",".join(
    ["JD", "Magnitude", "Uncertainty", "HQuncertainty", "Band", "Observer Code", "Comment Code(s)", "Comp 1",
     "Comp 2", "Charts", "Comments", "Transfomed", "Airmass", "Validation Flag", "Cmag", "Kmag", "HJD", "Star Name",
     "Observer Affiliation", "Measurement Method"]
)  # fmt: skip


def line(jd, magnitude, band="V", star="V1 EXA", kind="STD"):
    return f"{jd},{magnitude},0.01,,{band},OBS,,110,,X1,,No,1.2,V,,,,{star},,{kind}"


@pytest.fixture
def download(tmp_path):
    def written(*lines):
        path = tmp_path / "aavsodata.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
        return path

    return written


@pytest.mark.parametrize("heading", [[HEADING], []])
def test_dates_magnitudes_and_bands_are_read_and_a_limit_is_one(download, heading):
    lines = [line(2461000.4, 12.01), line(2461000.5, "<14.2", "CV"), line(2461001.5, "11.9:", "Vis.")]
    found = others_points(download(*heading, *lines))
    assert found.star == "V1 EXA" and found.band == ("V", "CV", "Vis.") and found.unread == 0
    assert found.magnitude.tolist() == [12.01, 14.2, 11.9] and found.is_limit.tolist() == [False, True, False]
    assert found.jd[2] == 2461001.5


def test_those_of_a_band_in_some_time_are_near(download):
    found = others_points(download(*(line(2461000 + day, 12 + day, band) for day in range(4) for band in ("V", "B"))))
    near = found.near("V", 2461001, 2461002)
    assert near.magnitude.tolist() == [13, 14] and not np.any(near.is_limit) and near.band == ("V", "V")


def test_differences_to_another_star_are_no_magnitudes(download):
    found = others_points(download(line(2461000.4, -0.752, kind="DIFF"), line(2461000.4, 12.0)))
    assert found.magnitude.tolist() == [12.0]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([HEADING], "holds no observation"),
        (["nothing, of the kind"], "holds no observation"),
        ([line(2461000.4, 12), line(2461000.4, 12, star="SS CYG")], "observations of SS CYG and V1 EXA"),
    ],
)
def test_a_file_that_is_none_is_told(download, lines, said):
    with pytest.raises(UserError, match=said):
        others_points(download(*lines))
