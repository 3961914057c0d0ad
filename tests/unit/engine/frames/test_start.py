"""When an exposure began is said by its DATE-OBS, whatever an unset card beside it says."""

import pytest

from obsy.engine.frames.header import read
from obsy.engine.frames.repair import Repair


@pytest.mark.parametrize(
    "unset",
    [
        {"MJD_OBS": 0.0},
        {"MJD_OBS": 2460736.4},
        {"JD": 0},
        {"JD": -1.0},
        {"JD": 60735.9},
        {"JD_UTC": 0.0, "DATE_AVG": "2026-11-21T20:16:30"},
        {"JD_UTC": 2461366.3, "DATE_AVG": "20:16:30"},
    ],
    ids=str,
)
def test_a_witness_of_the_start_that_is_no_date_is_no_witness(make, unset):
    frame = read(make(**unset))
    assert frame.taken_at == read(make()).taken_at
    assert Repair.NO_ZONE in frame.repairs


@pytest.mark.parametrize(
    ("later_s", "proves"), [(0, True), (2, True), (-2, True), (3, False), (-3, False), (300, False)]
)
@pytest.mark.parametrize("key", ["JD", "JD_OBS"])
def test_a_julian_date_of_the_same_moment_proves_that_date_obs_is_utc(make, key, later_s, proves):
    # Source: 2461366.34375 is 2026-11-21 20:15:00 UTC. What is farther off contradicts: test_contradiction.py.
    frame = read(make(DATE_OBS="2026-11-21T20:15:00", **{key: 2461366.34375 + later_s / 86400}))
    assert (Repair.NO_ZONE not in frame.repairs) == proves
