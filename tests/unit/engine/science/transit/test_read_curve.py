"""Of light curves in files: what obsy, AstroImageJ and the AAVSO's reports call their columns."""

import numpy as np
import pytest

from obsy.engine.science.transit.aavso import aavso_exoplanet
from obsy.engine.science.transit.observation import TransitObservation
from obsy.engine.science.transit.read_curve import read_curve
from obsy.errors import UserError
from tests.support.transits import fitted

ROWS = [(2458107.5 + n / 100, 1 + n % 3 / 1000, 0.004, 1.2) for n in range(6)]


def file_of(tmp_path, head, between=",", rows=ROWS):
    path = tmp_path / "curve.txt"
    path.write_text("\n".join([head, *(between.join(map(repr, row)) for row in rows)]) + "\n")
    return path


def test_columns_with_names_are_read(tmp_path):
    curve = read_curve(file_of(tmp_path, "bjd_tdb,flux,error,airmass"))
    assert curve.bjd_tdb[1] == 2458107.51 and list(curve.trends) == ["airmass"]
    assert curve.error.tolist() == [0.004] * 6 and curve.jd_utc is None


def test_a_table_of_astroimagej_is_read(tmp_path):
    curve = read_curve(file_of(tmp_path, "BJD_TDB\trel_flux_T1\trel_flux_err_T1\tAIRMASS", "\t"))
    assert curve.flux[1] == 1.001 and curve.trends["airmass"][0] == 1.2


def test_names_may_stand_in_a_comment_and_blanks_between(tmp_path):
    assert len(read_curve(file_of(tmp_path, "# made by hand\n# bjd_tdb flux error airmass", " "))) == 6


def test_a_report_for_the_aavso_is_read_back(tmp_path):
    fit = fitted()
    (tmp_path / "aavso.txt").write_text(aavso_exoplanet(fit, TransitObservation("Ours", "Ours b")))
    curve = read_curve(tmp_path / "aavso.txt")
    np.testing.assert_allclose(curve.bjd_tdb, fit.curve.bjd_tdb, atol=1e-8)
    np.testing.assert_allclose(curve.flux * fit.solution.values["level"], fit.curve.flux, rtol=1e-6)


def test_errors_that_nobody_says_are_the_scatter_of_neighbours(tmp_path):
    dice = np.random.default_rng(5)
    rows = [(2458107.5 + n / 1000, 1 + n / 1000 + dice.normal(0, 0.004)) for n in range(400)]
    assert read_curve(file_of(tmp_path, "bjd_tdb,flux", rows=rows)).error[0] == pytest.approx(0.004, rel=0.15)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("jd_utc,flux,error,airmass", "has no column 'bjd_tdb': a transit is fitted to both. It has: jd_utc, flux"),
        ("when,mag,error,airmass", "has no column 'bjd_tdb' and none 'flux'"),
    ],
)
def test_a_column_that_lacks_is_named_with_those_there_are(tmp_path, head, said):
    with pytest.raises(UserError, match=said):
        read_curve(file_of(tmp_path, head))


def test_shortened_dates_are_refused(tmp_path):
    with pytest.raises(UserError, match=r"58107.00000 in its column of BJD_TDB is no Julian date: write whole ones"):
        read_curve(file_of(tmp_path, "bjd_tdb,flux", rows=[(58107.0, 1.0), (58107.1, 1.0)]))


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"kind: plan\n", b"bjd_tdb,flux\n1,2,3\n"])
def test_what_is_no_table_is_told(tmp_path, content):
    (tmp_path / "curve.csv").write_bytes(content)
    with pytest.raises(UserError, match=r"curve\.csv"):
        read_curve(tmp_path / "curve.csv")
