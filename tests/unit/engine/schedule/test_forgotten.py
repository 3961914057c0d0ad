"""What a change of names would lose is said before it is lost."""

import pytest

from obsy.engine.schedule.forgotten import forgotten

L = {"filter": "L", "exposure": "180 s", "count": 10}
TAKEN = {("heart", "L-180s"): 34}


def lost(plans, accepted=TAKEN):
    return [(each.plan, each.goal, each.frames, each.heir) for each in forgotten(plans, accepted)]


@pytest.mark.parametrize(
    ("goal", "said"),
    [
        (L, {}),
        (L | {"exposure": "60 s", "formerly": "L-180s"}, {}),
        (L | {"name": "deep", "formerly": "L-180s"}, {}),
        (L, {"name": "valentine", "formerly": "heart"}),
    ],
)
def test_what_is_claimed_is_not_lost(declare, goal, said):
    assert lost([declare(goal, **said)]) == []


@pytest.mark.parametrize("goal", [L | {"exposure": "60 s"}, L | {"name": "deep"}, L | {"filter": "R"}])
def test_another_exposure_or_name_is_told_where_formerly_was_forgotten(declare, goal):
    plan = declare(goal)
    assert lost([plan]) == [("heart", "L-180s", 34, "heart")]
    (each,) = forgotten([plan], TAKEN)
    assert "34 accepted frames count for no goal any more" in each.words
    assert "write 'formerly: L-180s' in it" in each.words


def test_a_plan_with_another_name_is_told_by_the_goal_it_has_kept(declare):
    plan = declare(L, name="valentine")
    assert lost([plan]) == [("heart", "L-180s", 34, "valentine")]
    assert "write 'formerly: heart' in it" in next(forgotten([plan], TAKEN)).words


def test_a_plan_that_is_simply_not_there_is_no_loss(declare):
    begun = {("soul", "L-180s"): 3}
    assert lost([declare(L, name="soul")], TAKEN | begun) == []
    assert lost([]) == []


def test_rejected_frames_are_no_loss(declare):
    assert lost([declare(L | {"exposure": "60 s"})], {("heart", "L-180s"): 0}) == []


def test_the_cure_names_the_goal_without_its_tile(declare):
    plan = declare(L | {"exposure": "60 s"}, mosaic={"columns": 2, "rows": 1})
    (each,) = forgotten([plan], {("heart", "L-180s_2-1"): 5})
    assert "write 'formerly: L-180s' in it" in each.words
