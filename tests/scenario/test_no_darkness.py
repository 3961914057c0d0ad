"""Where the Sun does not sink nothing opens, and everyone is told why; where it does not rise, there is a night."""

from typing import Any

import pytest

pytestmark = pytest.mark.slow
POLAR = """\
kind: plan
name: pole
target: {ra: 06h19m10.3s, dec: +73d49m39s}
want: [{filter: [B, V], exposure: 60 s, count: 3}]
when: {altitude: above 20 deg}
pipeline: photometry
"""


@pytest.fixture
def svalbard(observatory: Any) -> Any:
    observatory.change("site/site.yaml", "+38d09m36s", "+78d13m00s")
    observatory.change("site/site.yaml", "-2.33 deg", "15.65 deg")
    observatory.change("site/site.yaml", "Europe/Madrid", "Arctic/Longyearbyen")
    observatory.declare("plans/small.yaml", POLAR)
    return observatory


def test_a_white_night_opens_nothing_and_gives_each_goal_its_reason(svalbard: Any) -> None:
    code, said = svalbard.apply(night="2026-06-21")
    assert code == 0, said
    journal = svalbard.journal("2026-06-21")
    events = [entry["event"] for entry in journal]
    assert "roof-opening" not in events
    assert "frame-taken" not in events
    assert events[-1] == "night-finished"
    unplaced = journal[0]["intent"]["unplaced"]
    assert [(each["goal"], each["code"]) for each in unplaced] == [("B-60s", "never-dark"), ("V-60s", "never-dark")]
    assert journal[0]["intent"]["dusk"] is None


def test_in_the_polar_night_plans_are_taken(svalbard: Any) -> None:
    code, said = svalbard.apply(night="2026-12-21")
    assert code == 0, said
    assert svalbard.frames() == {("pole", "B-60s"): 3, ("pole", "V-60s"): 3}
    assert svalbard.roof()["goal"] == 0.0
