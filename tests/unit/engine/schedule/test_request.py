"""What a candidate and a block are unless it is said."""

from collections.abc import Callable
from datetime import UTC, datetime

from obsy.engine.schedule.request import Block, Candidate
from tests.support.requests import request

AT = datetime(2026, 11, 21, 20, tzinfo=UTC)


def test_a_block_follows_a_star_and_gives_way_unless_it_is_said() -> None:
    block = Block(request("heart"), 1, AT, AT, 90.0, 40.0, -1.0)
    assert (block.ra_rate, block.dec_rate, block.fixed) == (0.0, 0.0, False)


def test_a_candidate_has_no_time_of_its_own_unless_it_is_said(ask: Callable[..., Candidate]) -> None:
    found = ask("heart")
    assert (found.fixed, found.begun, found.refused) == (None, False, None)
