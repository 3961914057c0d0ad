"""Frames of a night that tore what counts only together count for none of it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest

from obsy.engine.progress import NOTHING, GoalKey, Progress
from obsy.engine.schedule.goal_line import lines, wanted
from obsy.engine.schedule.torn_nights import credited
from obsy.schemas.plan import Plan

DUSK, B, V = datetime(2026, 11, 26, 18, tzinfo=UTC), ("ss-cyg", "B-60s"), ("ss-cyg", "V-60s")


def plan(amount: Mapping[str, object], **more: object) -> Plan:
    want = [{"filter": ["B", "V"], "exposure": "60 s", **amount}]
    said = {"kind": "plan", "name": "ss-cyg", "target": "SS Cyg", "want": want, "pipeline": "photometry"}
    return Plan.model_validate({**said, "together": "one night", **more})


def frames(*of_nights: int) -> Progress:
    """So many accepted frames of each night."""
    at = [DUSK + timedelta(days=night, minutes=n) for night, count in enumerate(of_nights) for n in range(count)]
    return Progress(len(at), len(at), done_s=60.0 * len(at), accepted_at=tuple(at))


def night_of(at: datetime) -> date:
    return at.date()


def still_wanted(of: Plan, done: Mapping[GoalKey, Progress], going_on: date | None = None) -> list[int]:
    found = credited(done, [of], night_of, going_on)
    return [wanted(each, found.get((each.plan, each.key), NOTHING), DUSK)[0] for each in lines(of)]


@pytest.mark.parametrize("amount", [{"count": 10}, {"total": "10 min"}])
def test_a_night_that_lacks_a_filter_counts_for_neither(amount: Mapping[str, object]) -> None:
    assert still_wanted(plan(amount), {B: frames(10)}) == [10, 10]
    assert still_wanted(plan(amount), {B: frames(10), V: frames(4)}) == [10, 10]
    assert credited({B: frames(10)}, [plan(amount)], night_of)[B].torn == 10


def test_frames_of_two_trains_that_begin_at_one_moment_are_two() -> None:
    twice = Progress(10, 10, done_s=600.0, accepted_at=tuple(sorted(2 * frames(5).accepted_at)))
    assert still_wanted(plan({"count": 10}), {B: twice}) == [10, 10]
    assert credited({B: twice}, [plan({"count": 10})], night_of)[B].torn == 10


def test_a_night_whose_frames_were_rejected_here_and_there_counts_on() -> None:
    assert still_wanted(plan({"count": 10}), {B: frames(10), V: frames(8)}) == [0, 2]
    assert still_wanted(plan({"count": 10}), {B: frames(10), V: frames(8, 2)}) == [0, 0]


def test_what_a_whole_night_follows_stays_torn_and_what_it_follows_whole() -> None:
    found = credited({B: frames(10, 10), V: frames(0, 10)}, [plan({"count": 10})], night_of)
    assert [(each.accepted, each.done_s, each.torn, len(each.accepted_at)) for each in found.values()] == [
        (10, 600.0, 10, 10),
        (10, 600.0, 0, 10),
    ]


def test_the_night_that_goes_on_may_still_be_completed() -> None:
    assert still_wanted(plan({"count": 10}), {B: frames(10)}, DUSK.date()) == [0, 10]


def test_more_that_is_wanted_later_costs_no_night_that_was_whole() -> None:
    assert still_wanted(plan({"count": 40}), {B: frames(10), V: frames(10)}) == [30, 30]


def test_visits_and_what_counts_alone_stay_as_they_are() -> None:
    done = {B: frames(10)}
    assert credited(done, [plan({"count": 10, "every": "1 d"})], night_of) == done
    assert credited(done, [plan({"count": 10}, together=None)], night_of) == done


def test_plans_that_count_together_lose_a_night_together() -> None:
    one = plan({"count": 10}, together="one night of pair")
    other = plan({"count": 5}, together="one night of pair", name="field", target="M 67")
    done = {B: frames(10), V: frames(10), ("field", "B-60s"): frames(5)}
    found = credited(done, [one, other], night_of)
    assert [each.torn for each in found.values()] == [10, 10, 5]
