"""A plan is served by a train that has every filter, the field and the scale that it needs."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from obsy.schemas.plan import Plan
from obsy.schemas.reserved import reserved
from obsy.schemas.train import Train
from tests.support.equipment import club

# 13 um at 800 mm are 206265 * 0.013 / 800 = 3.3518 arcsec; 512 of them are 1716.1 arcsec
NEWTON: Train = club().instrument("newton").train


def plan(*roles: str, **needs: str) -> Plan:
    said: dict[str, Any] = {"kind": "plan", "name": "p", "target": "M31", "pipeline": "deep-sky", "needs": needs}
    return Plan.model_validate(said | {"want": [{"filter": list(roles) or ["L"], "exposure": "60 s", "count": 1}]})


def test_a_train_without_one_of_the_filters_does_not_serve() -> None:
    assert plan("L", "R").served_by(NEWTON)
    assert not plan("L", "OIII").served_by(NEWTON)


def test_a_plan_in_colour_is_served_by_the_camera_without_a_wheel_alone() -> None:
    assert [each.name for each in club().instruments if plan("OSC").served_by(each.train)] == ["colour"]


@pytest.mark.parametrize(
    ("needs", "served"),
    [
        ({}, True),
        ({"scale": "below 3.36 arcsec"}, True),
        ({"scale": "below 3.35 arcsec"}, False),
        ({"scale": "above 3.35 arcsec"}, True),
        ({"scale": "above 3.36 arcsec"}, False),
        ({"field": "above 28 arcmin"}, True),
        ({"field": "above 29 arcmin"}, False),
        ({"field": "below 0.5 deg"}, True),
        ({"field": "above 28 arcmin", "scale": "below 1 arcsec"}, False),
    ],
)
def test_a_train_offers_its_scale_and_its_shorter_edge(needs: dict[str, str], served: bool) -> None:
    assert plan(**needs).served_by(NEWTON) is served


@given(bound=st.integers(1, 7200))
def test_a_field_is_above_a_bound_or_below_it(bound: int) -> None:
    above, below = (plan(field=f"{word} {bound} arcsec") for word in ("above", "below"))
    assert above.served_by(NEWTON) is not below.served_by(NEWTON)


def said(goal: dict[str, Any], **more: Any) -> str:
    """The code of what is wrong with a plan of one goal; nothing if it is well."""
    plain = {"kind": "plan", "name": "p", "target": "M31", "pipeline": "deep-sky"}
    try:
        Plan.model_validate(plain | {"want": [{"filter": "L", "exposure": "60 s"} | goal]} | more)
    except ValidationError as error:
        return str(error.errors()[0]["ctx"]["code"])
    return ""


@pytest.mark.parametrize(
    ("goal", "more", "code"),
    [
        ({"count": 9, "run": "at least 45 min"}, {}, ""),
        ({"count": 9, "run": "at least 45 min"}, {"turns": "6 frames"}, "never-both"),
        ({"count": 9}, {"turns": "2.5 frames"}, "not-a-number"),
        ({"count": 9}, {"turns": 6}, "no-unit"),
        ({"count": 9, "nightly": "at most 2"}, {}, "cadence-without-count"),
        ({"count": 3, "every": "3 h", "nightly": "at most 2"}, {}, ""),
        ({"until": {"snr": 100}}, {}, ""),
        ({"until": {"snr": 100}, "count": 3}, {}, "how-much"),
        ({"count": 9}, {"paused": "until 2026-12-24"}, ""),
        ({"count": 9}, {"paused": "until Christmas"}, "not-a-moment"),
    ],
)  # fmt: skip
def test_what_a_plan_may_say_of_its_order_and_its_times(goal: dict[str, Any], more: dict[str, Any], code: str) -> None:
    assert said(goal, **more) == code


def test_what_is_reserved_is_found_where_it_stands() -> None:
    goals = [{"filter": "L", "exposure": "60 s", "count": 1, "burst": {"frames": 9, "rate": "50 fps"}}]
    more = {"want": goals, "tracking": "stars", "guiding": "none", "owner": "ana", "dither": "every 3 frames"}
    plain = {"kind": "plan", "name": "p", "target": "M31", "pipeline": "deep-sky"}
    found = {*reserved(Plan.model_validate(plain | more))}
    assert found == {("want", 0, "burst")}
    assert not [*reserved(plan("L"))]


LIST = ["NGC 891", {"body": "mars"}, {"of": "M31", "east": "40 arcmin"}, {"ra": "12h56m43.7s", "dec": "-21d40m58s"}]
PLAIN = {"kind": "plan", "name": "list", "pipeline": "x", "want": [{"filter": "L", "exposure": "60 s", "count": 1}]}


@given(st.permutations(LIST), st.integers(1, 4))
def test_a_target_of_a_list_keeps_the_name_of_its_plan_wherever_it_stands(order: list[Any], many: int) -> None:
    names = {"list-ngc891", "list-mars", "list-m31-e40-n0", "list-j1256s2140"}
    plans = Plan.model_validate(PLAIN | {"targets": order[:many], "choose": "2 a night"}).written_out()
    assert len({each.name for each in plans} & names) == many
    assert [each.target for each in plans] == [Plan.model_validate(PLAIN | {"target": t}).target for t in order[:many]]
    assert {(each.choose.most, each.choose.of) for each in plans if each.choose} == {(2, "list")}
    assert all(Plan.model_validate(each.said()) == each for each in plans[:1])


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"targets": ["M31"], "choose": "some"}, "not-understood"),
        ({"targets": [{"altitude": "9 deg", "azimuth": "9 deg"}]}, "not-text"),
    ],
)
def test_a_list_is_of_targets_that_have_names(said: dict[str, Any], code: str) -> None:
    with pytest.raises(ValidationError, match=code):
        Plan.model_validate(PLAIN | said)


def test_a_table_of_targets_is_reserved() -> None:
    found = [*reserved(Plan.model_validate(PLAIN | {"targets": {"table": "fields.csv"}}))]
    assert ("targets", "table") in found
