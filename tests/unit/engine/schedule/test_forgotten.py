"""What a change of the plans would lose is said before it is lost."""

from typing import Any

import pytest

from obsy.engine.frames.frame import Exposed
from obsy.engine.schedule.claims import Claims
from obsy.engine.schedule.forgotten import forgotten
from tests.support.frames import A_LIGHT

L = {"filter": "L", "exposure": "180 s", "count": 10}
HEART = {"ra_deg": 38.2, "dec_deg": 61.5}


def lights(frames=34, **said):
    facts = {name: A_LIGHT[name] for name in ("filter", "exposure_s", "taken_at")}
    asked: dict[str, Any] = {"plan": "heart", "goal": "L-180s", "object": "IC 1805"}
    return [(Exposed(**facts | asked | HEART | said), frames)]


TAKEN = lights()


def lost(plans, accepted=TAKEN):
    return [(each.heir, each.frames) for each in forgotten(Claims(plans), accepted)]


def words(plans, accepted=TAKEN):
    (each,) = forgotten(Claims(plans), accepted)
    return each.words


@pytest.mark.parametrize(
    ("goal", "said"),
    [
        (L, {}),
        (L | {"exposure": "60 s", "formerly": "L-180s"}, {}),
        (L | {"name": "deep", "formerly": "L-180s"}, {}),
        (L, {"name": "valentine", "formerly": "heart"}),
        (L | {"name": "deep", "exposure": "60 s", "formerly": "L-180s"}, {"name": "valentine", "formerly": "heart"}),
    ],
)
def test_what_is_claimed_is_not_lost(declare, goal, said):
    assert lost([declare(goal, **said)]) == []


@pytest.mark.parametrize(
    "goal",
    [L | {"exposure": "60 s"}, L | {"name": "deep"}, L | {"name": "deep", "exposure": "60 s"}],
)
@pytest.mark.parametrize("said", [{}, {"name": "valentine", "formerly": "heart"}])
def test_another_exposure_or_name_is_told_where_formerly_was_forgotten(declare, goal, said):
    told = words([declare(goal, **said)])
    assert told.startswith("34 accepted frames count for no goal any more, taken for L-180s of 'heart'")
    assert "write 'formerly: L-180s' in it" in told


@pytest.mark.parametrize(("then", "goal"), [("L-180s", L), ("deep", L | {"name": "deep"})])
def test_formerly_is_not_offered_to_a_goal_in_another_filter(declare, then, goal):
    told = words([declare(goal | {"filter": "R"})], lights(goal=then))
    assert told == (
        f"34 accepted frames count for no goal any more, taken for {then} of 'heart': "
        "they count again as soon as a goal of it takes L"
    )
    assert lost([declare(goal | {"filter": "R"}, name="valentine")], lights(goal=then)) == []


def test_tiles_that_lie_elsewhere_now_are_told(declare, train):
    plan = declare(L, mosaic={"columns": 2, "rows": 1})
    (told,) = forgotten(Claims([plan], [train]), lights(3, goal="L-180s_1-1", object="IC 1805_1-1", train=train.name))
    assert told.words == (
        "3 accepted frames of IC 1805 no longer count for 'heart', whose tiles lie elsewhere now: "
        "give the plan with other tiles another name, or take the change back"
    )


def test_a_plan_with_another_name_is_told_by_the_goal_it_has_kept(declare):
    plan = declare(L, name="valentine")
    assert lost([plan]) == [("valentine", 34)]
    assert words([plan]).endswith("if 'valentine' is its new name, write 'formerly: heart' in it")


def test_a_plan_that_was_renamed_and_timed_anew_at_once_is_told_by_where_it_points(declare):
    plan = declare(L | {"exposure": "60 s"}, name="valentine")
    assert lost([plan]) == [("valentine", 34)]
    assert words([plan]).endswith("write 'formerly: heart' in it, and 'formerly: L-180s' in its goal")
    assert lost([declare(L | {"exposure": "60 s"}, name="soul", target="IC 1848")]) == []
    assert lost([declare(L | {"filter": "R"}, name="valentine")]) == []


def test_of_a_plan_that_was_not_given_nothing_is_lost_for_another_that_looks_like_it(declare):
    alike = declare(L, name="valentine")
    assert [*forgotten(Claims([alike]), TAKEN, all_plans=False)] == []
    (told,) = forgotten(Claims([alike, declare(L | {"exposure": "60 s"})]), TAKEN, all_plans=False)
    assert (told.heir, told.frames) == ("heart", 34), "of one that was given it is known"


def test_a_plan_that_is_simply_not_there_is_no_loss(declare):
    begun = lights(3, plan="soul", object="IC 1848")
    assert lost([declare(L, name="soul", target="IC 1848")], TAKEN + begun) == []
    assert lost([]) == []


def test_a_tile_is_not_cured_by_formerly(declare):
    for plan, goal in ((declare(L, mosaic={"columns": 2, "rows": 1}), "L-180s"), (declare(L), "L-180s_2-1")):
        assert "formerly" not in words([plan], lights(5, goal=goal))


def test_the_cure_names_the_goal_without_its_tile_and_the_tiles_are_told_together(declare):
    plan = declare(L | {"exposure": "60 s"}, mosaic={"columns": 2, "rows": 1})
    told = words([plan], lights(5, goal="L-180s_2-1") + lights(2, goal="L-180s_1-1"))
    assert told.startswith("7 accepted frames")
    assert "write 'formerly: L-180s' in it" in told


@pytest.mark.parametrize(
    ("target", "where"), [("IC 1848", "at IC 1848"), ({"ra": "1h", "dec": "+10 deg"}, "elsewhere")]
)
def test_a_plan_that_points_elsewhere_now_is_told_with_what_it_had(declare, target, where):
    plan = declare(L, target=target)
    assert words([plan]) == (
        f"34 accepted frames of IC 1805 no longer count for 'heart', which points {where} now: "
        "give the new target a plan of its own, or take the change back"
    )
    assert words([plan], lights(1)).startswith("1 accepted frame of IC 1805 no longer counts for")


def test_plans_and_filters_are_told_apart(declare):
    plans = [declare(L | {"exposure": "60 s"}), declare(L | {"exposure": "60 s"}, name="soul", target="IC 1848")]
    assert lost(plans, lights(3) + lights(1, plan="soul")) == [("heart", 3), ("soul", 1)]
    changed = [declare({"filter": "B", "exposure": "60 s", "count": 1}), plans[1]]
    told = list(forgotten(Claims(changed), lights(3, goal="deep") + lights(1, goal="deep", filter="R")))
    assert [(each.frames, each.cure.split()[-1]) for each in told] == [(3, "L"), (1, "R")]
    assert told[1].words.startswith("1 accepted frame counts for no goal any more, taken for deep of 'heart'")


def test_a_plan_whose_place_changed_under_its_name_points_elsewhere(declare):
    plan = declare(L, target={"ra": "1h", "dec": "+10 deg"})
    assert ", which points elsewhere now: " in words([plan], lights(2, object="heart"))


def test_a_mosaic_that_points_elsewhere_now_is_told_by_its_target(declare, train):
    plan = declare(L, target="IC 1848", mosaic={"columns": 2, "rows": 1})
    (told,) = forgotten(Claims([plan], [train]), lights(2, goal="L-180s_1-1", object="IC 1805_1-1", train=train.name))
    assert "which points at IC 1848 now" in told.words


def test_lights_of_which_none_stands_for_a_frame_hide_no_others(declare):
    assert lost([declare(L, name="valentine")], [*lights(0), *lights(3), *lights(0)]) == [("valentine", 3)]
