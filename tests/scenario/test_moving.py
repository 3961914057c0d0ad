"""Asteroids of a simulated night are where they were drawn, and what is reported of them the MPC's schema takes."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from obsy.engine.science.astrometry.ades_rules import faults

pytestmark = pytest.mark.slow
PLAN = """kind: plan
name: {name}
target: {target}
want: [{{filter: V, exposure: 20 s, count: 10}}]
when: {{altitude: above 40 deg}}
pipeline: photometry
"""
NIGHT = "2026-12-10"
DRAWN_MAG = 10.5


@pytest.fixture(scope="module")
def night(root: Path, tmp_path_factory: pytest.TempPathFactory, scenarios: Any) -> Any:
    """A rehearsal of an hour with two asteroids; the camera is large enough for ten stars of Tycho-2."""
    made = scenarios.small(root, tmp_path_factory.mktemp("moving"))
    made.change("site/newton.yaml", "size: 256 x 256 px", "size: 720 x 720 px")
    made.change("site/newton.yaml", "focal_length: 800 mm}", "focal_length: 800 mm, design: Newtonian}")
    made.change("site/newton.yaml", "  gain: 1\n", "  gain: 1\n  sensor: CMOS\n")
    made.change("site/site.yaml", "horizon: hills", "mpc: Z99\nhorizon: hills")
    made.declare("plans/small.yaml", PLAN.format(name="gudy", target="Gudy"))
    made.declare("plans/bella.yaml", PLAN.format(name="bella", target="Bella"))
    made.declare("library/ana.yaml", "kind: person\nname: ana\ncalled: Ana Ruiz\n")
    made.scenario("soft", "start: {seeing: 5 arcsec}\n")  # else stars are narrower than two pixels
    code, said = made.apply("soft", NIGHT)
    assert code == 0, said
    return made


def test_positions_magnitude_and_pace_are_those_that_were_drawn(night: Any) -> None:
    """Within five errors in each coordinate of each frame, and within three of the catalogue's steps of 27 mas."""
    off, errors = [], []
    for name in ("gudy", "bella"):
        code, printed = night.obsy("astrometry", name, "--report", "ades", "--json")
        assert code == 0, printed
        told = json.loads(printed)
        assert len(told["positions"]) >= 8 and told["refused"] == ""
        assert abs(told["pace"] - 1) < 5 * told["pace_error"]
        assert abs(told["east_arcsec"]) < 0.08 and abs(told["north_arcsec"]) < 0.08
        magnitudes = [each["vt_magnitude"] for each in told["positions"]]
        assert abs(np.median(magnitudes) - DRAWN_MAG) < 0.03
        off += [(each["east_arcsec"], each["north_arcsec"]) for each in told["positions"]]
        errors += [each["error_arcsec"] for each in told["positions"]]
        report = next(Path(each) for each in told["files"] if each.endswith(".psv"))
        assert faults(report.read_text()) == [] and "REHEARSAL" in report.read_text()
    relative = np.array(off) / np.array(errors)[:, None]
    assert np.abs(relative).max() < 5 and 0.5 < np.sqrt((relative**2).mean()) < 1.6
