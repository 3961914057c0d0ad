"""What is still wanted of a goal is derived from its frames, each time anew."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.progress import NOTHING, Progress
from obsy.engine.schedule.goal_line import GoalLine, lines
from obsy.engine.schedule.progress import wanted
from obsy.schemas.plan import Goal, Plan

Declare = Callable[..., Plan]
FIRST = datetime(2026, 11, 21, 20, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
FEW = GoalLine("p", "L-180s", "p", "L", Goal.model_validate({"filter": "L", "exposure": "180 s", "count": 10}), 1, 1)


@pytest.fixture
def visits(declare: Declare) -> GoalLine:
    """Three frames every second day."""
    return lines(declare({"filter": "L", "exposure": "60 s", "count": 3, "every": "2 d"}))[0]


def accepted(*times: datetime) -> Progress:
    return Progress(frames=len(times), accepted=len(times), done_s=60.0 * len(times), accepted_at=times)


def test_without_frames_everything_is_wanted() -> None:
    assert wanted(FEW, NOTHING, FIRST) == (10, None)


def test_a_frame_that_waits_counts_as_accepted() -> None:
    assert wanted(FEW, NOTHING.taken(FIRST), FIRST) == (9, None)


def test_a_frame_that_waits_has_not_proven_its_seconds() -> None:
    assert NOTHING.taken(FIRST).done_s == 0.0


def test_an_accepted_frame_is_credited_with_its_exposure() -> None:
    assert NOTHING.taken(FIRST).judged(FIRST, 180.0, True) == Progress(1, 1, 0, 180.0, (FIRST,), 0)


def test_a_rejected_frame_is_wanted_again() -> None:
    rejected = NOTHING.taken(FIRST).judged(FIRST, 180.0, False)
    assert rejected == Progress(1, 0, 1, 0.0, (), 0, rejected_at=(FIRST,))
    assert wanted(FEW, rejected, FIRST) == (10, None)


def test_more_than_enough_frames_leave_nothing_wanted() -> None:
    assert wanted(FEW, Progress(frames=12, accepted=12), FIRST) == (0, None)


def test_a_total_is_filled_up_to_whole_frames(declare: Declare) -> None:
    (line,) = lines(declare({"filter": "L", "exposure": "240 s", "total": "10 min"}))
    assert wanted(line, NOTHING, FIRST) == (3, None)


@given(st.integers(1, 600), st.integers(1, 600), st.integers(0, 60), st.integers(0, 5))
def test_seconds_done_with_one_exposure_count_with_another(before: int, now: int, frames: int, waiting: int) -> None:
    goal = Goal.model_validate({"filter": "L", "exposure": f"{now} s", "total": "1 h"})
    progress = Progress(frames=frames, accepted=frames, done_s=float(before * frames), waiting=waiting)
    left, _ = wanted(GoalLine("p", "k", "p", "L", goal, 1, 1), progress, FIRST)
    done_s = before * frames + now * waiting
    assert left == 0 if done_s >= 3600 else done_s + (left - 1) * now < 3600 <= done_s + left * now


@given(st.lists(st.booleans(), max_size=15), st.integers(0, 15))
def test_frames_wanted_and_frames_not_rejected_make_the_whole(verdicts: list[bool], waiting: int) -> None:
    progress = NOTHING
    for number in range(len(verdicts) + waiting):
        progress = progress.taken(FIRST + number * 3 * MINUTE)
    for number, accept in enumerate(verdicts):
        progress = progress.judged(FIRST + number * 3 * MINUTE, 180.0, accept)
    left, due = wanted(FEW, progress, FIRST)
    kept = sum(verdicts) + waiting
    assert (left, due) == (max(0, 10 - kept), None)
    assert progress.frames == progress.accepted + progress.rejected + progress.waiting
    assert progress.done_s == 180.0 * sum(verdicts)
    assert len(progress.accepted_at) == kept


def test_the_first_visit_is_wanted_at_once(visits: GoalLine) -> None:
    assert wanted(visits, NOTHING, FIRST) == (3, None)


def test_an_incomplete_visit_goes_on_within_half_its_cadence(visits: GoalLine) -> None:
    assert wanted(visits, accepted(FIRST), FIRST + DAY - MINUTE) == (2, None)


def test_an_incomplete_visit_is_given_up_after_half_its_cadence(visits: GoalLine) -> None:
    assert wanted(visits, accepted(FIRST), FIRST + DAY) == (3, FIRST + 2 * DAY)


def test_the_next_visit_is_due_one_cadence_after_the_first_frame_of_the_last(visits: GoalLine) -> None:
    whole = accepted(FIRST, FIRST + MINUTE, FIRST + 2 * MINUTE)
    assert wanted(visits, whole, FIRST + 3 * MINUTE) == (3, FIRST + 2 * DAY)


def test_a_frame_of_the_next_visit_begins_it(visits: GoalLine) -> None:
    again = FIRST + 2 * DAY + 5 * MINUTE
    progress = accepted(FIRST, FIRST + MINUTE, FIRST + 2 * MINUTE, again)
    assert wanted(visits, progress, again + MINUTE) == (2, None)


@pytest.mark.parametrize(("after", "left"), [(DAY - MINUTE, 1), (DAY, 2)])
def test_a_frame_within_half_the_cadence_belongs_to_its_visit_and_a_later_one_begins_the_next(
    visits: GoalLine, after: timedelta, left: int
) -> None:
    assert wanted(visits, accepted(FIRST, FIRST + after), FIRST + after) == (left, None)


def test_frames_that_wait_make_a_visit_whole(visits: GoalLine) -> None:
    progress = accepted(FIRST).taken(FIRST + MINUTE).taken(FIRST + 2 * MINUTE)
    assert wanted(visits, progress, FIRST + 3 * MINUTE) == (3, FIRST + 2 * DAY)


def test_a_rejected_frame_opens_its_visit_again(visits: GoalLine) -> None:
    progress = accepted(FIRST, FIRST + MINUTE).taken(FIRST + 2 * MINUTE)
    rejected = progress.judged(FIRST + 2 * MINUTE, 60.0, False)
    assert wanted(visits, rejected, FIRST + 3 * MINUTE) == (1, None)


def test_a_visit_whose_first_frame_is_rejected_begins_with_its_second(visits: GoalLine) -> None:
    progress = NOTHING.taken(FIRST)
    for number in (1, 2, 3):
        at = FIRST + number * MINUTE
        progress = progress.taken(at).judged(at, 60.0, True)
    progress = progress.judged(FIRST, 60.0, False)
    assert wanted(visits, progress, FIRST + 4 * MINUTE) == (3, FIRST + MINUTE + 2 * DAY)


@given(st.lists(st.integers(0, 20_000), unique=True, max_size=12), st.integers(0, 5000))
def test_a_visit_never_wants_more_than_its_size_nor_waits_longer_than_its_cadence(
    minutes: list[int], later: int
) -> None:
    goal = {"filter": "L", "exposure": "60 s", "count": 3, "every": "2 d"}
    line = GoalLine("p", "L-60s", "p", "L", Goal.model_validate(goal), 1, 1)
    times = tuple(FIRST + minute * MINUTE for minute in sorted(minutes))
    now = (times[-1] if times else FIRST) + later * MINUTE
    count, due = wanted(line, accepted(*times), now)
    assert 1 <= count <= 3
    assert due is None or (count == 3 and times[-1] + DAY < due <= times[-1] + 2 * DAY)
