"""`obsy estimates`: what an eye saw in, the AAVSO's Visual file out."""

import json

import pytest
from click.testing import CliRunner

from obsy.cli.estimates import estimates
from obsy.engine.science.visual_rules import visual_faults
from tests.support.measured_night import measured_night
from tests.unit.engine.science.star_fields import StarField
from tests.unit.engine.science.test_estimates import GOOD, HEAD


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    measured_night(tmp_path, StarField(frames=0))
    (tmp_path / "november.csv").write_text(HEAD + GOOD)
    return tmp_path


def say(*arguments):
    return CliRunner().invoke(estimates, ["november.csv", *arguments])


def test_they_are_signed_by_the_only_person_with_a_code(here):
    told = say()
    assert told.exit_code == 0, told.output
    assert "1 estimate of SS Cyg, JD 2461373.3438" in told.output and "Written: november-visual.txt" in told.output
    text = (here / "november-visual.txt").read_text()
    assert "#OBSCODE=RANA" in text and visual_faults(text) == []


def test_whoever_is_named_signs_and_the_folder_is_said(here):
    assert say("--observer", "xyz", "--out", "out").exit_code == 0
    assert "#OBSCODE=XYZ" in (here / "out" / "november-visual.txt").read_text()


def test_a_machine_is_told_every_estimate(here):
    told = json.loads(say("--json").output)
    assert told["estimates"][0]["star"] == "SS Cyg" and told["files"] == ["november-visual.txt"]


def test_what_would_be_refused_is_not_written(here):
    (here / "november.csv").write_text(HEAD + GOOD.replace("113", "110"))
    assert "the AAVSO would refuse the report" in str(say().exception)
    assert not (here / "november-visual.txt").exists()


def test_nobody_signs_where_nobody_has_a_code(here):
    (here / "library" / "ana.yaml").unlink()
    assert "nobody signs them" in str(say().exception)
