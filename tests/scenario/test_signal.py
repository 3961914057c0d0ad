"""A goal in S/N ends when its frames prove it, and one whose star is full costs a few frames a night."""

import json
from typing import Any

import pytest

pytestmark = pytest.mark.slow
PLANS = """\
kind: plan
name: star
target: {ra: 26.49718 deg, dec: 61.21268 deg}
want:
  - {filter: V, exposure: 10 s, until: {snr: 800}}
  - {filter: V, exposure: 10 s, name: deep, until: {snr: 200, of: {magnitude: 13 mag}}}
when: {altitude: above 25 deg}
pipeline: photometry
---
kind: plan
name: full
target: {ra: 26.59909 deg, dec: 61.25826 deg}
want: [{filter: V, exposure: 30 s, until: {snr: 50}}]
when: {altitude: above 25 deg}
pipeline: photometry
"""


def test_a_goal_in_signal_to_noise_is_done_when_its_frames_prove_it(observatory: Any) -> None:
    """A frame of the star has S/N 195, of one of 13 mag some 53: a first visit of ten tells how many more."""
    observatory.declare("plans/small.yaml", PLANS)
    observatory.scenario("soft", "start: {seeing: 5 arcsec}\n")  # else stars are narrower than two pixels
    code, said = observatory.apply("soft")
    assert code == 0, said
    taken = observatory.frames()
    assert taken["full", "V-30s"] == 10
    assert 13 <= taken["star", "V-10s"] <= 20
    assert 12 <= taken["star", "deep"] <= 18, taken
    stands = json.loads(observatory.obsy("status", "plans", "--json")[1])
    plans = {each["plan"]: each["goals"] for each in stands["plans"]}
    proofs = [each["proof"] for each in plans["star"]]
    for proof, goal in zip(proofs, plans["star"], strict=True):
        assert proof["about_s"] == 0
        assert proof["asked"] <= proof["snr"] < 1.12 * proof["asked"]
        assert proof["frames"] == goal["accepted"]
    assert plans["full"][0]["proof"]["about_s"] is None
    code, later = observatory.obsy("apply", "plans", "--dry-run", "--simulate", "--night", "2026-11-22", "--json")
    planned = json.loads(later)
    assert [(each["plan"], each["count"]) for each in planned["blocks"]] == [("full", 10)]
    assert [(each["plan"], each["about_s"]) for each in planned["proofs"]] == [("full", None)]
    whole = observatory.obsy("report", "2026-11-21")[1]
    assert "S/N 50 asked, none measured yet" in whole
    assert "S/N 8" in whole
