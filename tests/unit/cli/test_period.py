"""`obsy period`: points in, a period and its picture out."""

import json
from datetime import timedelta

import numpy as np
import pytest
from click.testing import CliRunner

from obsy.cli.period import period
from tests.support.measured_night import NIGHT, add_night, measured_night
from tests.unit.engine.science.period.folded_stars import PERIOD, seen
from tests.unit.engine.science.star_fields import StarField

WITHIN = "--from", "0.2", "--to", "0.6"


@pytest.fixture
def points(tmp_path, monkeypatch):
    """Points of a star in a file, where obsy is asked."""
    monkeypatch.chdir(tmp_path)
    series = seen()
    rows = [f"{at:.6f},{said:.4f},0.02" for at, said in zip(series.bjd_tdb, series.magnitude, strict=True)]
    path = tmp_path / "star.csv"
    path.write_text("\n".join(["bjd_tdb,magnitude,error", *rows]) + "\n")
    return path


def say(*arguments):
    return CliRunner().invoke(period, [*map(str, arguments)])


def test_a_file_of_points_gives_its_period_and_a_picture(points):
    told = say(points, *WITHIN)
    assert told.exit_code == 0, told.output
    assert "    period       0.3456" in told.output and "    minimum      24600" in told.output
    assert "0.3456" in (points.parent / "star-period.svg").read_text()


def test_a_machine_is_told_every_number(points):
    told = json.loads(say(points, *WITHIN, "--json").output)
    assert told["period_d"] == pytest.approx(PERIOD, abs=5 * told["period_error_d"]) and told["points"] == len(seen())
    assert {each["rule"] for each in told["rules"]} == {"wave", "dispersion"} and told["doubts"] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--from", "2", "--to", "1"], "no period lies between 2 and 1 days"),
        (["--from", "0.0001"], "periods would have to be tried"),
        (["--filter", "V"], "--filter is of a plan's nights"),
        (["nothing.csv"], "there is no file 'nothing.csv'"),
    ],
)
def test_what_cannot_be_sought_is_said(points, arguments, said):
    told = say(points, *arguments)
    assert told.exit_code == 1 and said in str(told.exception)


def test_times_that_are_not_the_barycentres_are_told_and_two_kinds_are_not_mixed(points):
    other = points.with_name("other.csv")
    other.write_text(points.read_text().replace("bjd_tdb", "hjd"))
    assert "those of the column 'hjd'" in say(other, *WITHIN).output
    assert "times of different kinds, bjd_tdb and hjd" in str(say(points, other).exception)


@pytest.mark.slow
def test_all_nights_of_a_plan_are_one_series(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    turns = [(2461000.4 + day + np.arange(24) * 10 / 1440) / 0.2345 for day in (0, 3, 4)]
    fields = [
        StarField(frames=24, every_min=10, first_jd=2461000.4 + day, shift={0: 0.2 * np.sin(2 * np.pi * each)})
        for day, each in zip((0, 3, 4), turns, strict=True)
    ]
    measured_night(tmp_path, fields[0])
    for day, field in zip((3, 4), fields[1:], strict=True):
        add_night(tmp_path, field, NIGHT + timedelta(days=day))
    told = json.loads(say("v1", "--simulated", "--json").output)
    assert told["period_d"] == pytest.approx(0.2345, abs=4 * told["period_error_d"]) and told["points"] == 72
    assert told["notes"] == []


def test_what_is_left_out_is_counted(points):
    points.write_text(points.read_text() + "2460000.5,99.99,0.02\n2460000.6,12.0,0\n")
    assert "left out     2 points" in say(points, *WITHIN).output
    assert f"left out     {len(seen()) + 4} points" in say(points, points, *WITHIN).output


def test_a_rule_that_would_take_minutes_is_refused_if_it_is_said_and_left_out_if_not(points, monkeypatch):
    monkeypatch.setattr("obsy.engine.science.period.periodogram.MOST_WORK", 1000)
    assert "would take 'dispersion' minutes" in str(say(points, *WITHIN, "--by", "dispersion").exception)
    told = json.loads(say(points, *WITHIN, "--json").output)
    assert [each["rule"] for each in told["rules"]] == ["wave"]
