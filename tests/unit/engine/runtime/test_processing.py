"""What processing is told of a declared observatory."""

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from obsy.engine.declare.survey import declare
from obsy.engine.frames.frame import Frame
from obsy.engine.runtime.processing import rules
from obsy.engine.schedule.goal_line import lines
from obsy.schemas.train import Filter
from tests.support.frames import A_LIGHT

AWAY = """\
kind: site
name: away
latitude: 40 deg
longitude: -4 deg
elevation: 700 m
timezone: Europe/Madrid
data: away
"""
PLAN = """\
kind: plan
name: andromeda
target: M31
want: [{filter: L, exposure: 180 s, total: 3 h}]
pipeline: deep-sky
"""
AMONG_STARS = PLAN.replace("M31", "{ra: 00h42m44s, dec: +41d16m}")
LIGHT = Frame(**A_LIGHT | {"object": "nothing that is declared"}, plan="andromeda", goal="L-180s")


@pytest.mark.parametrize(("site", "ours"), [("home", True), ("away", True), ("cottage", True), ("abroad", False)])
def test_a_frame_of_any_declared_site_by_its_name_or_a_former_one_counts_for_what_it_was_asked_for(
    root: Path, tmp_path: Path, site: str, ours: bool
) -> None:
    here = shutil.copytree(root / "tests" / "golden" / "validate" / "observatory", tmp_path / "here")
    (here / "site" / "away.yaml").write_text(AWAY)
    with (here / "site" / "site.yaml").open("a") as home:
        home.write("formerly: cottage\n")
    (here / "plans").mkdir(exist_ok=True)
    (here / "plans" / "m31.yaml").write_text(PLAN)
    told = rules(declare(here, here / "plans", site="home"))
    train = next(iter(told.trains))
    assert (told.credit(replace(LIGHT, site=site, train=train)) is not None) == ours
    assert (site in told.sites) == ours


@pytest.mark.parametrize("train", [None, "one that was renamed"])
def test_a_light_of_a_train_that_is_not_declared_any_more_counts_for_nothing(root: Path, train: str | None) -> None:
    here = declare(root, root / "plans")
    plan = here.plans[0]
    told, goal = rules(here), lines(plan)[0].key
    asked = replace(LIGHT, site=here.site.name, plan=plan.name, goal=goal)
    assert told.credit(replace(asked, train=here.instruments[0].name)) is not None
    assert told.credit(replace(asked, train=train)) is None


def test_a_retired_train_keeps_what_it_took_and_of_later_frames_has_only_those_that_name_it(root: Path) -> None:
    here = declare(root, root / "plans")
    (heir,) = here.instruments
    gone = replace(heir, train=heir.train.model_copy(update={"name": "old", "retired": date(2026, 5, 1)}))
    told = rules(replace(here, retired=(gone,)))
    plan, camera = here.plans[0], heir.train.camera.model
    goal = lines(plan)[0].key
    assert told.credit(replace(LIGHT, site=here.site.name, plan=plan.name, goal=goal, train="old")) is not None
    later = replace(LIGHT, train=None, telescope="", camera=camera, taken_at=datetime(2026, 5, 2, tzinfo=UTC))
    assert told.train_of(later) == heir.name
    assert told.train_of(replace(later, camera="unheard of")) == heir.name
    assert told.train_of(replace(later, train="old")) == "old"
    evening, before = datetime(2026, 5, 1, 20, tzinfo=UTC), datetime(2026, 5, 1, 2, tzinfo=UTC)
    assert told.train_of(replace(later, taken_at=evening)) == heir.name  # the first night without it
    assert told.train_of(replace(later, taken_at=before)) == "old"  # its last night, after midnight
    assert told.train_of(replace(later, taken_at=datetime(2025, 5, 1, 20, tzinfo=UTC))) == "old"
    assert told.train_of(replace(later, taken_at=before, camera="unheard of")) is None  # of either


def test_a_light_with_the_camera_of_another_train_contradicts_the_train_it_was_asked_of(root: Path) -> None:
    club = root / "docs" / "club"
    here = declare(club, club / "plans", site=None)
    told, one = rules(here), here.instruments[0]
    other = next(each for each in here.instruments if each.train.camera.model != one.train.camera.model)
    plan = next(plan for plan in here.plans if plan.served_by(one.train))
    line = lines(plan)[0]
    exact = {"filter": line.filter, "exposure_s": line.goal.exposure, "site": here.site.name, "train": one.name}
    light = replace(LIGHT, plan=plan.name, goal=line.key, **exact)
    assert told.contradiction(replace(light, camera=one.train.camera.model)) == ""
    assert told.contradiction(replace(light, camera="a camera that nobody declares")) == ""
    assert f"is the camera of {other.name}" in told.contradiction(replace(light, camera=other.train.camera.model))
    assert "filter" in told.contradiction(replace(light, filter="none of ours"))


def test_a_label_is_known_by_the_form_that_a_card_holds_unless_two_have_the_same(root: Path) -> None:
    here = declare(root, root / "plans")
    instrument = next(each for each in here.instruments if each.train.filters is not None)
    filters = instrument.train.filters
    assert filters is not None
    words = [("Ha", "Hα 5 nm"), ("β", "β"), ("V", "Vert é"), ("R", "Vert è")]
    slots = tuple(Filter(role=role, label=label) for role, label in words)
    train = instrument.train.model_copy(update={"filters": filters.model_copy(update={"slots": slots})})
    told = rules(replace(here, instruments=(replace(instrument, train=train),))).trains[train.name]
    asked = ["Hα 5 nm", "H? 5 nm", "Ha", "?", "Vert é", "Vert ?"]
    assert [told.role(label) for label in asked] == ["Ha", "Ha", "Ha", "β", "V", "Vert ?"]


@pytest.mark.parametrize(
    ("said", "trails", "laid"), [("tracking: none", True, False), ("tracking: stars", False, True)]
)
def test_what_is_taken_standing_leaves_trails_and_is_laid_on_no_grid(
    root: Path, tmp_path: Path, said: str, trails: bool, laid: bool
) -> None:
    here = shutil.copytree(root / "tests" / "golden" / "validate" / "observatory", tmp_path / "here")
    (here / "plans").mkdir(exist_ok=True)
    (here / "plans" / "m31.yaml").write_text(AMONG_STARS + said + "\n")
    told = rules(declare(here, here / "plans"))
    credit = told.credit(replace(LIGHT, site="home", train=next(iter(told.trains))))
    assert credit is not None
    assert (credit.trails, credit.field is not None) == (trails, laid)
    passed = replace(LIGHT, object="andromeda", ra_deg=12.5, dec_deg=41.3, train=next(iter(told.trains)))
    assert told.shown(passed) == trails  # the sky has gone on by then
