"""What fails again and again waits, longer each time, and others are taken meanwhile."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.progress import NOTHING, Progress
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.patience import LONGEST_S, Record, giving_way, waits_until
from obsy.engine.schedule.request import Candidate, Reason
from obsy.engine.schedule.tonight import tonight
from obsy.engine.sky.grid import Grid, Window
from obsy.schemas.policy import Patience
from tests.unit.engine.schedule.conftest import START

Ask = Callable[..., Candidate]
MINUTE = timedelta(minutes=1)
PATIENCE = Patience.model_validate({"rejections": 3, "failures": 2, "pause": "10 min"})


def judged(verdicts: Sequence[bool], begin: datetime = START) -> Progress:
    """Frames a minute apart, all of them judged."""
    progress = NOTHING
    for number, accepted in enumerate(verdicts):
        at = begin + number * MINUTE
        progress = progress.taken(at).judged(at, 60.0, accepted)
    return progress


def known(progress: Progress = NOTHING, failed: Sequence[datetime] = ()) -> Record:
    return Record(PATIENCE, START - MINUTE, {("hopeless", "L-180s"): progress}, {"hopeless": failed})


def test_too_few_failures_make_nothing_wait() -> None:
    assert waits_until([START, START + MINUTE], 3, 600) is None


def test_each_wait_is_twice_as_long_as_the_last_and_begins_with_the_first_failure_after_it() -> None:
    failed = [START + n * MINUTE for n in (0, 1, 2)]
    assert waits_until(failed, 3, 600) == START + 12 * MINUTE
    assert waits_until([*failed, START + 11 * MINUTE], 3, 600) == START + 12 * MINUTE
    assert waits_until([*failed, START + 13 * MINUTE], 3, 600) == START + 33 * MINUTE
    assert waits_until([*failed, START + 13 * MINUTE, START + 40 * MINUTE], 3, 600) == START + 80 * MINUTE


@given(st.lists(st.integers(0, 40_000), min_size=1, max_size=60, unique=True), st.integers(1, 8), st.integers(0, 7200))
def test_nothing_waits_longer_than_an_hour_or_than_it_was_told_to(
    seconds: list[int], enough: int, pause_s: int
) -> None:
    failed = [START + timedelta(seconds=s) for s in sorted(seconds)]
    until = waits_until(failed, enough, pause_s)
    assert (until is None) == (len(failed) < enough)
    if until is not None:
        assert until - failed[-1] <= timedelta(seconds=max(pause_s, LONGEST_S))
        assert until >= failed[enough - 1] + timedelta(seconds=pause_s)


@given(st.lists(st.booleans(), max_size=20))
def test_a_goal_waits_once_too_many_frames_in_a_row_were_rejected(verdicts: list[bool]) -> None:
    row = len(verdicts) - (max((n for n, accepted in enumerate(verdicts) if accepted), default=-1) + 1)
    until = known(judged(verdicts)).waits_until("hopeless", "L-180s")
    assert (until is not None) == (row >= PATIENCE.rejections)


def test_a_wait_grows_to_an_hour_and_stays_there() -> None:
    failed, ends = [START], [START + 25 * MINUTE]
    for wait in (50, 60, 60):
        failed.append(ends[-1])
        ends.append(failed[-1] + wait * MINUTE)
        assert waits_until(failed, 1, 1500) == ends[-1]


def test_only_what_came_after_the_last_accepted_frame_is_in_vain() -> None:
    progress = Progress(accepted_at=(START,), rejected_at=(START, START + MINUTE, START + 2 * MINUTE))
    assert known(progress).waits_until("hopeless", "L-180s") is None


def test_a_frame_that_waits_for_its_verdict_proves_nothing() -> None:
    progress = judged([False, False, False]).taken(START + 5 * MINUTE)
    assert known(progress).waits_until("hopeless", "L-180s") == START + 12 * MINUTE


def test_what_was_rejected_in_another_night_is_forgiven() -> None:
    progress = judged([False] * 9, START - timedelta(days=1))
    assert known(progress).waits_until("hopeless", "L-180s") is None


def test_failed_blocks_make_every_goal_of_their_plan_wait() -> None:
    record = known(failed=[START, START + MINUTE])
    assert record.waits_until("hopeless", "Ha-300s") == START + 11 * MINUTE
    assert record.waits_until("another", "L-180s") is None


def test_while_one_waits_others_are_taken_and_then_it_is_tried_again(
    ask: Ask, grid: Grid, overheads: Overheads
) -> None:
    asked = [ask("hopeless", priority=9, count=500), ask("humble", priority=1, count=500, ra_deg=40.0)]
    record, now = known(judged([False] * 3)), START + 3 * MINUTE
    blocks = tonight(giving_way(asked, record, grid), [Timeline(grid, {"newton": overheads}, now)]).blocks
    assert blocks[0].request.line.picture == "humble"
    until = START + 12 * MINUTE
    first = next(block for block in blocks if block.request.line.picture == "hopeless")
    assert first.start >= until
    assert (
        tonight(giving_way(asked, known(), grid), [Timeline(grid, {"newton": overheads}, now)])
        .blocks[0]
        .request.line.picture
        == "hopeless"
    )


def test_a_time_that_is_fixed_waits_for_nobody(ask: Ask, grid: Grid) -> None:
    transit = ask("hopeless", fixed=Window(grid.at(10), grid.at(60)))
    assert giving_way([transit], known(judged([False] * 3)), grid) == [transit]


def test_what_cannot_be_tried_again_tonight_says_why(ask: Ask, grid: Grid) -> None:
    early = ask("hopeless", np.arange(grid.count) < 10)
    (found,) = giving_way([early], known(judged([False] * 3)), grid)
    assert found.refused is not None
    assert found.refused.code == "gave-way"
    assert "before 18:12 UTC, and then it is too late" in found.refused.words


@pytest.mark.parametrize(("end", "exposure_s", "refused"), [(15, 180.0, False), (14, 180.0, True), (12, 0.5, True)])
def test_what_is_left_after_the_wait_must_hold_one_exposure(
    ask: Ask, grid: Grid, end: int, exposure_s: float, refused: bool
) -> None:
    """The wait ends with the twelfth minute of the grid."""
    early = ask("hopeless", np.arange(grid.count) <= end, exposure_s=exposure_s)
    (found,) = giving_way([early], known(judged([False] * 3)), grid)
    assert (found.refused is not None) is refused
    assert found.free.tolist() == [12 <= minute <= end for minute in range(grid.count)]


def test_a_reason_that_was_found_before_is_kept(ask: Ask, grid: Grid) -> None:
    low = replace(ask("hopeless"), refused=Reason("altitude", "it stays low"))
    assert giving_way([low], known(judged([False] * 3)), grid) == [low]


@pytest.mark.parametrize("said", [{"rejections": 0}, {"failures": 0}, {"pause": "-1 s"}])
def test_patience_has_bounds(said: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(said))):
        Patience.model_validate(said)
