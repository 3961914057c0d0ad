"""One hopeless goal does not starve the night: it gives way, says so, and is tried again now and then."""

from typing import Any

import pytest

from obsy.engine.journal import moment

pytestmark = pytest.mark.slow
PLANS = """\
kind: plan
name: hopeless
target: {ra: 19h40m00s, dec: +40d00m00s}
priority: 9
want: [{filter: OIII, exposure: 0.1 s, count: 5000}]
when: {altitude: above 25 deg}
pipeline: photometry
---
kind: plan
name: humble
target: {ra: 19h45m00s, dec: +42d00m00s}
priority: 1
want: [{filter: V, exposure: 60 s, count: 6}]
when: {altitude: above 25 deg}
pipeline: photometry
"""


def test_a_goal_whose_frames_are_all_rejected_gives_way_to_one_that_is_wanted_less(
    observatory: Any, scenarios: Any
) -> None:
    observatory.declare("plans/small.yaml", PLANS)
    observatory.change("site/policy.yaml", "pause: 10 min", "pause: 30 min")
    code, said = observatory.apply()
    assert code == 0, said
    assert observatory.frames() == {("humble", "V-60s"): 6}
    waits = observatory.events("goal-waits")
    assert {(entry["plan"], entry["goal"]) for entry in waits} == {("hopeless", "OIII-0.1s")}
    assert [entry["in_a_row"] for entry in waits][0] >= 8
    pauses = [(moment(entry["until"]) - moment(entry["time"])).total_seconds() for entry in waits]
    assert 1500 < pauses[0] <= 1800 < pauses[1] <= 3600
    assert len(observatory.events("frame-rejected")) < 600
    page = (observatory.data / "reports" / "2026-11-21.html").read_text()
    assert "hopeless OIII-0.1s gives way" in page
    assert "hopeless OIII-0.1s gives way" in said
    scenarios.assert_nothing_is_lost(observatory)
