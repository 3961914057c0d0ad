"""`obsy astrometry`: a plan's night in, positions against the ephemeris out, and what may not be reported."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsy.cli.astrometry import astrometry
from obsy.engine.declare.orbits import orbit
from obsy.engine.schedule.conditions import body
from obsy.engine.science.astrometry.ades_rules import faults
from tests.support.moving_night import PLAN, moving_night


@pytest.fixture
def ceres():
    return body(orbit("Ceres").elements)


def say(*arguments):
    return CliRunner().invoke(astrometry, ["one", "--simulated", *arguments])


@pytest.mark.long
def test_a_night_is_summed_up_in_words_and_files(tmp_path, monkeypatch, ceres):
    monkeypatch.chdir(moving_night(tmp_path, ceres))
    told = say("--out", "out")
    assert told.exit_code == 0, told.output
    assert "1 Ceres: 6 frames show it" in told.output and "O-C          +0.4" in told.output
    table, picture = sorted(Path("out").iterdir())
    assert "jd_utc" in table.read_text() and "1 Ceres: 6 positions" in picture.read_text()
    shape = json.loads(say("--json").output)
    assert shape["target"] == "1 Ceres" and shape["refused"] == ""
    assert shape["east_arcsec"] == pytest.approx(0.4, abs=0.12) and shape["north_arcsec"] == pytest.approx(
        -0.3, abs=0.12
    )
    assert [each["error_arcsec"] < 0.2 for each in shape["positions"]] == [True] * 6


def test_what_is_not_there_is_not_reported(tmp_path, monkeypatch, ceres):
    monkeypatch.chdir(moving_night(tmp_path, ceres, off=(300.0, 0.0)))
    told = say()
    assert told.exit_code == 1 and "nothing is reported: 0 frames show something" in told.output
    assert list(Path("data/simulated").glob("reports/*")) == []


def test_a_star_is_no_moving_target(tmp_path, monkeypatch, ceres):
    monkeypatch.chdir(moving_night(tmp_path, ceres, frames=1, plan=PLAN.replace("Ceres", "SS Cyg")))
    assert "the target of 'one' is no asteroid or comet" in str(say().exception)


@pytest.mark.long
def test_a_report_says_what_is_declared_and_keeps_every_rule(tmp_path, monkeypatch, ceres):
    monkeypatch.chdir(moving_night(tmp_path, ceres, frames=4))
    lacking = str(say("--report", "ades").exception)
    assert all(word in lacking for word in ("'mpc: …' of the site 'nerpio'", "'design: …'", "'sensor: CCD'"))
    for name, was, now in (
        ("site", "horizon: hills", "mpc: Z99\nhorizon: hills"),
        ("newton", "focal_length: 800 mm}", "focal_length: 800 mm, design: Newtonian}"),
        ("newton", "  gain: 1\n", "  gain: 1\n  sensor: CMOS\n"),
    ):
        path = Path(f"site/{name}.yaml")
        assert was in path.read_text()
        path.write_text(path.read_text().replace(was, now))
    told = json.loads(say("--report", "ades", "--out", "out", "--json").output)
    report = next(Path(each) for each in told["files"] if each.endswith("-ades.psv"))
    text = report.read_text()
    assert faults(text) == [] and "! name A. Ruiz" in text and "REHEARSAL" in text
    assert text.splitlines()[-1].startswith("1     |CMO |Z99|2026-12-10T22:36:0")
    assert "write a number or a designation" in str(say("--report", "ades", "--object", "my rock").exception)
    assert "no person is named 'bo'" in str(say("--report", "ades", "--observer", "bo").exception)
    withdrawn = json.loads(say("--out", "out", "--json").output)["withdrawn"]
    assert [Path(each).name for each in withdrawn] == [f"2026-12-10-one-ades-withdrawn.{end}" for end in ("psv", "xml")]


@pytest.mark.long
def test_what_moves_unasked_is_found_and_held_against_known_orbits(tmp_path, monkeypatch, ceres):
    here = moving_night(tmp_path, ceres, off=(2.0, 1.0), plan=PLAN.replace("Ceres", "SS Cyg"))
    monkeypatch.chdir(here)
    told = json.loads(say("--unknown", "--json").output)
    (one,) = told["movers"]
    assert one["is_known"] and one["known"][0]["name"] == "1 Ceres" and one["known"][0]["away_arcsec"] < 5
    assert len(one["positions"]) == 6 and one["chance"] < 1e-3
    line = list(" " * 202)
    for text, at in (
        ("00001", 0), ("K26CQ", 20), ("317.50393", 26), ("073.06764", 37), ("080.24729", 48), ("010.58618", 59),
        ("0.0798978", 70), ("0.21423", 80), ("2.7666400", 94), ("(1) Ceres again", 166),
    ):  # fmt: skip
        line[at : at + len(text)] = text
    Path("library/MPCORB.DAT").write_text("head\n" + "".join(line) + "\n")
    words = say("--unknown").output
    assert "1 body moves straight" in words and "MPCORB.DAT" in words and "(1) Ceres again" in words
    assert "cannot be read" not in words and "moves alike" in words


def test_orbits_without_what_is_held_against_them_are_refused():
    result = say("--orbits", __file__)
    assert result.exit_code == 2 and "add '--unknown'" in result.output


def test_nothing_moves_where_nothing_does(tmp_path, monkeypatch, ceres):
    monkeypatch.chdir(moving_night(tmp_path, ceres, frames=2, plan=PLAN.replace("Ceres", "SS Cyg")))
    told = say("--unknown").output
    assert "0 bodies move" in told and "newton: 2 frames with a table of stars, at least 3 are needed" in told
