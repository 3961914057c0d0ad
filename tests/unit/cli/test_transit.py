"""`obsy transit`: a light curve in, its middle and its reports out, and what may not be reported."""

import json
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from obsy.cli import cli, transit
from obsy.cli.named import plan_called
from obsy.engine.runtime.transit import covered
from obsy.engine.science.transit import posterior
from obsy.engine.science.transit.curve import MeasuredCurve, RelativeFlux
from obsy.engine.science.transit.model import LimbDarkening, PlanetOrbit, exposed_flux
from obsy.engine.store.store import Store

EXPECTED = 2456628.505625 + 688 * 2.1500079  # HAT-P-32 b, by the ephemeris that obsy ships


@pytest.fixture
def curve(tmp_path, monkeypatch):
    """A file with a transit of HAT-P-32 b that came 3 minutes late, and hours about it that were taken."""
    monkeypatch.chdir(tmp_path)

    def made(begin=-2.7, end=2.7, ratio=0.15, exposure="60"):
        times = EXPECTED + np.linspace(begin, end, 120) / 24
        flux = exposed_flux(
            times - EXPECTED - 3 / 1440, 60, ratio, PlanetOrbit(2.15, 6.05, 88.9), LimbDarkening(0.4, 0.25)
        )
        flux = flux * (1 + np.random.default_rng(2).normal(0, 0.003, 120))
        rows = [f"{at!r},{each!r},{exposure}" for at, each in zip(times.tolist(), flux.tolist(), strict=True)]
        (tmp_path / "curve.csv").write_text("\n".join(["bjd_tdb,flux,exposure_s", *rows]))
        return "curve.csv"

    return made


def say(*arguments):
    return CliRunner().invoke(cli, ["transit", *arguments])


def test_a_transit_that_came_late_is_told_so(curve):
    told = say(curve(), "--planet", "HAT-P-32 b", "--orbit", "6.05, 88.9 deg, reference set A", "--json")
    said = json.loads(told.output)
    late, error = (said["observed_less_calculated_d"][key] * 1440 for key in ("value", "error"))
    assert told.exit_code == 0 and abs(late - 3) < 3 * error and error < 3
    assert said["orbit"]["reference"] == "reference set A"
    (doubt,) = said["doubts"]
    assert "has no air mass for every point: a trend may hide in it" in doubt


@pytest.mark.parametrize(
    ("role", "said", "lacks"),
    [
        ("Ha", ("XYZ", "na"), ""),
        ("R", ("XYZ", "na"), "a filter (--filter NAME)"),
        ("V", (None, "na"), "an observer (--observer CODE)"),
        ("", ("XYZ", "HA"), ""),
    ],
)
def test_only_what_nobody_knows_of_a_report_is_asked_for(role, said, lacks):
    nothing = np.zeros(0)
    taken = MeasuredCurve(RelativeFlux(nothing, nothing, nothing), (), 0.0, 0, {}, ())
    observer, theirs = said
    assert transit._lacks(transit._about("XO-6 b", observer, transit._filter(theirs, role), taken)) == lacks


STEM = "2017-12-19-HAT-P-32-b"  # it begins on 2017-12-20 at 02:22 UTC


def test_its_reports_are_written_where_it_was_said_by_night_and_planet(curve, tmp_path):
    told = say(curve(), "--planet", "hat-p-32", "--out", "filed", "--observer", "ABCD", "--filter", "Ha")
    assert told.exit_code == 0
    files = ("transit.json", "transit.svg", "conditions.svg", "aavso.txt", "exoclock.txt")
    assert {each.name for each in (tmp_path / "filed").iterdir()} == {f"{STEM}-{name}" for name in files}
    report = (tmp_path / "filed" / f"{STEM}-aavso.txt").read_text()
    assert "#OBSCODE=ABCD" in report and "#FILTER=HA\n" in report
    assert "doubt: no orbit was given" in told.output and f"Written: filed/{STEM}-aavso.txt" in told.output


@pytest.mark.long
def test_a_sampling_that_has_not_settled_is_told_and_leaves_the_fit_as_it_was(curve, tmp_path, monkeypatch):
    monkeypatch.setattr(posterior.sampled, "__defaults__", (1, 20))
    plain = json.loads(say(curve(), "--planet", "HAT-P-32 b", "--json").stdout)
    told = json.loads(say(curve(), "--planet", "HAT-P-32 b", "--json", "--sample").stdout)
    assert told["middle_bjd_tdb"] == plain["middle_bjd_tdb"]
    assert told["sampled"]["steps"] == 20 and not told["sampled"]["settled"]
    assert told["doubts"][0].startswith("the sampling has not settled, so this is of least squares: 32 walkers")
    assert {"tc", "ratio"} <= set(told["sampled"]["values"]) and "sampled" not in plain


def test_nothing_is_written_unless_it_is_said(curve, tmp_path):
    say(curve(), "--planet", "HAT-P-32 b")
    assert [each.name for each in tmp_path.iterdir()] == ["curve.csv"]


def test_a_report_without_an_observer_is_told_to_be_refused(curve):
    told = say(curve(), "--planet", "HAT-P-32 b", "--out", "filed").output
    assert "without an observer (--observer CODE) and a filter (--filter NAME)" in told


@pytest.mark.long
def test_what_shows_no_transit_is_not_reported_and_withdraws_what_was(curve, tmp_path):
    (tmp_path / "filed").mkdir()
    for name in (f"{STEM}-aavso.txt", f"{STEM}-etd.txt", "2017-12-18-HAT-P-32-b-aavso.txt"):
        (tmp_path / "filed" / name).write_text("of a better day")
    told = say(
        curve(ratio=0.001), "--planet", "HAT-P-32 b", "--orbit", "6.05, 88.9 deg, reference set A", "--out", "filed"
    )
    assert told.exit_code == 1
    assert "nothing is reported: no transit is seen" in told.output
    assert {each.name for each in (tmp_path / "filed").iterdir()} == {
        f"{STEM}-transit.json", f"{STEM}-transit.svg", f"{STEM}-conditions.svg",
        f"{STEM}-aavso-withdrawn.txt", f"{STEM}-etd-withdrawn.txt",
        "2017-12-18-HAT-P-32-b-aavso.txt",
    }  # fmt: skip
    assert f"Withdrawn, since this result does not bear it: filed/{STEM}-aavso-withdrawn.txt" in told.output


def test_what_cannot_be_fitted_withdraws_all_of_an_earlier_fit(curve, tmp_path):
    (tmp_path / "filed").mkdir()
    for name in ("transit.json", "transit.svg", "aavso.txt", "exoclock.txt", "etd.txt"):
        (tmp_path / "filed" / f"{STEM}-{name}").write_text("of a better day")
    head, *lines = Path(curve()).read_text().splitlines()
    Path("curve.csv").write_text("\n".join([head, "na,1.0,60", *lines[:4]]))
    told = say("curve.csv", "--planet", "HAT-P-32 b", "--out", "filed")
    assert told.exit_code == 1 and str(told.exception).startswith("4 points with a time, a flux and an error: ")
    assert str(told.exception).count("Withdrawn, since this result does not bear it: filed/") == 5
    assert all("-withdrawn." in each.name for each in (tmp_path / "filed").iterdir())


def test_an_exposure_that_nobody_says_is_a_doubt_and_so_is_a_row_without_light(curve, tmp_path):
    name = curve(exposure="")
    with (tmp_path / name).open("a") as file:
        file.write(f"\n{EXPECTED},na,\n{EXPECTED},-0.2,")
    told = say(name, "--planet", "HAT-P-32 b")
    assert "doubt: 2 of 122 rows have no time, or no light or error above 0" in told.output
    assert "doubt: nobody says how long a frame was exposed: what an exposure smears is left out" in told.output


def test_a_missed_ingress_is_told_and_reported_all_the_same(curve):
    told = say(curve(begin=-0.8), "--planet", "HAT-P-32 b", "--orbit", "6.05, 88.9 deg, reference set A")
    assert told.exit_code == 0
    assert "doubt: the ingress was not taken" in told.output


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (("--planet", "HAT-P-32 c"), "HAT-P-32 has b; write 'HAT-P-32 b'"),
        (
            ("--planet", "HAT-P-32 b", "--orbit", "6.05"),
            "write a/R*, the inclination and whose they are, as '6.05 +- 0.04",
        ),
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
        "5.344 +- 0.04, 88.98 +- 0.5 deg, 0.159, 50 deg, reference set B",
        "--json",
    )
    orbit = json.loads(told.output)["orbit"]
    assert orbit == {
        "reference": "reference set B",
        "axis_ratio": 5.344,
        "inclination_deg": 88.98,
        "eccentricity": 0.159,
        "periastron_deg": 50.0,
    }


PLAN = """\
kind: plan
name: star
target: {ra: 94.79 deg, dec: 73.83 deg, planets: {b: {epoch: 2461366.375 BJD_TDB, period: 3.3 d, duration: 2 h}}}
want: [{filter: V, exposure: 60 s, cover: {transit: b, baseline: 20 min}}]
pipeline: photometry
"""


@pytest.fixture
def of_plan(tmp_path, monkeypatch):
    """An observatory with that plan, whose night is a curve that was made up."""
    for room in ("site", "library"):
        shutil.copytree(Path(__file__).parents[3] / room, tmp_path / room)
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "star.yaml").write_text(PLAN)
    (tmp_path / "data" / "simulated").mkdir(parents=True)
    with Store(tmp_path / "data" / "simulated" / "store.sqlite"):
        pass
    monkeypatch.chdir(tmp_path)
    times = 2461366.375 + np.linspace(-2.5, 2.5, 120) / 24
    planet, _ = covered(plan_called("star"))
    flux = exposed_flux(times - 2461366.375, 60, 0.12, planet.orbit, LimbDarkening(0.4, 0.25))
    flux = flux * (1 + np.random.default_rng(2).normal(0, 0.003, 120))
    taken = MeasuredCurve(
        RelativeFlux(times, flux, np.full(120, 0.003), {"airmass": np.linspace(1.2, 1.9, 120)}, 60.0),
        ((1.0, 2.0), (3.0, 4.0)), 2.5, 121, {}, ("left out: 1 frames: rejected, clouds",),
    )  # fmt: skip
    asked = []

    def made(_store, _root, plan, night):
        asked.append((plan.name, night))
        return planet, taken

    monkeypatch.setattr("obsy.engine.runtime.transit.transit_curve", made)
    return asked


def test_a_plan_s_night_needs_neither_planet_nor_place(of_plan):
    told = say("star", "--simulated", "--night", "2026-11-21")
    assert told.exit_code == 0, told.output
    assert of_plan == [("star", date(2026, 11, 21))]
    assert "star b: 120 points" in told.output and "doubt: left out: 1 frames: rejected, clouds" in told.output
    assert "120 of 121 frames, 120 with all of 2 comparison stars, in an aperture of 2.5 px\n" in told.output


@pytest.mark.long
def test_a_plan_s_report_is_signed_by_its_owner_s_code(of_plan, tmp_path):
    for name, code in (("ana", "rana"), ("bo", "rbo")):
        person = f"kind: person\nname: {name}\ncalled: {name}\ncodes: {{aavso: {code}}}\n"
        (tmp_path / "library" / f"{name}.yaml").write_text(person)
    (tmp_path / "plans" / "star.yaml").write_text(PLAN + "owner: bo\n")
    told = say("star", "--simulated", "--out", "filed")
    assert told.exit_code == 0, told.output
    assert "#OBSCODE=RBO\n" in (tmp_path / "filed" / "2026-11-21-star-b-aavso.txt").read_text()
    assert say("star", "--observer", "R\n#FILTER=V").exception.args[0].endswith("1 to 5 letters and digits")


def test_a_plan_s_planet_takes_an_orbit_that_is_said(of_plan):
    told = say("star", "--simulated", "--orbit", "12.9, 89 deg, ours", "--json")
    assert json.loads(told.stdout)["orbit"]["reference"] == "ours" and of_plan == [("star", None)]


def test_a_planet_of_another_star_than_the_plan_s_is_refused(of_plan):
    told = str(say("star", "--simulated", "--planet", "HAT-P-32 b").exception)
    assert told.startswith("the plan 'star' took the light of star b, and HAT-P-32 b is 38.43")
    assert told.endswith(" deg from it: leave out '--planet', or name the plan of that star")


def test_what_is_neither_plan_nor_file_is_told_so(of_plan):
    assert "there is no 'sta', and no plan of that name" in str(say("sta").exception)


def test_a_plan_s_file_a_frame_and_a_folder_of_folders_are_told_what_to_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "star.yaml").write_text(PLAN)
    (tmp_path / "a.fits").write_bytes(b"SIMPLE  =                    T")
    (tmp_path / "nights" / "first").mkdir(parents=True)
    (tmp_path / "nights" / "first" / "a.FIT").write_bytes(b"SIMPLE  =                    T")
    assert "is YAML: name the plan that it declares, such as 'obsy transit star'" in str(say("star.yaml").exception)
    answers = {
        "a.fits": "is a FITS file: name the folder",
        "nights": "none of its own: name one, such as 'nights/first'",
    }
    for path, answer in answers.items():
        assert answer in str(say(path, "--planet", "HAT-P-32 b").exception)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (("--scale", "nan"), "'nan' is no number"),
        (("--scale", "1e30"), "1e+30 is not in the range 0.01<=x<=3600.0"),
        (("--scale", "0"), "0.0 is not in the range"),
        (("--filter", "V\n#OBSCODE=EVIL"), "is no name of a filter: write it in one line"),
        (("--filter", "Halpha"), "the AAVSO has no filter 'Halpha': B, CBB, "),
    ],
)
def test_options_that_no_report_or_camera_bears_are_refused(tmp_path, said, answer):
    told = say(str(tmp_path), "--planet", "HAT-P-32 b", *said)
    assert told.exit_code == 2 and answer in told.output


def test_options_of_a_plan_s_night_are_refused_for_a_file(curve):
    told = say(curve(), "--planet", "HAT-P-32 b", "--night", "2026-11-21")
    assert told.exit_code == 2 and "--night is of a plan, and 'curve.csv' is a file" in told.output
