"""When an exposure began is said by its DATE-OBS, whatever an unset card beside it says."""

from datetime import UTC, datetime

import pytest

from obsy.engine.frames.cards import CommentedCards
from obsy.engine.frames.fact import Fact
from obsy.engine.frames.header import read
from obsy.engine.frames.repair import Repair
from obsy.engine.frames.start import proven_start, taken_at
from obsy.errors import FrameError

EVENING = datetime(2026, 11, 21, 20, 15, tzinfo=UTC)


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


JD = 2461366.34375
"""2026-11-21 20:15:00 UTC."""


@pytest.mark.parametrize(
    ("cards", "proves"),
    [
        ({}, False),
        ({"UT": "20:15:00.5"}, True),
        ({"UTC-OBS": "20:15:00"}, True),
        ({"UT-TIME": "20:15:01"}, False),
        ({"JD_UTC": JD + 90 / 86400, "DATE-AVG": "2026-11-21T20:16:30"}, True),
        ({"JD_UTC": JD + 94 / 86400, "DATE-AVG": "2026-11-21T20:16:30"}, False),
        ({"JD_UTC": JD}, False),
        ({"JD_UTC": 0.0, "DATE-AVG": "2026-11-21T20:16:30"}, False),
        ({"JD_UTC": JD, "DATE-AVG": "20:16:30"}, False),
        ({"TIMESYS": "utc"}, True),
        ({"DATE-LOC": "2026-11-21T21:15:00"}, True),
    ],
    ids=str,
)
def test_any_of_these_proves_that_date_obs_is_utc(cards, proves):
    found = proven_start({"DATE-OBS": "2026-11-21T20:15:00", **cards})
    assert (found.value, found.repair) == ((EVENING, "") if proves else (None, Repair.NO_ZONE))


def test_a_julian_date_of_the_start_serves_alone_and_that_is_told():
    assert proven_start({"MJD-OBS": JD - 2400000.5}) == Fact(EVENING, Repair.START_BY_DAY)
    assert proven_start({"JD": JD}).value is None


@pytest.mark.parametrize("comment", ["end of exposure", "file created", "start of day"])
def test_a_date_obs_of_something_else_is_not_taken_for_the_start(comment):
    cards = CommentedCards()
    cards["DATE-OBS"], cards.comments["DATE-OBS"] = "2026-11-21T20:15:00", comment
    with pytest.raises(FrameError, match="it is not known when the exposure began"):
        taken_at(cards)
