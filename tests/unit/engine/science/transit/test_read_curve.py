"""Of light curves in files: what obsy, AstroImageJ and the AAVSO's reports call their columns."""

from dataclasses import replace

import numpy as np
import pytest
from astropy.table import Table

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
    np.testing.assert_allclose(curve.bjd_tdb, fit.curve.bjd_tdb, rtol=0, atol=1e-8)
    np.testing.assert_allclose(curve.flux * fit.solution.values["level"], fit.curve.flux, rtol=1e-6)
    np.testing.assert_allclose(curve.trends["airmass"], fit.curve.trends["airmass"], rtol=0, atol=1e-7)
    assert curve.exposure_s == 60 and list(curve.trends) == ["airmass"]


HEAD = {
    "TYPE": "EXOPLANET",
    "DELIM": ",",
    "DATE_TYPE": "BJD_TDB",
    "EXPOSURE_TIME": "90",
    "MEASUREMENT_TYPE": "Rnflux",
    "DETREND_PARAMETERS": "Y(FITS)_T1, CORRECTION FUNCTION, AIRMASS",
}


def report(tmp_path, between=",", rows=ROWS, **said):
    """A report for the AAVSO with another head; its rows are time, light, error and three numbers of detrending."""
    head = [f"#{key}={value}" for key, value in {**HEAD, **said}.items()]
    names = between.join(["#DATE", "DIFF", "ERR", "DETREND_1", "DETREND_2", "DETREND_3"])
    path = tmp_path / "aavso.txt"
    path.write_text("\n".join([*head, names, *(between.join(map(repr, [*row[:3], 7.5, 1.0, 1.2])) for row in rows)]))
    return path


def test_what_a_report_detrended_by_is_read_by_its_name_and_a_correction_is_no_trend(tmp_path):
    curve = read_curve(report(tmp_path))
    assert {name: values[0] for name, values in curve.trends.items()} == {"airmass": 1.2, "y": 7.5}
    assert curve.exposure_s == 90
    assert not read_curve(report(tmp_path, DETREND_PARAMETERS="GHOSTS, TEMPERATURE, CORRECTION FUNCTION")).trends


def test_magnitudes_in_a_report_become_fluxes(tmp_path):
    flux = np.array([row[1] for row in ROWS])
    rows = [(row[0], float(-2.5 * np.log10(row[1])), 0.004) for row in ROWS]
    curve = read_curve(report(tmp_path, rows=rows, MEASUREMENT_TYPE="Dmag"))
    np.testing.assert_allclose(curve.flux, flux / np.median(flux), rtol=1e-12)
    np.testing.assert_allclose(curve.error, curve.flux * (10 ** (0.4 * 0.004) - 1), rtol=0.003)


@pytest.mark.parametrize(("said", "between"), [("tab", "\t"), (";", ";"), ("semicolon", ";"), ("|", "|")])
def test_columns_of_a_report_stand_apart_by_what_its_head_says(tmp_path, said, between):
    assert len(read_curve(report(tmp_path, between, DELIM=said))) == len(ROWS)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({"DATE_TYPE": "HJD_UTC"}, "DATE_TYPE=HJD_UTC: a transit is fitted to dates in BJD_TDB"),
        ({"MEASUREMENT_TYPE": "Flux"}, "MEASUREMENT_TYPE=Flux: it says not what DIFF is; write one of Rnflux, Rflux"),
        ({"EXPOSURE_TIME": "a minute"}, "an exposure of 'a minute': write seconds alone, as 60"),
        ({"EXPOSURE_TIME": "1e30"}, r"an exposure of 1e\+30 s: write seconds, from 0 to 3600"),
        ({"EXPOSURE_TIME": "-1"}, "an exposure of -1 s"),
        ({"EXPOSURE_TIME": "3601"}, "an exposure of 3601 s"),
    ],
)
def test_a_report_of_what_cannot_be_fitted_is_refused(tmp_path, said, answer):
    with pytest.raises(UserError, match=answer):
        read_curve(report(tmp_path, **said))


@pytest.mark.parametrize(("said", "seconds"), [("nan", 0), ("0", 0), ("0.5", 0.5), (" 3600.0 ", 3600)])
def test_exposures_of_a_report_are_seconds_and_0_where_nobody_says(tmp_path, said, seconds):
    assert read_curve(report(tmp_path, EXPOSURE_TIME=said, MEASUREMENT_TYPE="Rflux")).exposure_s == seconds


def test_flux_that_is_not_normalised_is_flux_all_the_same(tmp_path):
    assert read_curve(report(tmp_path, MEASUREMENT_TYPE="Rflux")).flux.tolist() == [row[1] for row in ROWS]


def test_where_flux_and_magnitude_stand_side_by_side_the_flux_counts(tmp_path):
    assert read_curve(file_of(tmp_path, "bjd_tdb,flux,error,mag")).flux.tolist() == [row[1] for row in ROWS]


def test_an_exposure_that_nobody_says_stays_unsaid_in_a_report(tmp_path):
    fit = fitted()
    text = aavso_exoplanet(replace(fit, curve=replace(fit.curve, exposure_s=0.0)), TransitObservation("Ours", "Ours b"))
    assert "#EXPOSURE_TIME=na\n" in text
    (tmp_path / "aavso.txt").write_text(text)
    assert read_curve(tmp_path / "aavso.txt").exposure_s == 0


def test_magnitudes_that_obsy_wrote_of_a_night_become_fluxes(tmp_path):
    table = Table({"bjd_tdb": [2458107.5, 2458107.6], "magnitude": [11.0, 12.0], "error": [0.01, np.nan]})
    table.write(tmp_path / "night.ecsv", format="ascii.ecsv")
    curve = read_curve(tmp_path / "night.ecsv")
    assert curve.flux[1] / curve.flux[0] == pytest.approx(10**-0.4) and curve.usable.tolist() == [True, False]


def test_errors_that_nobody_says_are_the_scatter_of_neighbours(tmp_path):
    dice = np.random.default_rng(5)
    rows = [(2458107.5 + n / 1000, 1 + n / 1000 + dice.normal(0, 0.004)) for n in range(400)]
    dice.shuffle(rows)
    curve = read_curve(file_of(tmp_path, "bjd_tdb,flux", rows=rows))
    assert curve.error[0] == pytest.approx(0.004, rel=0.15) and (np.diff(curve.bjd_tdb) > 0).all()


@pytest.mark.parametrize("count", [1, 9])
def test_a_curve_without_errors_whose_points_do_not_differ_is_refused(tmp_path, count):
    with pytest.raises(UserError, match="has no column 'error', and its neighbouring points do not differ"):
        read_curve(file_of(tmp_path, "bjd_tdb,flux", rows=[(2458107.5 + n / 100, 1.0) for n in range(count)]))


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("jd_utc,flux,error,airmass", "has no column 'bjd_tdb': a transit is fitted to both. It has: jd_utc, flux"),
        ("when,light,error,airmass", "has no column 'bjd_tdb' and none 'flux'"),
    ],
)
def test_a_column_that_lacks_is_named_with_those_there_are(tmp_path, head, said):
    with pytest.raises(UserError, match=said):
        read_curve(file_of(tmp_path, head))


def test_shortened_dates_are_refused(tmp_path):
    with pytest.raises(UserError, match=r"58107.00000 in its column of BJD_TDB is no Julian date: write whole ones"):
        read_curve(file_of(tmp_path, "bjd_tdb,flux", rows=[(58107.0, 1.0), (58107.1, 1.0)]))


@pytest.mark.parametrize("filled", ["99.99", "-999", "1e300", "-1e300"])
def test_a_magnitude_that_no_star_has_is_no_light(filled, tmp_path):
    rows = [(2458107.5 + n / 100, 11.0 + n % 3 / 1000) for n in range(6)]
    path = file_of(tmp_path, "bjd_tdb,mag", rows=rows)
    path.write_text(path.read_text() + f"2458107.6,{filled}\n")
    read = read_curve(path)
    assert np.isnan(read.flux[-1]) and read.usable.sum() == 6 and 0 < read.error[0] < 0.003


@pytest.mark.parametrize("cells", ["1e308,0.004,1.2", "1,1e300,1.2", "1,1e-320,1.2", "1e-320,0.004,1.2"])
def test_what_no_instrument_measures_is_no_measurement_and_no_warning(cells, tmp_path):
    path = file_of(tmp_path, "bjd_tdb,flux,error,airmass")
    path.write_text(path.read_text() + f"2458107.6,{cells}\n")
    assert list(read_curve(path).usable) == [True] * 6 + [False]


def test_a_trend_beyond_all_numbers_is_left_out_of_its_row(tmp_path):
    path = file_of(tmp_path, "bjd_tdb,flux,error,airmass")
    path.write_text(path.read_text() + "2458107.6,1,0.004,1e300\n")
    assert "airmass" not in read_curve(path).ordered().trends
