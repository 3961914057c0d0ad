"""The transit that a plan covered: whose it is, and the tables of one filter and one train of the night."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import yaml

from obsy.engine.frames.data_root import DataRoot
from obsy.engine.runtime.transit import asked_beside_s, covered, transit_curve
from obsy.engine.store.record import Product, State, StoredFrame
from obsy.engine.store.store import Store
from obsy.errors import UserError
from obsy.schemas.plan import Plan
from tests.support.frames import A_LIGHT
from tests.support.transit_tables import night_of

NIGHT = date(2026, 11, 21)
PLAN = """\
kind: plan
name: star
target: {ra: 94.79 deg, dec: 73.83 deg, planets: {b: {epoch: 2461366.375 BJD_TDB, period: 3.3 d, duration: 2 h}}}
want: [{filter: [V, Ha], exposure: 60 s, cover: {transit: b, baseline: 20 min}}]
pipeline: photometry
"""


def plan(text=PLAN):
    return Plan.model_validate(yaml.safe_load(text))


@pytest.fixture
def kept(tmp_path):
    """A store of star tables, of which some are in another filter or by another train."""
    root = DataRoot(tmp_path)
    with Store(tmp_path / "store.sqlite") as store:

        def put(tables, role="V", train="newton", **said):
            for number, table in enumerate(tables):
                sha = f"{role}{train}{number}".encode().hex().ljust(64, "0")
                seen = replace(table.observation, frame=sha, filter=role, train=train)
                name = tmp_path / f"{role}-{train}-{number}_stars.ecsv"
                made = Product("stars", name, replace(table, observation=seen).write(name), NIGHT, "nerpio", train, sha)
                light = {"sha256": sha, "path": tmp_path / f"{sha}.fits", "filter": role, "plan": "star"}
                light |= {"goal": f"{role}-60s", "train": train, "site": "nerpio", "accepted": True} | said
                frame = StoredFrame(
                    **A_LIGHT | light, source=f"{sha}.fits", night=NIGHT, state=State.GRADED, pending=False
                )
                store.put(frame, [made])

        yield store, root, put


def test_a_planet_of_our_own_catalogue_is_called_by_its_star_and_not_by_the_plan():
    said = plan()
    assert covered(said.model_copy(update={"target": said.target.said_as("XO-6")}))[0].name == "XO-6 b"


def test_the_planet_is_the_one_that_a_goal_covers_in_all_its_filters():
    planet, roles = covered(plan())
    assert (planet.name, roles) == ("star b", ("V", "Ha"))
    assert planet.ephemeris.epoch_jd == pytest.approx(2461366.375, abs=1e-8)
    assert planet.place == pytest.approx((94.79, 73.83))


def test_a_planet_may_be_covered_as_an_event_too():
    assert covered(plan(PLAN.replace("transit: b", "event: b")))[0].name == "star b"


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ((", cover: {transit: b, baseline: 20 min}", ", count: 3"), "covers no transit: a goal of it says 'cover: "),
        (("transit: b", "event: minimum"), "covers no transit"),
        (("transit: b", "transit: c"), "covers the transit of 'c', of which its target knows nothing"),
    ],
)
def test_a_plan_without_a_transit_is_told_so(change, answer):
    with pytest.raises(UserError, match=answer):
        covered(plan(PLAN.replace(*change)))


@pytest.mark.long
def test_two_filters_and_two_trains_are_never_one_curve(kept):
    store, root, put = kept
    put(night_of(np.ones(7)), "V", "newton")
    put(night_of(np.ones(9)), "V", "refractor")
    put(night_of(np.ones(5)), "Ha", "newton")
    _, taken = transit_curve(store, root, plan(), None)
    assert taken.frames == 9 and taken.night == NIGHT
    assert (
        taken.doubts[0]
        == "of V by refractor alone: beside it there are 7 frames in V by newton, 5 frames in Ha by newton"
    )


def test_what_was_rejected_is_told(kept):
    store, root, put = kept
    put(night_of(np.ones(6)))
    put(night_of(np.ones(2)), train="other", accepted=False, reason="clouds")
    _, taken = transit_curve(store, root, plan(), NIGHT)
    assert taken.frames == 6 and taken.doubts == ("left out: 2 frames: rejected, clouds",)


def test_a_night_whose_frames_were_all_rejected_has_no_curve(kept):
    store, root, put = kept
    put(night_of(np.ones(2)), accepted=False, reason="clouds")
    with pytest.raises(UserError, match="no accepted frame of 'star' in V or Ha with a table of stars"):
        transit_curve(store, root, plan(), None)


@pytest.mark.parametrize(
    ("said", "asked"),
    [("baseline: 20 min", (1200, 1200)), ("before: 10 min, after: 1 h", (600, 3600)), ("after: 5 min", (2700, 300))],
)
def test_what_a_plan_asks_for_beside_a_transit_is_what_the_light_is_judged_by(said, asked):
    assert asked_beside_s(plan(PLAN.replace("baseline: 20 min", said)), "b", "V") == asked
