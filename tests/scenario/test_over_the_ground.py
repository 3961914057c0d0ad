"""A night takes what no mount follows: a satellite in the middle of each frame, and a place over the ground."""

from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from tests.support.satellites import TLE

pytestmark = pytest.mark.slow
PLANS = f"""\
kind: plan
name: passing
target: {{tle: ["{TLE[0]}", "{TLE[1]}"]}}
want: [{{filter: V, exposure: 2 s, count: 4}}]
when: {{altitude: above 25 deg, sun: below -10 deg}}
pipeline: photometry
---
kind: plan
name: airglow
target: {{altitude: 45 deg, azimuth: 150 deg}}
want: [{{filter: V, exposure: 20 s, count: 3}}]
when: {{sun: below -12 deg}}
pipeline: photometry
"""


def test_a_satellite_and_a_place_over_the_ground_are_taken_and_credited(observatory: Any, scenarios: Any) -> None:
    observatory.declare("plans/small.yaml", PLANS)
    code, said = observatory.apply()
    assert code == 0, said
    assert dict(observatory.frames()) == {("passing", "V-2s"): 4, ("airglow", "V-20s"): 3}
    assert observatory.events("block-failed", "device-failed", "tracks-on", "goal-waits") == []
    assert len(observatory.events("stands-still")) == 1
    lights = observatory.data / "archive" / "2026-11-21" / "light"
    for path in sorted((lights / "passing").glob("*.fits")):
        counts = fits.getdata(path).astype(float)
        middle = tuple(slice(each // 2 - 10, each // 2 + 10) for each in counts.shape)
        assert counts[middle].max() > np.median(counts) + 10 * np.std(counts[counts < np.median(counts) * 1.5])
    for path in sorted((lights / "airglow").glob("*.fits")):
        header = fits.getheader(path)
        assert header["OBJECT"] == "airglow"
        assert header["OBJCTALT"] == pytest.approx(45.0, abs=0.05)
        assert header["OBJCTAZ"] == pytest.approx(150.0, abs=0.1)
    scenarios.assert_nothing_is_lost(observatory)
