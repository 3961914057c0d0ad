"""A transit is taken from its first baseline to its last, and its night ends with what was put in, fitted and filed."""

import json
from pathlib import Path
from typing import Any

import pytest

from obsy.engine.devices.simulated.variables import PlanetCrossing
from tests.scenario.conftest import NIGHT
from tests.support.measured_night import ANA

pytestmark = pytest.mark.slow
MIDDLE = 2461366.375
PLAN = f"""\
kind: plan
name: star
target:
  ra: 06h19m10.3s
  dec: +73d49m39s
  planets: {{b: {{epoch: {MIDDLE} BJD_TDB, period: 3.3 d, duration: 2 h}}}}
want: [{{filter: Ha, exposure: 120 s, cover: {{transit: b, baseline: 20 min}}}}]
when: {{altitude: above 25 deg}}
owner: ana
pipeline: photometry
"""


def test_a_transit_is_taken_from_baseline_to_baseline_and_its_fit_finds_what_was_put_in(
    observatory: Any, scenarios: Any
) -> None:
    """In Ha, for in V the star is saturated; in four times the pixels, for fewer show too few stars to be solved."""
    observatory.change("site/newton.yaml", "size: 256 x 256 px", "size: 512 x 512 px")
    observatory.declare("plans/small.yaml", PLAN)
    observatory.declare("library/ana.yaml", ANA)
    code, said = observatory.apply()
    assert code == 0, said
    assert "baseline before, ingress, middle, egress and baseline after covered" in " ".join(said.split())
    assert observatory.events("block-failed", "device-failed", "goal-waits") == []
    assert len(observatory.events("roof-opening")) == 1
    scenarios.assert_nothing_is_lost(observatory)

    folder = observatory.data / "reports"
    stem = folder / "transits" / f"{NIGHT}-star-b"
    fit = json.loads(Path(f"{stem}-transit.json").read_text())
    depth, middle = PlanetCrossing((), 2 * 3600).ratio ** 2, fit["middle_bjd_tdb"]
    assert abs(middle["value"] - MIDDLE) < 3 * middle["error"] and middle["error"] < 3 / 1440
    assert abs(fit["depth"]["value"] - depth) < 3 * fit["depth"]["error"] < depth
    assert f"transits: star b {middle['value']:.5f} +- {middle['error']:.5f}, O-C " in said
    report = Path(f"{stem}-aavso.txt").read_text()
    assert "#OBSCODE=RANA\n" in report and "#FILTER=HA\n" in report
    assert len([line for line in report.splitlines() if not line.startswith("#")]) == fit["points"]
    page = (folder / f"{NIGHT}.html").read_text()
    assert "Light curve of the transit of star b" in page and f'href="transits/{stem.name}-aavso.txt"' in page

    filed = {path.name: path.read_bytes() for path in stem.parent.iterdir()}
    assert observatory.obsy("report")[0] == 0
    assert {path.name: path.read_bytes() for path in stem.parent.iterdir()} == filed
