"""As long as it is dark, new work is work: a finished night goes on for a plan that was added, and only for one."""

from typing import Any

import pytest

pytestmark = pytest.mark.slow
ONE = """\
kind: plan
name: {name}
target: {{ra: 06h19m10.3s, dec: +73d49m39s}}
want: [{{filter: V, exposure: 60 s, count: 2}}]
when: {{altitude: above 25 deg}}
pipeline: photometry
"""


def starts(night: Any) -> list[str]:
    return [entry["event"] for entry in night.events("night-started", "night-resumed", "night-finished")]


def test_a_plan_that_is_added_to_a_finished_night_is_taken_and_then_nothing_changes_any_more(
    observatory: Any, scenarios: Any
) -> None:
    observatory.declare("plans/small.yaml", ONE.format(name="first"))
    code, said = observatory.apply()
    assert code == 0, said
    assert observatory.frames() == {("first", "V-60s"): 2}
    evening = observatory.files()

    observatory.declare("plans/second.yaml", ONE.format(name="second"))
    code, said = observatory.apply()
    assert code == 0, said
    assert observatory.frames() == {("first", "V-60s"): 2, ("second", "V-60s"): 2}
    assert starts(observatory) == ["night-started", "night-finished", "night-resumed", "night-finished"]
    assert [entry["after"] for entry in observatory.events("night-resumed")] == ["finished"]
    assert observatory.events("roof-opened", "roof-closed")[-1]["event"] == "roof-closed"
    journal = "journal/2026-11-21.jsonl"
    assert observatory.files()[journal].startswith(evening[journal]), "what happened before stays as it was"
    scenarios.assert_nothing_is_lost(observatory)
    scenarios.assert_the_roof_moves_over_a_parked_mount_only(observatory)

    night = observatory.files()
    code, said = observatory.apply()
    assert code == 0
    assert "is finished; there is nothing to do, and nothing was changed" in said
    assert observatory.files() == night


def test_a_plan_that_is_added_after_dawn_waits_for_another_night(after_the_storm: Any) -> None:
    before = after_the_storm.files()
    after_the_storm.declare("plans/second.yaml", ONE.format(name="second"))
    code, said = after_the_storm.apply("storm")
    assert code == 0
    assert "there is nothing to do, and nothing was changed" in said
    assert after_the_storm.files() == before
