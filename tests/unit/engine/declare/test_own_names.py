"""An observatory's own names win over obsy's tables, in every plan."""

from pathlib import Path

import pytest

from obsy.engine.declare.names import called, resolve
from obsy.engine.declare.own_names import own_names
from obsy.engine.declare.survey import Survey, survey
from obsy.engine.declare.target import FixedTarget
from obsy.schemas.plan import Plan
from obsy.schemas.target import Comet

CATALOGUE = """kind: catalogue
name: ours
targets:
  field-7: {target: {ra: 10 deg, dec: 20 deg, events: {minimum: {epoch: 2451492.3 HJD, period: 2 d}}}}
  M 31: {target: {ra: 11 deg, dec: 21 deg}, source: "us"}
  our-comet: {target: 161P}
  nothing: {target: no such thing}
"""
PLAN = "kind: plan\nname: it\ntarget: {}\nwant: [{{filter: L, exposure: 60 s, count: 3}}]\npipeline: deep-sky\n"


def seen(root: Path, target: str) -> Survey:
    for room, text in (("library", CATALOGUE), ("plans", PLAN.format(target))):
        (root / room).mkdir()
        (root / room / "it.yaml").write_text(text, encoding="utf-8")
    return survey(root, root / "plans")


def plan(found: Survey) -> Plan:
    return found.declared.of(Plan)[0].document


@pytest.mark.parametrize(("target", "ra_deg"), [("field-7", 10.0), ("Field 7", 10.0), ("m31", 11.0)])
def test_a_plan_points_where_the_own_name_is(tmp_path: Path, target: str, ra_deg: float) -> None:
    found = seen(tmp_path, target)
    there = resolve(plan(found))
    assert isinstance(there, FixedTarget)
    assert there.ra_deg == ra_deg
    assert "unknown-target" not in {each.code for each in found.complaints}


@pytest.mark.parametrize(
    ("target", "name"),
    [("field-7", "field-7"), ("Field 7", "Field 7"), ("M 33", "M 33"), ("{ra: 1 deg, dec: 2 deg}", "it")],
)
def test_a_target_is_called_as_the_plan_says_it_or_else_as_the_plan(tmp_path: Path, target: str, name: str) -> None:
    assert called(plan(seen(tmp_path, target))) == name


def test_a_plan_adds_its_events_to_those_of_the_name(tmp_path: Path) -> None:
    found = seen(tmp_path, "{name: field-7, events: {maximum: {epoch: 2451493.3 HJD, period: 2 d}}}")
    there = resolve(plan(found))
    assert isinstance(there, FixedTarget)
    assert set(there.events) == {"minimum", "maximum"}


def test_a_plan_may_point_beside_an_own_name(tmp_path: Path) -> None:
    there = resolve(plan(seen(tmp_path, "{of: field-7, north: 1 deg}")))
    assert isinstance(there, FixedTarget)
    assert (there.ra_deg, there.dec_deg) == pytest.approx((10.0, 21.0))


def test_a_name_may_stand_for_another(tmp_path: Path) -> None:
    assert isinstance(resolve(plan(seen(tmp_path, "our comet"))), Comet)


def test_a_name_that_stands_for_nothing_is_told(tmp_path: Path) -> None:
    (told,) = [each for each in seen(tmp_path, "nothing").complaints if each.code == "unknown-target"]
    assert Path(told.mark.file).name == "it.yaml"
    assert told.mend.endswith("ask with 'obsy target nothing --online'")


def test_own_names_are_told_by_their_keys(tmp_path: Path) -> None:
    assert set(own_names(seen(tmp_path, "M31").declared)) == {"field7", "m31", "ourcomet", "nothing"}
