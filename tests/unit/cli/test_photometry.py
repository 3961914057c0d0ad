"""`obsy photometry`: a plan's night in, its magnitudes and report out, and what may not be reported."""

import json
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsy.cli.photometry import photometry
from obsy.engine.declare.survey import declare
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.science.aavso_rules import faults
from obsy.engine.science.baa_rules import baa_faults
from tests.support.measured_night import measured_night
from tests.unit.engine.science.star_fields import StarField


@pytest.fixture
def night(tmp_path, monkeypatch):
    """What makes an observatory whose store has a night of one plan, where obsy is asked of it."""
    monkeypatch.chdir(tmp_path)
    return partial(measured_night, tmp_path)


def say(*arguments):
    return CliRunner().invoke(photometry, ["v1", "--simulated", *arguments])


@pytest.mark.long
def test_a_night_is_summed_up_in_words(night):
    night(StarField(frames=12), rejected=2)
    told = say()
    assert told.exit_code == 0, told.output
    assert "V (V at the AAVSO): 11.99" in told.output and "10 of 10 frames used" in told.output
    assert "left out     2 frames: rejected, clouds" in told.output
    assert "check star   000-AAA-001: 11.49" in told.output


@pytest.mark.long
def test_the_report_is_signed_by_the_owner_and_keeps_every_rule(night):
    night(StarField(frames=5))
    told = json.loads(say("--report", "aavso", "--json").output)
    (one,) = told["filters"]
    (report,) = (Path(each) for each in told["files"] if each.endswith("-aavso.txt"))
    assert "#OBSCODE=RANA" in report.read_text() and faults(report.read_text()) == []
    assert one["magnitude"] == pytest.approx(12.0, abs=0.02) and one["points"] == 5 and one["refused"] == ""


@pytest.mark.long
def test_the_baa_has_a_report_of_its_own_signed_by_its_own_code(night):
    here = night(StarField(frames=3))
    assert "nobody signs the report: write 'codes: {baa: …}'" in str(say("--report", "baa").exception)
    (here / "library" / "ana.yaml").write_text("kind: person\nname: ana\ncalled: Ana\ncodes: {aavso: rana, baa: pxr}\n")
    report = here / "out" / "2026-11-21-v1-V-baa.txt"
    assert say("--report", "baa", "--out", "out").exit_code == 0
    said = report.read_text()
    assert "Observer code\tPXR\n" in said and "Location\t38.1" in said and baa_faults(said) == []
    assert not (here / "out" / "2026-11-21-v1-V-aavso.txt").exists()
    say("--report", "aavso", "--out", "out")
    assert report.exists()  # it says the same
    report.write_text(said.replace("\t60\t", "\t61\t"))
    assert "-baa-withdrawn.txt" in say("--out", "out").output


def test_what_others_saw_is_drawn_in_grey_and_changes_no_number(night):
    here = night(StarField(frames=3))
    rows = ["2461000.41,12.3,0.01,,V,OBS,,,,,,No,,V,,,,V1", "2461000.41,12.3,0.01,,B,OBS,,,,,,No,,V,,,,V1"]
    (here / "theirs.csv").write_text("\n".join([*rows, "2461000.42,<11.8,,,V,OBS,,,,,,No,,V,,,,V1"]))
    own = say("--json", "--out", "own").output
    told = say("--others", "theirs.csv", "--out", "out").output
    assert "Of others: 2 of 3 points lie near in time and filter; drawn in grey, not reckoned with." in told
    picture = (here / "out" / "2026-11-21-v1-V.svg").read_text()
    assert "Grey: 2 points of others." in picture
    assert picture.count('class="p0 m1"') == picture.count('class="p0 own"') == 1
    again = json.loads(say("--others", "theirs.csv", "--json", "--out", "own").output)
    assert again == json.loads(own)
    assert (here / "own" / "2026-11-21-v1-V.ecsv").read_text() == (here / "out" / "2026-11-21-v1-V.ecsv").read_text()
    (here / "theirs.csv").write_text(rows[0].replace("V1", "SS Cyg"))
    assert "has observations of SS Cyg, and the plan points at v1" in str(say("--others", "theirs.csv").exception)


def test_what_the_check_star_contradicts_is_shown_and_not_reported(night):
    here = night(StarField(frames=5, wrong={1: 0.4}))
    told = say("--report", "aavso", "--out", "out")
    assert told.exit_code == 1 and "nothing is reported: the check star 000-AAA-001 is -0." in told.output
    assert {each.suffix for each in (here / "out").iterdir()} == {".svg", ".ecsv"}


@pytest.mark.long
def test_a_report_of_earlier_that_is_refused_now_is_withdrawn(night):
    here = night(StarField(frames=3))
    assert say("--report", "aavso", "--out", "out").exit_code == 0
    text = (here / "library" / "comparison.yaml").read_text()
    (here / "library" / "comparison.yaml").write_text(text.replace("check: '000-AAA-001'", "check: '000-AAA-002'"))
    told = say("--out", "out")  # another good check star, which the report does not name
    assert told.exit_code == 0 and "Withdrawn, since this result does not bear it: out/" in told.output
    assert say("--report", "aavso", "--out", "out").exit_code == 0 and "Withdrawn" not in say("--out", "out").output
    (here / "library" / "comparison.yaml").write_text(text.replace("V: 11.", "V: 12."))
    told = say("--out", "out")
    assert told.exit_code == 1 and "Withdrawn, since this result does not bear it: out/" in told.output
    reports = [each.name for each in (here / "out").glob("*aavso*")]
    assert reports == ["2026-11-21-v1-V-aavso-withdrawn.txt"]
    assert json.loads(say("--out", "out", "--json").output)["withdrawn"] == []


@pytest.mark.long
def test_the_verb_withdraws_what_the_page_filed(night):
    here = night(StarField(frames=3))
    filed = DataRoot.of(here, declare(here, here / "plans").site, True).magnitudes
    assert say("--report", "aavso", "--bin", "3").exit_code == 0
    assert [each.name for each in filed.glob("*aavso*")] == ["2026-11-21-v1-V+bin3-aavso.txt"]
    text = (here / "library" / "comparison.yaml").read_text()
    (here / "library" / "comparison.yaml").write_text(text.replace("V: 11.", "V: 12."))
    assert say().exit_code == 1
    assert [each.name for each in filed.glob("*aavso*")] == ["2026-11-21-v1-V+bin3-aavso-withdrawn.txt"]


@pytest.mark.long
def test_files_of_a_filter_that_cannot_be_measured_any_more_are_withdrawn(night):
    here = night(StarField(frames=3))
    assert say("--report", "aavso", "--out", "out").exit_code == 0
    text = (here / "library" / "comparison.yaml").read_text()
    (here / "library" / "comparison.yaml").write_text(text.replace("{V: ", "{B: "))
    told = say("--out", "out")
    assert told.exit_code == 1 and "has no magnitude in 'V'" in str(told.exception)
    assert str(told.exception).count("Withdrawn") == 3
    assert all("-withdrawn." in each.name for each in (here / "out").iterdir())


@pytest.mark.parametrize("code", ["RANA\n#OBSCODE=EVIL", "na", "R ANA", "TOOLONG", "RÁNA"])
def test_what_is_no_code_of_an_observer_signs_nothing(night, code):
    here = night(StarField(frames=1))
    told = say("--report", "aavso", "--out", "out", "--observer", code)
    assert "is no code of an observer" in str(told.exception) and not (here / "out").exists()


def test_a_filter_that_took_no_frame_is_told(night):
    night(StarField(frames=1))
    assert "'v1' has no frame in 'Q' that night: it has V" in str(say("--filter", "Q=V").exception)


@pytest.mark.parametrize(
    "field", [StarField(frames=1, flags={1: 1}), StarField(frames=2, flags={0: 1}), StarField(frames=1, target=23)]
)
def test_a_machine_is_told_no_nan(night, field):
    night(field)
    told = say("--json").output
    assert json.loads(told, parse_constant=pytest.fail)["filters"] and " nan" not in told and "+nan" not in told


def test_a_report_that_nobody_signs_is_refused_before_anything_is_written(night):
    here = night(StarField(frames=2), person="")
    told = say("--report", "aavso", "--out", "out")
    assert told.exit_code == 1 and "nobody signs the report" in str(told.exception)
    assert not (here / "out").exists()


def test_a_night_without_tables_is_told_with_what_makes_them(night):
    night(StarField(frames=0))
    assert "no light of 'v1'" in str(say().exception)


def test_a_target_without_comparison_stars_is_told_how_to_get_some(night):
    here = night(StarField(frames=2))
    (here / "library" / "comparison.yaml").unlink()
    assert "no comparison stars of v1 are declared: save its chart" in str(say().exception)


def test_a_plan_that_is_none_is_told_its_neighbour(night):
    night(StarField(frames=0))
    said = CliRunner().invoke(photometry, ["v11"])
    assert "no plan is named 'v11': did you mean 'v1'?" in str(said.exception)


def test_a_file_of_a_plan_is_told_the_plans_name(night):
    night(StarField(frames=0))
    said = CliRunner().invoke(photometry, ["plans/v1.yaml"])
    assert "'plans/v1.yaml' is a file, and a plan is asked for by its name: 'v1'" in str(said.exception)
