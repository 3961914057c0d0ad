"""Whose share of the time is owed: from what was accepted, and by nothing that was not declared."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.declare.observatory import Observatory
from obsy.engine.progress import Progress
from obsy.engine.schedule.shares import Debt, Shares
from obsy.schemas.people import Person, Share
from obsy.schemas.plan import Plan
from tests.support.equipment import example

Declare = Callable[..., Plan]
NOW = datetime(2026, 12, 1, 20, tzinfo=UTC)
ANA = Person.model_validate({"kind": "person", "name": "ana", "called": "Ana", "groups": ["school", "club"]})
BEN = Person.model_validate({"kind": "person", "name": "ben", "called": "Ben", "groups": ["club"]})


def share(group: str, time: str, **said: str) -> Share:
    return Share.model_validate({"kind": "share", "name": group, "group": group, "time": time, **said})


def accepted(hours: float, days_ago: float = 1.0) -> Progress:
    """Frames of an hour each."""
    times = (NOW - timedelta(days=days_ago),) * round(hours)
    return Progress(frames=len(times), accepted=len(times), done_s=3600.0 * len(times), accepted_at=times)


def owned(declare: Declare, *shares: Share) -> Observatory:
    """Plans of Ana, of Ben and of nobody who is declared."""
    whose = {"hers": "ana", "his": "ben", "theirs": "a friend"}
    plans = [declare(name=name, owner=owner) for name, owner in whose.items()]
    return replace(example(), plans=(*plans, declare(name="ours")), people=(ANA, BEN), shares=shares)


def test_what_a_group_lacks_is_what_it_is_due_less_what_it_had(declare: Declare) -> None:
    shares = Shares.of(owned(declare, share("school", "20 %")))
    done = {("hers", "L-180s"): accepted(6), ("his", "L-180s"): accepted(20), ("ours", "L-180s"): accepted(14)}
    (debt,) = shares.debts(done, NOW)
    assert (debt.due_h, debt.had_h, debt.owed_h, debt.lacking) == pytest.approx((8.0, 6.0, 2.0, 0.25))
    assert [shares.lacking(plan, [debt]) for plan in ("hers", "his", "theirs", "ours")] == [0.25, 0, 0, 0]
    assert debt.words == "school has had 6.0 h of 8.0 h (20 % of 30 d), and is owed 2.0 h"


def test_what_was_taken_of_a_plan_that_is_gone_is_due_to_nobody(declare: Declare) -> None:
    stands = owned(declare, share("school", "50 %"))
    done = {("hers", "L-180s"): accepted(10), ("his", "L-180s"): accepted(10)}
    shares, gone = Shares.of(stands), {("gone", "L-180s"): accepted(30)}
    assert shares.debts(done | gone, NOW) == shares.debts(done, NOW)
    assert shares.debts(done, NOW)[0].owed_h == 0.0
    assert shares.debts(gone, NOW)[0].owed_h == 0.0


def test_of_several_groups_the_one_that_lacks_most_counts(declare: Declare) -> None:
    shares = Shares.of(owned(declare, share("school", "50 %"), share("club", "50 %")))
    debts = shares.debts({("his", "L-180s"): accepted(3), ("ours", "L-180s"): accepted(7)}, NOW)
    assert [each.had_h for each in debts] == [0.0, 3.0]
    assert shares.lacking("hers", debts) == 1.0
    assert shares.lacking("his", debts) == pytest.approx(0.4)


def test_what_is_longer_ago_than_its_days_counts_no_more(declare: Declare) -> None:
    stands = owned(declare, share("school", "50 %", over="10 d"))
    done = {("hers", "L-180s"): accepted(8, days_ago=11), ("his", "L-180s"): accepted(2, days_ago=9)}
    assert Shares.of(stands).debts(done, NOW)[0].due_h == pytest.approx(1.0)
    assert Shares.of(stands).debts(done, NOW)[0].had_h == 0.0


def test_frames_that_wait_for_their_verdict_count_as_long_as_they_were_exposed(declare: Declare) -> None:
    waiting = Progress()
    for _ in range(20):
        waiting = waiting.taken(NOW)
    (debt,) = Shares.of(owned(declare, share("school", "50 %"))).debts({("hers", "L-180s"): waiting}, NOW)
    assert (debt.had_h, debt.due_h) == pytest.approx((1.0, 0.5))
    assert debt.words == "school has had 1.0 h of 0.5 h (50 % of 30 d)"


def test_a_frame_counts_to_the_very_end_of_its_days_and_one_whose_length_nobody_knows_not(declare: Declare) -> None:
    shares, waiting = Shares.of(owned(declare, share("school", "50 %", over="10 d"))), Progress().taken(NOW)
    (debt,) = shares.debts({("hers", "L-180s"): accepted(1, days_ago=10), ("hers", "gone"): waiting}, NOW)
    assert (debt.had_h, debt.due_h, debt.lacking) == (1.0, 0.5, 0.0)
    assert shares.debts({("his", "L-180s"): accepted(1)}, NOW)[0].lacking == 1.0


def test_of_what_is_owed_people_read_tenths_and_machines_thousandths() -> None:
    school = share("school", "20 %")
    assert Debt(school, 1.04, 1.0).words == "school has had 1.0 h of 1.0 h (20 % of 30 d)"
    said = {"share": "school", "group": "school", "time_percent": 20.0, "over_d": 30.0}
    assert Debt(school, 1.0, 1 / 3).as_json() == said | {"due_h": 1.0, "had_h": 0.333, "owed_h": 0.667}


def test_before_anything_is_accepted_nothing_is_owed(declare: Declare) -> None:
    shares = Shares.of(owned(declare, share("school", "50 %")))
    assert shares.lacking("hers", shares.debts({}, NOW)) == 0.0


def test_without_a_share_there_is_nothing_to_weigh(declare: Declare) -> None:
    assert Shares.of(owned(declare)) == Shares()
    assert Shares().debts({("hers", "L-180s"): accepted(5)}, NOW) == ()
    assert Shares().lacking("hers", ()) == 0.0


@given(st.floats(0, 1e4), st.floats(0, 1e4), st.floats(0, 1e3))
def test_the_more_a_group_had_the_less_it_lacks(due: float, had: float, more: float) -> None:
    school = share("school", "20 %")
    before, after = (Debt(school, due, each).lacking for each in (had, had + more))
    assert 0.0 <= after <= before <= 1.0
    assert after == 0.0 or had + more < due
