"""The plans of a pack are plans of this observatory, by other names and changed as it says."""

from pathlib import Path

import pytest

from obsy.engine.declare.check import check
from obsy.engine.declare.read import Reader
from obsy.engine.declare.written import Written
from obsy.schemas.plan import Plan

PACK = "kind: pack\nname: messier\nsource: ../packs/messier\nversion: 1.2.0\n"
PLANS = """kind: plan
name: m31
target: M31
want: lrgb
when: {altitude: above 35 deg, moon: farther than 60 deg}
pipeline: deep-sky
---
kind: plan
name: m42
target: M42
want: [{filter: Ha, exposure: 300 s, total: 2 h}]
pipeline: narrow
---
kind: pipeline
name: narrow
steps: [{step: bias}]
---
kind: exposures
name: lrgb
want: [{filter: L, exposure: 60 s, total: 2 h}]
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("packs/messier").mkdir(parents=True)


def read(pack: str, plans: str = PLANS) -> tuple[list[Written], Reader]:
    Path("pack.yaml").write_text(pack)
    Path("packs/messier/all.yaml").write_text(plans)
    reader = Reader(Path())
    return reader.read([Path("pack.yaml")]), reader


def plan(written: Written) -> Plan:
    checked = check(written, ())
    assert isinstance(checked, Plan), checked
    return checked


def test_plans_and_pipelines_bear_the_name_of_their_pack() -> None:
    (_, m31, m42, narrow), reader = read(PACK)
    assert [each.name for each in (m31, m42, narrow)] == ["messier-m31", "messier-m42", "messier-narrow"]
    assert (m31.value["pipeline"], m42.value["pipeline"]) == ("deep-sky", "messier-narrow")
    assert plan(m31).want[0].key("L") == "L-60s"
    assert str(m31.at("target")) == "packs/messier/all.yaml:3:9"
    assert Path("packs/messier/all.yaml").resolve() in reader.sources(Path("pack.yaml"))
    assert reader.complaints == []


def test_what_the_pack_changes_outranks_its_plans_key_by_key() -> None:
    (_, m31, *_), _ = read(PACK + "plans: [m31]\nchange: {priority: 9, when: {altitude: above 50 deg}}\n")
    said = plan(m31)
    assert said.priority == 9
    assert said.when.altitude is not None and said.when.altitude.above == 50.0
    assert said.when.moon is not None and said.when.moon.farther_than == 60.0
    assert (m31.at("priority").file, m31.at("target").file) == ("pack.yaml", "packs/messier/all.yaml")


def test_only_the_plans_that_are_wanted_are_brought() -> None:
    documents, reader = read(PACK + "plans: [m42, m13]\n")
    assert [each.name for each in documents] == ["messier", "messier-m42", "messier-narrow"]
    (told,) = reader.complaints
    assert (str(told.mark), told.code, told.mend) == ("pack.yaml:5:14", "unknown-reference", "did you mean 'm31'?")


@pytest.mark.parametrize(
    "strange",
    [
        "kind: policy\nname: mine\nsafety: {}\n",
        PLANS + "notes: !secret telegram\n",
        PLANS + "notes: !include ../../pack.yaml\n",
    ],
)
def test_a_pack_brings_nothing_but_plans_and_sees_nothing_of_what_is_here(strange: str) -> None:
    _, reader = read(PACK, strange.replace("kind: exposures", "kind: plan"))
    assert {each.code for each in reader.complaints} & {"not-for-a-pack", "outside"}
