"""A transit is taken from its first baseline to its last, and nothing fails at its end."""

from typing import Any

import pytest

pytestmark = pytest.mark.slow
PLAN = """\
kind: plan
name: star
target:
  ra: 06h19m10.3s
  dec: +73d49m39s
  planets: {b: {epoch: 2461366.375 BJD_TDB, period: 3.3 d, duration: 2 h}}
want: [{filter: V, exposure: 120 s, cover: {transit: b, baseline: 20 min}}]
when: {altitude: above 25 deg}
pipeline: photometry
"""


def test_a_transit_is_taken_from_baseline_to_baseline_and_said_to_be_covered(observatory: Any, scenarios: Any) -> None:
    observatory.declare("plans/small.yaml", PLAN)
    code, said = observatory.apply()
    assert code == 0, said
    assert "baseline before, ingress, middle, egress and baseline after covered" in " ".join(said.split())
    assert observatory.events("block-failed", "device-failed", "goal-waits") == []
    assert len(observatory.events("roof-opening")) == 1
    scenarios.assert_nothing_is_lost(observatory)
