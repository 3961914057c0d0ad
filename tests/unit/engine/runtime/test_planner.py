"""Tonight's questions to what is declared, for the club: two roofs, three mounts, four trains."""

import re
import shutil
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from functools import cache
from math import inf
from pathlib import Path

import pytest

from obsy.cli.intent import page
from obsy.engine.declare.survey import declare
from obsy.engine.events.event import Event
from obsy.engine.events.night import NightFinished
from obsy.engine.events.observing import BlockFailed
from obsy.engine.events.roof import WeatherNoted
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.intent import Calibrate, as_json, intent
from obsy.engine.journal import Journal
from obsy.engine.library.master import CalibrationSet, LightNeed, Master
from obsy.engine.night.tally import Tally
from obsy.engine.runtime.planner import Planner, for_ekos, prepare, preview
from obsy.engine.runtime.seeking import AtOnce
from obsy.engine.schedule.request import Schedule
from obsy.engine.store.store import Store
from obsy.schemas.goal import Unbroken
from obsy.schemas.plan import Dither, Plan
from obsy.schemas.target import OverGround, Satellite
from obsy.schemas.when import When
from tests.support.equipment import ROOT, club, example
from tests.support.satellites import TLE

HOUR = timedelta(hours=1)
PASSING = {
    "kind": "plan",
    "name": "passing",
    "target": {"tle": list(TLE)},
    "want": [{"filter": "L", "exposure": "2 s", "count": 8}],
    "when": {"altitude": "above 25 deg", "sun": "below -10 deg"},
    "pipeline": "photometry",
}


@cache
def planner() -> Planner:
    return replace(prepare(club(), date(2026, 11, 21)), seeking=AtOnce())


@cache
def from_dusk() -> Schedule:
    return planner().schedule(Tally(), dusk())


def dusk() -> datetime:
    at = planner().night.dusk
    assert at is not None
    return at


@pytest.mark.parametrize("download_s", [0.0, 2.0, 8.0])
def test_a_flyover_gives_the_frames_that_are_wanted_by_what_was_learned_of_downloads(download_s: float) -> None:
    plan = Plan.model_validate(PASSING)
    here = prepare(replace(example(), plans=(plan,), targets={plan.name: plan.target}), date(2026, 11, 21))
    learned = {train: replace(each, download_s=download_s) for train, each in here.costs.items()}
    (block,) = replace(here, costs=learned, seeking=AtOnce()).schedule(Tally(), here.night.start).blocks
    assert block.count == 8


def test_frames_that_a_flyover_does_not_hold_are_told() -> None:
    plan = Plan.model_validate({**PASSING, "want": [{"filter": "L", "exposure": "2 s", "count": 500}]})
    here = prepare(replace(example(), plans=(plan,), targets={plan.name: plan.target}), date(2026, 11, 21))
    wanted = replace(here, seeking=AtOnce()).intent(Tally(), here.night.start)
    (block,) = wanted.blocks
    assert 0 < block.count < 500
    words = f"  passing L-2s: {block.count} frames of 500 fit, {500 - block.count} wait for another"
    assert words in page(wanted, "UTC").splitlines()
    assert as_json(wanted)["beyond"] == [{"plan": "passing", "goal": "L-2s", "frames": 500 - block.count}]


MOUNTS = {each.name: each.mount.name for each in club().instruments}


def mounts(schedule: Schedule) -> set[str]:
    """Those that are given a block."""
    return {MOUNTS[block.request.train] for block in schedule.blocks}


def test_every_mount_is_given_work_and_none_two_blocks_at_once() -> None:
    assert mounts(from_dusk()) == set(MOUNTS.values())
    for mount in set(MOUNTS.values()):
        own = sorted((b.start, b.end) for b in from_dusk().blocks if MOUNTS[b.request.train] == mount)
        assert all(one[1] <= other[0] for one, other in zip(own, own[1:], strict=False))


def test_before_its_beginning_a_night_is_planned_as_at_its_beginning() -> None:
    begin = planner().conditions.grid.start
    assert planner().schedule(Tally(), begin - 24 * HOUR) == planner().schedule(Tally(), begin)


def test_a_decision_that_asks_twice_is_planned_once_and_anew_after_anything_has_changed() -> None:
    known, (line, *_) = Tally(), from_dusk().blocks
    first = planner().schedule(known, dusk())
    assert planner().schedule(known, dusk()) is first
    known.take((line.request.line.plan, line.request.line.key), dusk())
    after = planner().schedule(known, dusk())
    assert after is not first and after == planner().schedule(replace(known), dusk())
    assert planner().schedule(Tally(), dusk()) == first, "and the answer is that of the facts, not of the order"


@pytest.mark.parametrize("mount", sorted(set(MOUNTS.values())))
def test_a_mount_that_is_away_gets_nothing_and_the_others_do(mount: str) -> None:
    assert mounts(planner().schedule(Tally(), dusk(), {mount})) == set(MOUNTS.values()) - {mount}


def test_where_every_mount_is_away_there_is_nothing_to_do() -> None:
    found = planner().schedule(Tally(), dusk(), set(MOUNTS.values()))
    assert found.blocks == ()
    assert found.unplaced
    assert "no-train" not in {each.reason.code for each in found.unplaced}, "the trains are there, and away"


def test_a_mount_that_takes_a_block_is_free_when_it_ends() -> None:
    mount, until = next(iter(MOUNTS.values())), dusk() + 2 * HOUR
    found = planner().schedule(Tally(busy={mount: until}), dusk()).blocks
    own = [block for block in found if MOUNTS[block.request.train] == mount]
    assert own and all(block.start >= until for block in own)
    assert any(block.start < until for block in found)


def test_nothing_begins_before_now() -> None:
    now = dusk() + 3 * HOUR
    assert all(block.start >= now for block in planner().schedule(Tally(), now).blocks)


def test_calibration_is_wanted_for_the_lights_to_come_and_for_those_taken() -> None:
    night = planner().intent(Tally(), dusk())
    assert night.blocks == from_dusk().blocks
    wanted = {action.wanted for action in night.actions if isinstance(action, Calibrate)}
    assert wanted == set(planner().lacking(Tally(), dusk()))
    trains = {block.request.train for block in night.blocks}
    assert {each.train for each in wanted} == trains
    train = sorted(trains)[0]
    role = next(block.request.line.filter for block in night.blocks if block.request.train == train)
    taken = Tally(lights={LightNeed(train, 7.0, role)})
    more = set(planner().lacking(taken, dusk())) - wanted
    assert {(each.train, each.kind, each.exposure_s) for each in more} == {(train, "dark", 7.0)}


def test_what_the_library_lacks_is_asked_for_before_the_roof_opens_and_costs_no_light_its_time(
    unbounded: None,
) -> None:
    lacking = planner().lacking(Tally(), dusk())
    known = Tally(masters=[made(each) for each in lacking])
    assert planner().lacking(known, dusk()) == ()
    assert planner().intent(known, dusk()).blocks == from_dusk().blocks
    assert planner().worth(from_dusk(), known, dusk()) == planner().worth(from_dusk(), Tally(), dusk())
    first, *others = planner().intent(Tally(), dusk()).actions
    assert [first, *others][: len(lacking)] == [Calibrate(each) for each in lacking]
    assert not any(isinstance(each, Calibrate) for each in others[len(lacking) - 1 :])


def made(wanted: CalibrationSet) -> Master:
    """The master of a set, taken this evening."""
    camera = club().instrument(wanted.train).train.camera
    readout = camera.gain, camera.offset, camera.binning, camera.temperature, camera.model
    what = wanted.train, wanted.kind, wanted.exposure_s, wanted.filter
    return Master(Path("m.fits"), "0" * 64, *what, *readout, date(2026, 11, 21), dusk() - HOUR, wanted.count)


def test_the_same_tally_and_moment_give_the_same_answer() -> None:
    assert planner().intent(Tally(), dusk()) == planner().intent(Tally(), dusk())


@pytest.mark.long
def test_a_night_that_nobody_has_begun_is_previewed_from_its_beginning_and_makes_no_store(tmp_path: Path) -> None:
    found = preview(club(), tmp_path, date(2026, 11, 21), simulate=True)
    assert found == planner().intent(Tally(), planner().night.start)
    assert list(tmp_path.rglob("*.sqlite")) == []
    assert found.worth is not None
    assert 0 < found.worth.value <= found.worth.at_most


def test_a_night_that_was_cut_off_is_previewed_from_where_its_journal_ends(tmp_path: Path, unbounded: None) -> None:
    day, last = date(2026, 11, 21), dusk() + 3 * HOUR
    with Journal(DataRoot.of(tmp_path, club().site, True).journal(day), day.isoformat()) as journal:
        journal.write(last, WeatherNoted())
    found = preview(club(), tmp_path, day, simulate=True)
    assert found.blocks == planner().intent(Tally(), last).blocks
    assert min(block.start for block in found.blocks) >= last


@pytest.fixture
def unbounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a preview's schedule is worth at most is no matter of these tests, and costs half of their time."""
    monkeypatch.setattr("obsy.engine.schedule.at_most.at_most_with_setups", lambda *_: inf)


def journal(root: Path, *events: Event, at: datetime | None = None) -> None:
    """Write tonight's journal on the simulator, all of it at one moment."""
    day = date(2026, 11, 21)
    with Journal(DataRoot.of(root, club().site, True).journal(day), day.isoformat()) as written:
        for event in events:
            written.write(at or dusk(), event)


def test_a_finished_night_is_previewed_with_what_can_still_be_taken_and_as_nothing_where_that_is_nothing(
    tmp_path: Path, unbounded: None
) -> None:
    journal(tmp_path, NightFinished())
    assert preview(club(), tmp_path, date(2026, 11, 21), simulate=True) == planner().intent(Tally(), dusk())
    journal(tmp_path, NightFinished(), at=planner().night.end)
    nothing = intent(planner().night, club(), Schedule((), ()))
    assert preview(club(), tmp_path, date(2026, 11, 21), simulate=True) == nothing
    assert planner().intent(Tally(), planner().night.end) != nothing, "it would say why each goal finds no room"


def test_blocks_that_failed_before_a_night_was_cut_off_keep_their_plan_waiting_in_its_preview(
    tmp_path: Path, unbounded: None
) -> None:
    first = from_dusk().blocks[0].request.line
    failed = [BlockFailed(plan=first.plan, goal=first.key, reason="no star", in_a_row=n) for n in (1, 2, 3)]
    journal(tmp_path, *failed)
    found = preview(club(), tmp_path, date(2026, 11, 21), simulate=True)
    assert found.blocks == planner().schedule(Tally(failed={first.plan: (dusk(),) * 3}), dusk()).blocks
    assert found.blocks != from_dusk().blocks


def test_a_preview_rests_on_what_the_store_knows(tmp_path: Path, unbounded: None) -> None:
    with Store(DataRoot.of(tmp_path, club().site, True).store):
        pass
    assert preview(club(), tmp_path, date(2026, 11, 21), simulate=True).blocks == (
        planner().schedule(Tally(), planner().night.start).blocks
    )


def test_of_a_real_night_that_is_over_nothing_is_left(tmp_path: Path, unbounded: None) -> None:
    found = preview(club(), tmp_path, date(2024, 11, 21), simulate=False)
    assert found.blocks == ()
    assert preview(club(), tmp_path, date(2024, 11, 21), simulate=True).blocks


def test_calibration_is_wanted_for_goals_that_may_find_time_when_the_night_chooses_anew() -> None:
    *others, cyg = club().plans  # two long runs, for both of which there is not always time
    runs = (
        goal.model_copy(update={"run": Unbroken.model_validate("at least 25 min"), "count": 30}) for goal in cyg.want
    )
    both = replace(club(), plans=(*others, cyg.model_copy(update={"want": tuple(runs)})))
    crowded, spare = replace(planner(), observatory=both, seeking=AtOnce(0)), set()
    for late in range(12):
        at = dusk() + late * HOUR / 2
        schedule, wanted = crowded.schedule(Tally(), at), crowded.lacking(Tally(), at)
        begun = {(block.request.line.plan, block.request.train) for block in schedule.blocks}
        mine = {each.request for each in schedule.unplaced if each.reason.code == "no-time-left"}
        asked = {(each.train, each.line.filter) for each in mine if (each.line.plan, each.train) in begun}
        taken = {(block.request.train, block.request.line.filter) for block in schedule.blocks}
        assert {(train, f) for train, f in taken | asked if club().instrument(train).train.panel} == {
            (each.train, each.filter) for each in wanted if each.kind == "flat"
        }
        spare |= asked
    assert spare


def test_flats_are_taken_for_who_may_find_room_in_a_flyover_once_others_have_had_theirs() -> None:
    satellite, filters = Satellite(tle=TLE), ("L", "R", "G", "B", "V", "Ha", "OIII")
    goal = {"filter": list(filters), "exposure": "2 s", "count": 500}
    said = {"kind": "plan", "name": "flier", "target": {"tle": list(satellite.tle)}, "want": [goal], "pipeline": "p"}
    house = replace(example(), plans=(Plan.model_validate(said),), targets={"flier": satellite})
    flying = replace(prepare(house, date(2026, 11, 21)), seeking=AtOnce(0))
    schedule = flying.schedule(Tally(), flying.night.start)
    assert {each.reason.code for each in schedule.unplaced} == {"flyover-taken"}
    wanted = flying.lacking(Tally(), flying.night.start)
    assert {each.filter for each in wanted if each.kind == "flat"} == {*filters}


def test_no_calibration_is_wanted_for_what_cannot_be_had_or_is_crowded_out_by_other_plans() -> None:
    andromeda, bubble, sliver, _ = plans = list(club().plans)
    many = andromeda.want[0].model_copy(update={"count": 600})
    zenith = sliver.want[1].model_copy(update={"when": When.model_validate({"altitude": "above 89.9 deg"})})
    plans[0] = andromeda.model_copy(update={"want": (many,), "priority": 10})
    plans[2] = sliver.model_copy(update={"want": (sliver.want[0], zenith)})
    crowded, at = (
        replace(planner(), observatory=replace(club(), plans=tuple(plans)), seeking=AtOnce(0)),
        dusk() + 4 * HOUR,
    )
    why = {
        (each.request.line.plan, each.request.line.filter): each.reason
        for each in crowded.schedule(Tally(), at).unplaced
    }
    assert {what: reason.code for what, reason in why.items()} == {
        (bubble.name, "Ha"): "no-time-left",
        (sliver.name, "R"): "altitude",
        ("ss-cyg", "Ic"): "no-time-left",
    }
    wanted = crowded.lacking(Tally(), at)
    assert {each.train for each in wanted} == {"colour", "newton", "cassegrain"}
    assert {each.filter for each in wanted if each.kind == "flat"} == {"OSC", "L", "V", "Ic"}


def test_a_block_has_leeway_and_more_where_what_is_counted_was_learned() -> None:
    assert {block.leeway.until - block.end for block in from_dusk().blocks if block.leeway} == {timedelta(seconds=30)}
    slower = {train: replace(each, settle_s=60.0, late_s=15.0) for train, each in planner().costs.items()}
    blocks = replace(planner(), costs=slower).schedule(Tally(), dusk()).blocks
    given = [block.leeway.until - block.end for block in blocks if block.leeway is not None]
    assert len(given) == len(blocks) > 0
    assert max(given) == timedelta(seconds=45)
    assert min(given) >= timedelta()


def test_another_version_of_a_plan_takes_its_place_and_leaves_the_others_as_they_are() -> None:
    here = planner()
    first, *others = here.observatory.plans
    changed = first.model_copy(update={"priority": 9})
    there = here.with_plan(changed).observatory.plans
    assert there[0] is changed
    assert all(one is other for one, other in zip(there[1:], others, strict=True))


def test_a_night_that_is_changed_is_planned_anew_and_by_the_rules_alone_unless_somebody_looks_for_more() -> None:
    assert from_dusk().blocks
    nothing = replace(planner(), observatory=replace(planner().observatory, plans=()))
    assert nothing.schedule(Tally(), dusk()).blocks == ()
    assert {each.name: each.default for each in fields(Planner)}["seeking"] == AtOnce(0)


def test_a_plan_that_joins_the_night_is_asked_for_and_the_others_are_not_followed_anew() -> None:
    whole = planner()
    *others, last = whole.observatory.plans
    without = prepare(replace(whole.observatory, plans=tuple(others)), date(2026, 11, 21))
    assert last.name not in {each.request.line.plan for each in without.asked(Tally(), dusk())}
    joined = without.joined(whole.observatory)
    assert last.name in {each.request.line.plan for each in joined.asked(Tally(), dusk())}
    assert all(joined.conditions.tracks[each.name] is without.conditions.tracks[each.name] for each in others)


def test_ekos_takes_nothing_for_plans_that_ask_for_what_it_is_not_told() -> None:
    here = planner()
    one, other, third, fourth = here.observatory.plans[:4]
    pace = Dither.model_validate("every 3 frames")
    changed = (
        one.model_copy(update={"dither": pace, "guiding": "none", "tracking": "stars"}),
        other.model_copy(update={"guiding": "required"}),
        third.model_copy(update={"guiding": "none", "tracking": "none"}),
        fourth.model_copy(update={"target": OverGround.model_construct(altitude=60.0, azimuth=0.0)}),
    )
    plans = {each.name: each for each in here.observatory.plans} | {each.name: each for each in changed}
    told = replace(here, observatory=replace(here.observatory, plans=tuple(plans.values())))
    more = {name for name, locs in for_ekos(told).conditions.reserved.items() if locs}
    assert more - {*told.conditions.reserved} == {each.name for each in (one, other, third, fourth)}
    words = {each.name: for_ekos(told).conditions.reserved[each.name][-1][-1] for each in (third, fourth)}
    assert words == {third.name: "tracking", fourth.name: "altitude"}
    assert for_ekos(told).conditions.reserved[one.name][-1] == ("ekos", "dither")
    why = {each.request.line.plan: each.refused for each in for_ekos(told).asked(Tally(), dusk())}
    assert why[one.name].code == "not-built-yet"  # type: ignore[union-attr]
    assert why[one.name].words.startswith("'dither' (by --runner ekos; --runner indi does it) is")  # type: ignore[union-attr]


def test_a_dry_run_of_a_real_night_promises_what_its_runner_takes(tmp_path: Path, unbounded: None) -> None:
    here, day = club(), date(2026, 11, 21)
    wet = tuple(each.model_copy(update={"dither": Dither.model_validate("every 3 frames")}) for each in here.plans)
    here = replace(here, plans=wet)

    def codes(runner: str, simulate: bool = False) -> set[str]:
        return {each.reason.code for each in preview(here, tmp_path, day, simulate, runner).unplaced}

    assert codes("ekos") == {"not-built-yet"}
    assert "not-built-yet" not in codes("indi")
    assert "not-built-yet" not in codes("ekos", simulate=True)


ALERT = """kind: rule
name: bursts
trigger: {alert: gcn/swift}
plan:
  name: after-$name
  target: {ra: $ra, dec: $dec}
  want: [{filter: R, exposure: 45 s, count: 20}]
  pipeline: photometry
lasts: 2 h
mode: live
"""
NAMED = """kind: plan
name: burst
target: {ra: 05h12m30s, dec: 12.5 deg}
want: [{filter: R, exposure: 45 s, count: 20}]
pipeline: photometry
"""


@pytest.mark.parametrize(
    ("rule", "plans", "wanted"),
    [
        (ALERT, "", {("bias", 0.0), ("dark", 45.0)}),
        (re.sub(r"plan:\n(  .*\n)+", "plan: burst\n", ALERT), NAMED, {("bias", 0.0), ("dark", 45.0)}),
        (ALERT.replace("live", "rehearsal"), "", set()),
        (ALERT.replace("{alert: gcn/swift}", "{of: SS Cyg, brighter_than: 11 mag}"), "", set()),
    ],
)
def test_calibration_is_wanted_for_what_a_live_rule_may_make_of_an_alert(
    tmp_path: Path, rule: str, plans: str, wanted: set[tuple[str, float]]
) -> None:
    for room in ("site", "library"):
        shutil.copytree(ROOT / room, tmp_path / room)
    (tmp_path / "library" / "rule.yaml").write_text(rule)
    (tmp_path / "plan.yaml").write_text(plans)
    house = declare(tmp_path, *[tmp_path / "plan.yaml"] * bool(plans))
    alert = replace(prepare(house, date(2026, 11, 21)), seeking=AtOnce(0))
    asked = alert.lacking(Tally(), alert.night.start)
    assert {(each.kind, each.exposure_s) for each in asked if each.kind != "flat"} == wanted
    assert {each.filter for each in asked if each.kind == "flat"} == ({"R"} if wanted else set())
