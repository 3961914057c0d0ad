"""Whom a light counts for: what it was asked for, under the names that this has now, while its plan points there."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.declare.names import lookup, resolve
from obsy.engine.declare.target import FixedTarget
from obsy.engine.frames.frame import Frame
from obsy.engine.schedule.claims import Claims, Credits
from obsy.engine.schedule.goal_line import lines, middle
from obsy.schemas.plan import Goal, Plan
from obsy.schemas.train import Train
from tests.support.equipment import example
from tests.support.frames import A_LIGHT

Declare = Callable[..., Plan]
RGB = {"filter": ["R", "G", "B"], "exposure": "240 s", "total": "1 h"}
HA = {"filter": "Ha", "exposure": "300 s", "count": 4}
TWO_BY_TWO = {"columns": 2, "rows": 2, "overlap": "15 %"}
SAID = st.sampled_from([None, "heart", "soul", "gone"])


def taken(object: str = "heart", filter: str | None = "Ha", exposure_s: float = 300.0, **asked: str | None) -> Frame:
    """A light, and what it says it was asked for."""
    return Frame(**A_LIGHT | {"object": object, "filter": filter, "exposure_s": exposure_s}, **asked)


def credited(frame: Frame, *plans: Plan) -> tuple[str, str] | None:
    line = Credits(plans, ["hill"]).line(frame)
    return None if line is None else (line.plan, line.key)


@given(SAID, st.sampled_from(["Ha-300s", "R-240s", "B-60s"]), st.sampled_from([None, "hill"]))
def test_what_a_frame_was_asked_for_outranks_whatever_it_looks_like(
    declare: Declare, plan: str | None, goal: str, site: str | None
) -> None:
    plans = declare(HA, RGB), declare(HA, RGB, name="soul", target="IC 1848")
    got = credited(taken(site=site, plan=plan, goal=goal), *plans)
    known = plan in ("heart", "soul") and goal in ("Ha-300s", "R-240s")
    assert got == (("heart", "Ha-300s") if plan is None else (plan, goal) if known else None)


@pytest.mark.parametrize(
    ("light", "against"),
    [
        (taken(plan="heart", goal="Ha-300s"), ""),
        (taken(plan="heart", goal="Ha-300s", exposure_s=299.9), ""),
        (taken(plan="heart", goal="Ha-300s", exposure_s=297.0), ""),
        (
            taken(plan="heart", goal="Ha-300s", exposure_s=296.9),
            "asked for heart Ha-300s, and it was exposed for 296.9 s",
        ),
        (taken(plan="heart", goal="O-5s", filter="O", exposure_s=5.1), ""),
        (
            taken(plan="heart", goal="O-5s", filter="O", exposure_s=5.2),
            "asked for heart O-5s, and it was exposed for 5.2 s",
        ),
        (taken(plan="heart", goal="Ha-300s", filter=None), ""),
        (taken(plan="heart", goal="R-240s"), "it was asked for heart R-240s, and its filter is Ha"),
        (taken(plan="heart", goal="Ha-300s", exposure_s=3.0), "asked for heart Ha-300s, and it was exposed for 3 s"),
        (taken(plan="heart", goal="Ha-300s", filter="R", site="abroad"), ""),
        (taken(plan="heart", goal="gone"), ""),
        (taken(filter="R"), ""),
    ],
)
def test_a_frame_is_held_against_the_goal_that_it_names(declare: Declare, light: Frame, against: str) -> None:
    said = Credits([declare(HA, RGB, {"filter": "O", "exposure": "5 s", "count": 1})], ["hill"]).contradiction(light)
    assert said.endswith(against) and bool(said) == bool(against)


def test_a_frame_of_a_goal_that_was_renamed_is_held_against_its_name_of_then(declare: Declare) -> None:
    deep = {"filter": "L", "exposure": "240 s", "total": "3 h", "name": "deep", "formerly": "L-180s"}
    whose = Credits([declare(deep)], ["hill"])
    then = taken(plan="heart", goal="L-180s", filter="L", exposure_s=180.0)
    assert whose.line(then) is not None
    assert whose.contradiction(then) == ""
    assert "exposed for 5 s" in whose.contradiction(replace(then, exposure_s=5.0))
    other = replace(then, filter="R")
    assert whose.line(other) is None
    assert whose.contradiction(other) == "it was asked for heart L-180s, and its filter is R: deep takes L"
    assert whose.contradiction(replace(other, site="abroad")) == ""
    now = taken(plan="heart", goal="deep", filter="L", exposure_s=200.0)
    assert whose.contradiction(now) == ""  # of 200 s before, perhaps
    assert "filter is R" in whose.contradiction(replace(now, filter="R"))


ROLES = ["Ha-3nm", "H_a", "L-eXtreme", "H_2-1"]


@pytest.mark.parametrize("mosaic", [{}, {"mosaic": TWO_BY_TWO}])
@pytest.mark.parametrize("name", [{}, {"name": "l-60s"}])
@pytest.mark.parametrize("now", [{}, {"exposure": "200 s"}])
def test_a_light_is_held_against_the_whole_of_a_role_and_the_exposure_that_was_declared(
    declare: Declare, mosaic: Any, name: dict[str, str], now: dict[str, str]
) -> None:
    for role in ROLES:
        goal = HA | {"filter": role} | name
        key = lines(declare(goal, **mosaic))[-1].key
        renamed = {"formerly": [key.removesuffix("_2-2")], "name": "other"} if now else {}
        whose = Credits([declare(goal | now | renamed, **mosaic)], ["hill"])
        light = taken(filter=role, plan="heart", goal=key)
        assert whose.line(light) is not None
        assert whose.contradiction(light) == ""
        assert ("for 3 s" in whose.contradiction(replace(light, exposure_s=3.0))) == (not name)
        for wrong in {role[:1], role[:2], role.split("-")[0], role.split("_")[0], "R"} - {role}:
            stuck = replace(light, filter=wrong)
            assert whose.line(stuck) is None or f"its filter is {wrong}" in whose.contradiction(stuck), (key, wrong)


@pytest.mark.parametrize(
    ("goal", "key", "wrong"),
    [({"name": "l-deep"}, "l-deep", "l"), ({"name": "deep", "filter": ["L", "Ha"]}, "deep-Ha", "L")],
)
def test_a_word_of_a_goals_name_is_no_filter(declare: Declare, goal: dict[str, Any], key: str, wrong: str) -> None:
    whose = Credits([declare(HA | goal)], ["hill"])
    assert f"filter is {wrong}" in whose.contradiction(taken(filter=wrong, plan="heart", goal=key))


def test_what_a_former_name_of_another_filter_of_the_goal_declared_is_no_frame_of_this_one(declare: Declare) -> None:
    former = RGB | {"exposure": "60 s", "formerly": ["R-240s", "G-240s"]}
    stuck = taken(filter="R", exposure_s=240.0, plan="heart", goal="G-240s")
    assert "filter is R" in Credits([declare(former)], ["hill"]).contradiction(stuck)


@given(
    st.sampled_from(["heart", "HEART", "IC 1805", "ic1805", "soul_2-2", "IC 1848_2-2", "m31"]),
    st.sampled_from(["Ha", "R", None]),
    st.sampled_from([300.0, 240.0, 299.0]),
)
def test_a_foreign_frame_counts_by_object_filter_and_exposure(
    declare: Declare, name: str, role: str | None, exposure_s: float
) -> None:
    plans = declare(HA, RGB), declare(HA, name="soul", target="IC 1848", mosaic=TWO_BY_TWO)
    line = Credits(plans, ["hill"]).line(taken(name, role, exposure_s))
    fits = name != "m31" and (role, exposure_s) in ({("Ha", 300.0)} | ({("R", 240.0)} if "_" not in name else set()))
    assert (line is not None) == fits
    if line is not None:
        assert (line.filter, line.goal.exposure, line.plan) == (
            role,
            exposure_s,
            ("soul" if "_" in name else "heart"),
        )


@pytest.mark.parametrize(
    ("asked", "exposure_s", "counts"),
    [("300 s", 300.0004, True), ("300 s", 300.0006, False), ("0.0334 s", 0.033, True)],
)
def test_a_foreign_frames_exposure_is_a_goals_to_the_millisecond(
    declare: Declare, asked: str, exposure_s: float, counts: bool
) -> None:
    plan = declare(HA | {"exposure": asked})
    assert (Credits([plan], ["hill"]).line(taken(exposure_s=exposure_s)) is not None) == counts


def test_a_frame_of_somebody_elses_site_is_foreign_whatever_plan_it_names(declare: Declare) -> None:
    assert credited(taken(site="abroad", plan="heart", goal="R-240s"), declare(HA, RGB)) == ("heart", "Ha-300s")


@pytest.mark.parametrize("site", ["abroad", "renamed"])
def test_of_two_goals_that_a_foreign_frame_looks_like_it_counts_for_the_one_that_it_names(
    declare: Declare, site: str
) -> None:
    plans = declare(HA), declare(HA, name="valentine", target="IC 1805")
    assert credited(taken("ic1805", site=site, plan="valentine", goal="Ha-300s"), *plans) == ("valentine", "Ha-300s")
    assert credited(taken("ic1805", site=site), *plans) == ("heart", "Ha-300s")


CHANGES = [
    (HA, HA | {"exposure": "200 s", "formerly": "Ha-300s"}, {}),
    (HA, HA | {"name": "deep", "formerly": "Ha-300s"}, {}),
    (HA | {"name": "deep"}, HA | {"name": "deep", "exposure": "10 s"}, {}),
    (RGB, RGB | {"exposure": "120 s", "formerly": ["R-240s", "G-240s", "B-240s"]}, {}),
    (RGB | {"name": "old"}, RGB | {"name": "colour", "formerly": "old"}, {}),
    (RGB | {"name": "old"}, RGB | {"name": "colour", "filter": "R", "formerly": "old"}, {}),
    (HA, HA, {"name": "valentine", "formerly": "heart"}),
    (HA, HA | {"exposure": "60 s", "formerly": "Ha-300s"}, {"name": "valentine", "formerly": ["amor", "heart"]}),
]


@pytest.mark.parametrize(("before", "after", "said"), CHANGES)
@pytest.mark.parametrize("mosaic", [{}, {"mosaic": TWO_BY_TWO}])
def test_renaming_and_another_exposure_lose_no_frame_that_formerly_names(
    declare: Declare, before: dict[str, object], after: dict[str, object], said: dict[str, object], mosaic: Any
) -> None:
    old, new = lines(declare(before, **mosaic)), declare(after, **said, **mosaic)
    for line in old:
        frame = taken("anything", line.filter, 1.0, site="hill", plan=line.plan, goal=line.key)
        now = Credits([new], ["hill"]).line(frame)
        kept = line.filter in Goal.model_validate(after).filter
        assert (now is not None) == kept
        if now is not None:
            assert (now.plan, now.filter, now.column, now.row) == (new.name, line.filter, line.column, line.row)


def test_a_name_in_use_is_nobodys_former_one(declare: Declare) -> None:
    plan = declare(HA, HA | {"exposure": "60 s", "formerly": "Ha-300s"})  # which validate complains of
    assert Claims([plan]).now(taken(plan="heart", goal="Ha-300s", object="IC 1805")) == ("heart", "Ha-300s")


@pytest.mark.parametrize(
    ("goal", "former", "role", "now"),
    [
        (RGB | {"name": "colour", "formerly": "old"}, "old-G", "G", "colour-G"),
        (RGB | {"name": "colour", "formerly": "old"}, "old", "G", "colour-G"),
        (RGB | {"name": "colour", "formerly": "old"}, "old", "L", None),
        (RGB | {"exposure": "60 s", "formerly": ["R-240s", "G-240s"]}, "G-240s", "G", "G-60s"),
        (RGB | {"exposure": "60 s", "formerly": ["R-240s", "G-240s"]}, "B-240s", "B", None),
        (RGB | {"exposure": "60 s", "formerly": ["R-240s", "G-240s"]}, "G-240s", "R", "R-60s"),
        (HA | {"exposure": "60 s", "formerly": "H-300s"}, "H-300s", "H", None),
        (HA | {"exposure": "60 s", "formerly": "H-300s"}, "H-300s", "Ha", "Ha-60s"),
        (HA | {"exposure": "60 s", "formerly": "H-300s"}, "H-300s", None, "Ha-60s"),
        (RGB | {"name": "colour", "formerly": "old"}, "old", None, None),
    ],
)
def test_a_former_name_of_several_filters_is_each_filters_own(
    declare: Declare, goal: dict[str, Any], former: str, role: str, now: str | None
) -> None:
    line = Claims([declare(goal)]).line(taken("IC 1805", role, plan="heart", goal=former))
    assert (line.key if line else None) == now


def test_a_goal_that_keeps_its_name_in_another_filter_starts_anew(declare: Declare) -> None:
    claims = Claims([declare(HA | {"filter": "R", "name": "deep"})])
    for role, counts in (("Ha", False), ("R", True), (None, True)):
        assert (claims.now(taken("IC 1805", role, plan="heart", goal="deep")) is not None) == counts


def test_an_entry_that_is_split_by_filter_keeps_what_each_had(declare: Declare) -> None:
    claims = Claims([declare(*({"filter": role, "exposure": "60 s", "count": 1, "formerly": "deep"} for role in "RG"))])
    for role in "RG":
        for name in ("deep", f"deep-{role}"):
            line = claims.line(taken("IC 1805", role, plan="heart", goal=name))
            assert line is not None
            assert line.key == f"{role}-60s"


HEART, SOUL = (lookup(name) for name in ("IC 1805", "IC 1848"))
assert HEART is not None
assert SOUL is not None
AT_HEART, AT_SOUL = (HEART.ra_deg, HEART.dec_deg), (SOUL.ra_deg, SOUL.dec_deg)


def placed(object: str, place: tuple[float, float] | None, **asked: str | None) -> Frame:
    """A light of the plan `heart` that points there."""
    where = {} if place is None else {"ra_deg": place[0], "dec_deg": place[1]}
    said: dict[str, Any] = {"plan": "heart", "goal": "Ha-300s", **asked}
    return Frame(**A_LIGHT | {"object": object, "filter": "Ha", "exposure_s": 300.0} | where, **said)


@pytest.mark.parametrize(
    ("target", "object", "place", "counts"),
    [
        ("IC 1805", "IC 1805", AT_HEART, True),
        ("IC 1805", "IC 1805", AT_SOUL, True),  # a mount that does not know where it points
        ("IC 1805", "Heart Nebula", AT_HEART, True),
        ({"ra": f"{AT_HEART[0] / 15}h", "dec": f"{AT_HEART[1]} deg"}, "IC 1805", AT_HEART, True),
        ("IC 1848", "IC 1805", AT_HEART, False),
        ("IC 1848", "heart", AT_HEART, False),
        ({"ra": f"{AT_SOUL[0] / 15}h", "dec": f"{AT_SOUL[1]} deg"}, "heart", AT_HEART, False),
        ({"ra": f"{AT_SOUL[0] / 15}h", "dec": f"{AT_SOUL[1]} deg"}, "heart", None, True),
        ("IC 1848", "IC 1805", None, False),
        ({"body": "jupiter"}, "IC 1805", AT_HEART, False),
        ({"body": "jupiter"}, "Jupiter", AT_HEART, True),
    ],
)
def test_a_light_counts_while_its_plan_points_where_it_does(
    declare: Declare, target: Any, object: str, place: tuple[float, float] | None, counts: bool
) -> None:
    claims = Claims([declare(HA, target=target)])
    assert claims.now(placed(object, place)) == (("heart", "Ha-300s") if counts else None)


def test_a_plan_named_after_the_body_that_it_left_does_not_keep_its_frames(declare: Declare) -> None:
    claims = Claims([declare(HA, name="jupiter", target={"body": "saturn"})])
    assert claims.now(placed("Jupiter", AT_HEART, plan="jupiter")) is None
    assert claims.now(placed("Jupiter", None, plan="jupiter")) is not None  # of a program that writes the plan's name


def test_a_body_without_a_name_is_called_after_its_plan_whatever_that_was_called(declare: Declare) -> None:
    elements = {
        "perihelion": "2026-11-27 TT",
        "distance": "1.2 au",
        "eccentricity": 0.8,
        "inclination": "95 deg",
        "node": "1 deg",
        "argument": "47 deg",
    }
    claims = Claims([declare(HA, name="comet", formerly="visitor", target=elements)])
    for said, counts in (("comet", True), ("visitor", True), ("M31", False)):
        assert (claims.now(placed(said, AT_HEART, plan="visitor")) is not None) == counts


def test_half_a_field_away_is_still_the_target_and_right_ascension_goes_round(declare: Declare, train: Train) -> None:
    edge = {"ra": "0h00m01s", "dec": "+60 deg"}
    claims = Claims([declare(HA, target=edge)], [train])
    for east, counts in ((-0.4, True), (0.4, True), (-0.6, False), (0.6, False)):
        place = ((east / 0.5) % 360.0, 60.0)
        assert (claims.now(placed("heart", place, train=train.name)) is not None) == counts


@pytest.mark.parametrize(("north", "counts"), [(0.5, True), (0.51, False)])
def test_where_the_field_is_small_or_unknown_half_a_degree_away_is_still_the_target(
    declare: Declare, train: Train, north: float, counts: bool
) -> None:
    plan = declare(HA, target={"ra": "2h", "dec": "+10 deg"})
    for claims in (Claims([plan]), Claims([plan], [train])):
        assert (claims.now(placed("heart", (30.0, 10.0 + north), train=train.name)) is not None) == counts


def test_the_inner_half_of_a_wide_field_is_the_target(declare: Declare, train: Train) -> None:
    wide = train.model_copy(update={"telescope": train.telescope.model_copy(update={"focal_length": 20.0})})
    claims = Claims([declare(HA, target={"ra": "2h", "dec": "+10 deg"})], [wide])
    for share, counts in ((0.49, True), (0.51, False)):
        place = (30.0, 10.0 + share * min(wide.field))
        assert (claims.now(placed("heart", place, train=wide.name)) is not None) == counts


def test_half_a_place_is_none(declare: Declare) -> None:
    claims = Claims([declare(HA)])
    for half in ({"ra_deg": AT_SOUL[0]}, {"dec_deg": AT_SOUL[1]}):
        assert claims.now(replace(placed("heart", None), **half)) == ("heart", "Ha-300s")  # by its name, then


def test_a_site_claims_what_its_plans_ask_for_with_its_trains(declare: Declare) -> None:
    here = example()
    light = placed("IC 1805", AT_HEART, plan="heart", train=here.instruments[0].name)
    for plans, kept in (((declare(HA),), True), ((), False)):
        found = Claims.of(replace(here, plans=plans)).line(light)
        assert (found is not None) == kept


def test_a_tile_points_where_its_train_would_lay_it(declare: Declare, train: Train) -> None:
    wide = train.model_copy(update={"telescope": train.telescope.model_copy(update={"focal_length": 20.0})})
    plan = declare(HA, target={"ra": "2h32m", "dec": "+0 deg"}, mosaic=TWO_BY_TWO)
    claims = Claims([plan], [wide])
    left = (38.0 + wide.field[0] * 0.85 / 2, wide.field[1] * 0.85 / 2)
    for tile, counts in (("1-1", True), ("2-2", False)):
        light = placed(f"heart_{tile}", left, goal=f"Ha-300s_{tile}", train=wide.name)
        assert (claims.now(light) is not None) == counts
        assert Claims([plan]).now(light) is not None  # whose field nobody knows


@pytest.mark.parametrize("target", ["IC 1805", {"ra": "2h32m", "dec": "+61 deg"}])
@pytest.mark.parametrize(
    ("laid", "counts"),
    [
        (TWO_BY_TWO, True),
        (TWO_BY_TWO | {"overlap": "30 %"}, True),  # most of each tile is still what it was
        (TWO_BY_TWO | {"columns": 3}, False),
        (TWO_BY_TWO | {"columns": 4}, False),
    ],
)
def test_a_tile_that_is_laid_out_anew_starts_anew_though_it_has_its_name(
    declare: Declare, train: Train, target: Any, laid: dict[str, Any], counts: bool
) -> None:
    old = declare(HA, target=target, mosaic=TWO_BY_TWO)
    now = Claims([declare(HA, target=target, mosaic=laid)], [train])
    fixed = resolve(old)
    assert isinstance(fixed, FixedTarget)
    for line in lines(old):
        place = middle(line, old, train, (fixed.ra_deg, fixed.dec_deg))
        light = placed(line.object, place, goal=line.key, train=train.name)
        assert (now.now(light) is not None) == counts


def test_a_plan_with_a_mosaic_is_told_from_one_without(declare: Declare) -> None:
    claims = Claims([declare(HA), declare(HA, name="tiled", mosaic=TWO_BY_TWO)])
    assert [claims.tiled(name) for name in ("heart", "tiled")] == [False, True]


def test_what_no_plan_asks_for_keeps_the_names_it_says(declare: Declare) -> None:
    assert Claims([declare(HA)]).now(placed("M31", None, plan="gone")) == ("gone", "Ha-300s")


@pytest.mark.parametrize(("share", "counts"), [(0.332, True), (0.335, False)])
def test_a_tiles_reach_is_a_third_of_the_way_to_the_next(
    declare: Declare, train: Train, share: float, counts: bool
) -> None:
    wide = train.model_copy(update={"telescope": train.telescope.model_copy(update={"focal_length": 20.0})})
    half = {"columns": 2, "rows": 2, "overlap": "50 %"}
    claims = Claims([declare(HA, target={"ra": "2h", "dec": "+0 deg"}, mosaic=half)], [wide])
    (width, height), apart = wide.field, 0.5
    place = (30.0 + width * apart / 2, height * apart / 2 + share * min(wide.field) * apart)
    light = placed("heart_1-1", place, goal="Ha-300s_1-1", train=wide.name)
    assert (claims.now(light) is not None) == counts
