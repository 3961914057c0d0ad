"""Against others' own data, where somebody has put it: it has no licence to lie here.

OBSY_FOREIGN_DATA names a folder with `HatP32Dec202017/` of EXOTIC's sample data and `sampledata.json` of its examples.
"""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from obsy.cli.known_planet import planet_called
from obsy.engine.reduce.mid_exposure import mid_exposure
from obsy.engine.science.transit.curve import RelativeFlux
from obsy.engine.science.transit.fit import fit
from obsy.engine.science.transit.folder import SaidBeside, folder_curve
from obsy.engine.science.transit.outside import outside_of
from obsy.schemas.site import Location

FOREIGN = Path(os.environ.get("OBSY_FOREIGN_DATA", "nowhere"))
pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(not FOREIGN.is_dir(), reason="OBSY_FOREIGN_DATA names no folder with EXOTIC's sample data"),
]
STAR = 31.042828, 46.687840


@pytest.fixture(scope="module")
def planet(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("nowhere"))
        return planet_called("HAT-P-32 b", "6.05, 88.9 deg, reference set A", "0.35, 0.25")


def published():
    """EXOTIC's own light curve: BJD_TDB and flux, not detrended."""
    told = json.loads(" ".join((FOREIGN / "sampledata.json").read_text().split()))
    return np.array(told["time"]), np.array(told["flux"])


def test_the_published_light_curve_gives_the_published_middle(planet):
    times, flux = published()
    place = Location(31.68, -110.88, 2600.0)
    moments = [datetime(2017, 12, 20, tzinfo=UTC) + timedelta(days=at - 2458107.5) for at in times]
    air = np.array([mid_exposure(at, 0.0, STAR, place).airmass for at in moments])
    found = fit(RelativeFlux(times, flux, np.full(len(flux), 0.0055), {"airmass": air}, 60.0), planet)
    assert found.middle.value == pytest.approx(2458107.71406, abs=0.001)  # EXOTIC's README, +- 0.00097
    assert found.solution.errors["tc"] == pytest.approx(0.001, abs=0.0003)
    assert found.middle.error < 0.0016  # with red noise, which the published one leaves out
    assert found.ratio.value == pytest.approx(0.1541, abs=0.0066)  # twice its 0.0033
    assert found.rms < 0.0058


@pytest.fixture(scope="module")
def taken(planet):
    return folder_curve(FOREIGN / "HatP32Dec202017", STAR, SaidBeside(), outside_of(planet))


def test_the_frames_give_the_middle_of_the_ephemeris(planet, taken):
    assert taken.frames == 142 and not taken.refused and taken.curve.usable.sum() >= 135
    assert taken.place.longitude_deg == pytest.approx(-110.88)
    found = fit(taken.curve, planet)
    assert found.middle.value == pytest.approx(2458107.7113, abs=0.0015)
    assert 0.0007 < found.middle.error < 0.0015
    assert found.rms <= 0.0055
    assert 0.145 < found.ratio.value < 0.170


def test_barycentric_times_are_those_that_were_published(taken):
    apart_s = np.array([np.abs(taken.curve.bjd_tdb - at).min() * 86400 for at in published()[0]])
    assert len(apart_s) == 140 and apart_s.max() < 0.05
