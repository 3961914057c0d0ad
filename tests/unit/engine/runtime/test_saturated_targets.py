"""A target that is saturated stands on the page of its night, in its summary and in what machines get."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from obsy.engine.declare.survey import declare
from obsy.engine.fold import fold
from obsy.engine.report.as_json import as_json
from obsy.engine.report.inputs import GoalInput, ReportInputs
from obsy.engine.report.page import html
from obsy.engine.report.story import story_of
from obsy.engine.report.terminal import terminal
from obsy.engine.runtime.saturated_targets import saturated_targets
from obsy.engine.science.saturated_target import SaturatedTarget
from obsy.engine.store.store import Store
from tests.support.measured_night import NIGHT, measured_night
from tests.unit.engine.science.star_fields import StarField

FULL = SaturatedTarget("v1", "V", "", 3, 3)


def found(here: Path, night=NIGHT):
    with Store(here / "data" / "simulated" / "store.sqlite") as store:
        return [*saturated_targets(declare(here, here / "plans"), store, night)]


def test_what_is_saturated_is_found_among_the_frames_that_count_for_its_night(tmp_path):
    here = measured_night(tmp_path, StarField(frames=4, flags={0: 1}), rejected=1)
    assert found(here) == [FULL]
    assert found(here, NIGHT + timedelta(days=1)) == []
    plan = here / "plans" / "v1.yaml"
    plan.write_text(plan.read_text().replace("pipeline: photometry", "pipeline: deep-sky"))
    assert found(here) == [], "what is no measurement may be as bright as it likes"


@pytest.mark.parametrize("flags", [{}, {1: 1}, {0: 4}])
def test_of_a_target_that_is_not_saturated_nothing_is_said(tmp_path, flags):
    assert found(measured_night(tmp_path, StarField(frames=2, flags=flags))) == []


def test_page_summary_and_json_say_it():
    night = {"night": "2026-11-21", "frame": "1.fits", "kind": "light", "filter": "V", "exposure_s": 60.0}
    taken = {**night, "plan": "v1", "goal": "V-60s", "began": "2026-11-21T22:00:00Z", "reason": "", "measures": {}}
    entries = [
        {**taken, "time": "2026-11-21T23:00:00.000Z", "event": each} for each in ("frame-taken", "frame-accepted")
    ]
    goals = (GoalInput("v1", "V-60s", "V", 60.0, 180.0, "3 frames"),)
    story = story_of("2026-11-21", fold(entries), ReportInputs(goals=goals, saturated=(FULL,)))
    assert f"<strong>The target is saturated</strong> {FULL.words}." in html(story)
    assert "  its target is saturated in 3 of 3 frames in V" in terminal(story).splitlines()
    (plan,) = json.loads(json.dumps(as_json(story)))["plans"]
    assert plan["saturated"] == [{"filter": "V", "train": "", "saturated": 3, "frames": 3}]
    plain = story_of("2026-11-21", fold(entries), ReportInputs(goals=goals))
    assert "saturated" not in html(plain) + terminal(plain)
