"""`obsy transit`: a light curve in, its middle and its reports out, and what may not be reported."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from obsy.cli import cli
from obsy.engine.science.transit.model import LimbDarkening, PlanetOrbit, exposed_flux

EXPECTED = 2456628.505625 + 688 * 2.1500079  # HAT-P-32 b, by the ephemeris that obsy ships


@pytest.fixture
def curve(tmp_path, monkeypatch):
    """A file with a transit of HAT-P-32 b that came 3 minutes late, and hours about it that were taken."""
    monkeypatch.chdir(tmp_path)

    def made(begin=-2.7, end=2.7, ratio=0.15):
        times = EXPECTED + np.linspace(begin, end, 120) / 24
        flux = exposed_flux(
            times - EXPECTED - 3 / 1440, 60, ratio, PlanetOrbit(2.15, 6.05, 88.9), LimbDarkening(0.4, 0.25)
        )
        flux = flux * (1 + np.random.default_rng(2).normal(0, 0.003, 120))
        rows = [f"{at!r},{each!r},60" for at, each in zip(times.tolist(), flux.tolist(), strict=True)]
        (tmp_path / "curve.csv").write_text("\n".join(["bjd_tdb,flux,exposure_s", *rows]))
        return "curve.csv"

    return made


def say(*arguments):
    return CliRunner().invoke(cli, ["transit", *arguments])


def test_a_transit_that_came_late_is_told_so(curve):
    told = say(curve(), "--planet", "HAT-P-32 b", "--orbit", "6.05, 88.9 deg, Wang 2019", "--json")
    said = json.loads(told.output)
    late, error = (said["observed_less_calculated_d"][key] * 1440 for key in ("value", "error"))
    assert told.exit_code == 0 and abs(late - 3) < 3 * error and error < 3
    assert said["orbit"]["reference"] == "Wang 2019" and said["doubts"] == []


def test_its_reports_are_written_where_it_was_said(curve, tmp_path):
    told = say(curve(), "--planet", "hat-p-32", "--out", "filed", "--observer", "ABCD", "--filter", "V")
    assert told.exit_code == 0
    assert {each.name for each in (tmp_path / "filed").iterdir()} == {
        "aavso.txt",
        "exoclock.txt",
        "transit.json",
        "transit.svg",
    }
    assert "#OBSCODE=ABCD" in (tmp_path / "filed" / "aavso.txt").read_text()
    assert "doubt: no orbit was given" in told.output


def test_nothing_is_written_unless_it_is_said(curve, tmp_path):
    say(curve(), "--planet", "HAT-P-32 b")
    assert [each.name for each in tmp_path.iterdir()] == ["curve.csv"]


def test_a_report_without_an_observer_is_told_to_be_refused(curve):
    assert "--observer CODE --filter V" in say(curve(), "--planet", "HAT-P-32 b", "--out", "filed").output


def test_what_shows_no_transit_is_not_reported(curve, tmp_path):
    told = say(curve(ratio=0.001), "--planet", "HAT-P-32 b", "--orbit", "6.05, 88.9 deg, Wang 2019", "--out", "filed")
    assert told.exit_code == 1
    assert "nothing is reported: no transit is seen" in told.output
    assert {each.name for each in (tmp_path / "filed").iterdir()} == {"transit.json", "transit.svg"}


def test_a_missed_ingress_is_told_and_reported_all_the_same(curve):
    told = say(curve(begin=-0.8), "--planet", "HAT-P-32 b", "--orbit", "6.05, 88.9 deg, Wang 2019")
    assert told.exit_code == 0
    assert "doubt: the ingress was not taken" in told.output


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (("--planet", "HAT-P-32 c"), "HAT-P-32 has b; write 'HAT-P-32 b'"),
        (("--planet", "Vega"), "obsy knows no planet of Vega: declare it in a 'kind: catalogue'"),
        (("--planet", "nobody b"), "obsy knows nothing by the name 'nobody b'"),
        (("--planet", "HAT-P-32 b", "--orbit", "6.05"), "write it of one reference, as '6.05, 88.9 deg, Wang 2019'"),
        (("--planet", "HAT-P-32 b", "--limb", "dark"), "write both coefficients of the square law, as '0.35, 0.25'"),
    ],
)
def test_what_is_not_understood_is_answered_by_what_to_write(curve, said, answer):
    assert answer in str(say(curve(), *said).exception)


def test_whose_transit_it_is_must_be_said(curve):
    assert "obsy transit curve.csv --planet 'HAT-P-32 b'" in say(curve()).output


def test_an_eccentric_orbit_is_said_whole(curve):
    told = say(
        curve(),
        "--planet",
        "HAT-P-32 b",
        "--orbit",
        "5.344 +- 0.04, 88.98 +- 0.5 deg, 0.159, 50 deg, Hartman 2011",
        "--json",
    )
    orbit = json.loads(told.output)["orbit"]
    assert orbit == {
        "reference": "Hartman 2011",
        "axis_ratio": 5.344,
        "inclination_deg": 88.98,
        "eccentricity": 0.159,
        "periastron_deg": 50.0,
    }
