"""A night under a dead cloud sensor and an override that ends in the middle of it, and its replay."""

import json
from datetime import timedelta
from typing import Any

import pytest

from obsy.engine.journal import moment

pytestmark = pytest.mark.slow

OVERRIDE = """\
kind: override
name: dead-cloud-sensor
owner: Ana
reason: full of water
since: 2026-11-21 12:00 UTC
until: 2026-11-21 20:10 UTC
ignore: cloud-sensor
"""
STRICT = """\
kind: policy
name: strict
safety: {limits: {rain: above 0 mm/h, wind: above 25 km/h}, dwell: 20 min}
"""
WEATHER = """\
start: {wind: 12 km/h}
changes:
  - {at: 19:30, wind: 30 km/h}
  - {at: 20:00, wind: 12 km/h}
faults:
  - {at: 13:30, device: cloud-sensor, fault: disconnect, until: 08:00}
"""


@pytest.fixture
def night(evening: Any) -> Any:
    evening.scenario("dead-sensor", WEATHER)
    evening.declare("site/override.yaml", OVERRIDE)
    code, said = evening.apply("dead-sensor")
    assert code == 0, said
    return evening


def test_it_observes_while_the_override_counts_and_the_replay_says_the_same_again(night: Any) -> None:
    (begun,), (ended,) = night.events("override-begun"), night.events("override-ended")
    assert (begun["owner"], begun["what"]) == ("Ana", "'cloud-sensor' is not heard")
    assert timedelta() <= moment(ended["time"]) - moment("2026-11-21T20:10:00.000Z") <= timedelta(seconds=1)
    assert [each["kind"] for each in night.events("frame-taken")].count("light") > 0
    closing = night.events("roof-closing")[-1]
    assert timedelta() <= moment(closing["time"]) - moment(ended["time"]) < timedelta(minutes=2)
    assert night.events("verdict")[-1]["reason"].startswith("cloud is unknown")
    journal = str(night.data / "journal" / "2026-11-21.jsonl")
    code, said = night.obsy("replay", journal)
    assert code == 0, said
    assert "comes out the same, to the last bit" in said
    told = night.obsy("report", "2026-11-21")[1]
    assert "override 'dead-cloud-sensor' by Ana: 'cloud-sensor' is not heard (full of water)" in told
    assert "override dead-cloud-sensor" in night.obsy("status")[1]

    night.declare("strict.yaml", STRICT)
    code, said = night.obsy("replay", journal, "--with", "strict.yaml", "--json")
    assert code == 0, said
    (roof,) = json.loads(said)["with"]
    windy = next(each for each in roof["otherwise"] if not each["safe"])
    assert windy["would_be"].startswith("wind ")
    assert moment(windy["start"]) - moment("2026-11-21T18:30:00.000Z") < timedelta(seconds=70)
    assert timedelta(minutes=50) <= moment(windy["end"]) - moment(windy["start"]) <= timedelta(minutes=52)
    assert 0 < roof["open_and_safe_s"] < roof["open_s"]
    unlimited = next(each for each in roof["otherwise"] if each["safe"])
    assert unlimited["was"].startswith("cloud is unknown"), "the other policy has no limit of cloud"

    evidence = sum(len(json.dumps(each)) for each in night.events("evidence"))
    assert evidence < 25_000
