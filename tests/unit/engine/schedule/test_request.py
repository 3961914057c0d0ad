"""What a claim, a candidate and a block are, and what they are unless it is said."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from obsy.engine.schedule.request import Block, Candidate, Claim, Leeway
from tests.support.requests import request

AT = datetime(2026, 11, 21, 20, tzinfo=UTC)
BLOCK = Block(request("heart"), 1, AT, AT + timedelta(minutes=5), 90.0, 40.0, -1.0)


def test_a_claim_is_all_that_is_said_of_it_and_nothing_besides() -> None:
    assert Claim(5.0).total == 5.0
    assert Claim(16.0, 1.0, 2.0, 4.0, 8.0).total == 31.0


def test_a_block_follows_a_star_and_gives_way_unless_it_is_said() -> None:
    assert (BLOCK.ra_rate, BLOCK.dec_rate, BLOCK.fixed, BLOCK.setup_s) == (0.0, 0.0, False, 0.0)


@pytest.mark.parametrize(
    ("setup_s", "fixed", "before_s"), [(0.0, False, 0), (90.0, False, 90), (90.0, True, 150), (200.0, True, 200)]
)
def test_a_telescope_is_sent_before_its_set_up_and_to_an_event_two_and_a_half_minutes_before(
    setup_s: float, fixed: bool, before_s: int
) -> None:
    assert replace(BLOCK, setup_s=setup_s, fixed=fixed).begin == AT - timedelta(seconds=before_s)


def test_two_blocks_are_the_same_however_long_their_set_up_takes_or_may_take() -> None:
    assert replace(BLOCK, setup_s=90.0) == BLOCK
    assert replace(BLOCK, leeway=Leeway(BLOCK.end, 61.0, 90.0)) == BLOCK
    assert replace(BLOCK, fixed=True) != BLOCK


def test_a_candidate_has_no_time_of_its_own_unless_it_is_said(ask: Callable[..., Candidate]) -> None:
    found = ask("heart")
    assert (found.fixed, found.begun, found.refused, found.moonlight) == (None, False, None, 0.0)


def test_it_opens_at_each_first_instant_but_not_with_the_night(ask: Callable[..., Candidate]) -> None:
    free = np.zeros(601, dtype=bool)
    free[[0, 1, 5, 6, 8, 600]] = True
    assert ask("heart", free).opens == (5, 8, 600)
    assert ask("heart").opens == ()


def test_it_is_as_large_as_its_goal_or_as_what_an_event_asks_for(ask: Callable[..., Candidate]) -> None:
    assert [ask("heart", count=count).size for count in (1, 10)] == [1, 10], "its line counts a frame"


def test_its_sky_is_as_dark_as_the_moon_leaves_it(ask: Callable[..., Candidate]) -> None:
    assert ask("heart").moonless.tolist() == [1.0] * 601
    assert replace(ask("heart"), moonlight=0.75).moonless.tolist() == [0.25] * 601


def test_its_height_counts_by_the_least_air_that_it_can_have(ask: Callable[..., Candidate]) -> None:
    free, heights = np.zeros(601, dtype=bool), np.full(601, 10.0)
    free[:4], heights[:5] = True, [-5.0, 0.5, 14.477512, 30.0, 50.0]  # its sines: a fourth and a half
    found = replace(ask("heart", free), altitude_deg=heights).quality
    assert found[:5] == pytest.approx([0.0, np.sin(np.radians(0.5)) / 0.5, 0.5, 1.0, 1.0])
    low = replace(ask("heart", free), altitude_deg=np.where(free, -1.0, 30.0))
    for never in (low, replace(low, free=np.zeros(601, dtype=bool))):
        assert never.quality.tolist() == [0.0] * 601
