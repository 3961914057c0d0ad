"""An alert that comes in the night is taken at once where its rule is live, and each alert acts once."""

import json
from typing import Any

import pytest

pytestmark = pytest.mark.slow
HOME = """\
kind: plan
name: long
target: {ra: 19h40m00s, dec: +40d00m00s}
priority: 4
want: [{filter: V, exposure: 120 s, count: 60}]
when: {altitude: above 25 deg}
pipeline: photometry
"""
RULE = """\
kind: rule
name: bursts
trigger: {alert: gcn/swift}
plan:
  name: after-$name
  target: {ra: $ra, dec: $dec}
  want: [{filter: V, exposure: 120 s, count: 4}]
  pipeline: photometry
  notes: $called, found at $magnitude
lasts: 2 h
preempts: below 5
mode: live
"""
REHEARSED = (
    RULE.replace("bursts", "watched").replace("after-", "seen-").replace("live", "rehearsal").replace("2 h", "3 h")
)
BURST = {
    "$schema": "https://gcn.nasa.gov/schema/v6.1.0/gcn/notices/swift/bat/Guano.schema.json",
    "mission": "Swift",
    "instrument": "BAT-GUANO",
    "alert_datetime": "2026-11-21T18:40:10.0Z",
    "alert_tense": "current",
    "alert_type": "initial",
    "trigger_time": "2026-11-21T18:39:55.5Z",
    "event_name": "GRB 261121A",
    "id": ["694215995"],
    "ra": 305.0,
    "dec": 41.0,
}


def test_a_burst_is_taken_in_the_running_night_and_once_and_what_gives_way_goes_on_afterwards(
    observatory: Any, scenarios: Any
) -> None:
    observatory.declare("plans/small.yaml", HOME)
    observatory.declare("library/bursts.yaml", RULE + "---\n" + REHEARSED)
    observatory.declare("burst.json", json.dumps(BURST))
    code, said = observatory.obsy("alert", "burst.json", "--simulate")
    assert code == 0, said
    assert "'after-grb-261121a' is wanted until 2026-11-21 20:39 UTC (rule 'bursts', live)" in said
    assert "'seen-grb-261121a' would be wanted until 2026-11-21 21:39 UTC (rule 'watched', a rehearsal)" in said
    code, said = observatory.apply()
    assert code == 0, said
    assert dict(observatory.frames()) == {("after-grb-261121a", "V-120s"): 4, ("long", "V-120s"): 60}
    (came,) = observatory.events("alert-came")
    assert (came["alert"], came["time"][:18]) == ("swift 694215995", "2026-11-21T18:40:1")
    acted = [(each["plan"], each["mode"]) for each in observatory.events("alert-acted-on")]
    assert acted == [("after-grb-261121a", "live"), ("seen-grb-261121a", "rehearsal")]
    blocks = observatory.events("block-started", "block-done")
    burst = next(at for at, each in enumerate(blocks) if each["plan"] != "long")
    before = next(each for each in blocks if each["event"] == "block-started")
    assert blocks[burst - 1]["frames"] < before["count"], "the block that ran was broken off, after its exposure"
    assert "2026-11-21T18:40:20" < blocks[burst]["time"] < "2026-11-21T18:43"
    assert [each["cause"] for each in observatory.events("replanned")][:1] == ["alert"]
    assert [each["plan"] for each in observatory.events("alert-over")] == ["after-grb-261121a"]
    assert observatory.events("block-failed", "device-failed", "fault", "alert-refused") == []
    scenarios.assert_nothing_is_lost(observatory)
    code, said = observatory.obsy("alert", "burst.json", "--simulate")
    assert code == 0
    assert "swift 694215995 is known since 2026-11-21 18:40:10 UTC, and acts once" in said
