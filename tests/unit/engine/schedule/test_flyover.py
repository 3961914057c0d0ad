"""What flies has a time of its own, and a place over the ground is there all night."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from obsy.engine.declare.instrument import Instrument
from obsy.engine.declare.names import meant
from obsy.engine.progress import Progress
from obsy.engine.schedule.candidates import DoneSoFar, candidates
from obsy.engine.schedule.conditions import ObservingConditions, body
from obsy.engine.schedule.fit import WANDERS_S, Timeline, most_frames
from obsy.engine.schedule.goal_line import lines
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Candidate
from obsy.engine.schedule.tonight import tonight
from obsy.engine.sequencer.setting_up import aims_s
from obsy.engine.sky.grid import Grid, Window
from obsy.engine.sky.horizon import Skyline
from obsy.engine.sky.tracks import tracks
from obsy.schemas.plan import Plan
from obsy.schemas.train import Train
from tests.support.equipment import carrying
from tests.support.satellites import OVER, TLE

Declare = Callable[..., Plan]
GRID = Grid(datetime(2026, 11, 21, 17, 20, tzinfo=UTC), 60.0, 120)
FEW = {"filter": "L", "exposure": "2 s", "count": 8}
DUSK = {"altitude": "above 25 deg", "sun": "below -10 deg"}
FLYOVER = Window(datetime(2026, 11, 21, 18, 6, 34, tzinfo=UTC), datetime(2026, 11, 21, 18, 14, 26, tzinfo=UTC))
"""As `sky/test_flyover.py` holds against skyfield, rounded."""
HIGHEST = datetime(2026, 11, 21, 18, 10, 20, tzinfo=UTC)
PLACE = {"altitude": "45 deg", "azimuth": "150 deg"}
STAR = {"ra": "22h00m00s", "dec": "+40d00m00s"}


@pytest.fixture
def follow(declare: Declare) -> Callable[..., tuple[Plan, ObservingConditions]]:
    def _follow(want: dict[str, Any], grid: Grid = GRID, **said: Any) -> tuple[Plan, ObservingConditions]:
        plan = declare(want, **{"target": {"tle": list(TLE)}, "when": DUSK} | said)
        (track,) = tracks([body(meant(plan.target))], grid, OVER)  # type: ignore[arg-type]
        return plan, ObservingConditions(grid, OVER, Skyline.through([(0.0, 10.0)]), {plan.name: track}, {})

    return _follow


def asked(
    train: Train, of: tuple[Plan, ObservingConditions], now: datetime = GRID.start, done: Progress | None = None
) -> Candidate:
    plan, sky = of
    known = DoneSoFar({} if done is None else {(plan.name, f"L-{plan.want[0].exposure:g}s"): done})
    (found,) = candidates([plan], [carrying(train)], sky, known, now)
    return found


def with_mount(train: Train, sort: str) -> Instrument:
    german = carrying(train)
    return replace(german, mount=german.mount.model_copy(update={"type": sort}))


def timeline(train: Train, begin: datetime = GRID.start) -> Timeline:
    return Timeline(GRID, {train.name: Overheads.of(carrying(train))}, begin)


def test_the_frames_that_are_wanted_are_taken_where_it_stands_highest(follow: Any, train: Train) -> None:
    found = asked(train, follow(FEW))
    each_s = 2 + train.camera.download + aims_s(carrying(train).mount)
    assert found.refused is None
    assert found.fixed is not None
    assert found.fixed.length == timedelta(seconds=8 * each_s)
    assert FLYOVER.start < found.fixed.start < found.fixed.end < FLYOVER.end
    middle = found.fixed.start + found.fixed.length / 2
    assert abs(middle - HIGHEST) < timedelta(seconds=20)
    (block,) = tonight([found], [timeline(train)]).blocks
    assert (block.start, block.count, block.fixed, block.ra_rate) == (found.fixed.start, 8, True, 0.0)


@pytest.mark.parametrize(
    ("sort", "begins_s", "frames"), [("fork", 0, range(26, 40)), ("german-equatorial", 136, range(18, 22))]
)
def test_more_than_a_flyover_holds_takes_all_of_it_or_all_on_one_side_of_a_german_mount(
    sort: str, begins_s: float, frames: range, follow: Any, train: Train
) -> None:
    plan, sky = follow(FEW | {"count": 500})
    (found,) = candidates([plan], [with_mount(train, sort)], sky, DoneSoFar(), GRID.start)
    assert found.fixed is not None
    assert abs((found.fixed.start - FLYOVER.start).total_seconds() - begins_s) < 1 + 14
    assert found.fixed.end <= FLYOVER.end + timedelta(seconds=1)
    assert found.request.count in frames
    (block,) = tonight([found], [timeline(train)]).blocks
    assert block.count == found.request.count


def several(train: Train, of: tuple[Plan, ObservingConditions], *more: Plan) -> list[Candidate]:
    plan, sky = of
    known = replace(sky, tracks={each.name: sky.tracks[plan.name] for each in (plan, *more)})
    return candidates([plan, *more], [carrying(train)], known, DoneSoFar(), GRID.start)


def test_goals_that_share_a_flyover_are_taken_one_after_the_other(follow: Any, train: Train) -> None:
    of = follow(FEW | {"filter": ["L", "Ha"], "count": 5})
    first, second = (each.fixed for each in several(train, of))
    assert first is not None
    assert second is not None
    costs = Overheads.of(carrying(train))
    between_s = max((first.start - second.end).total_seconds(), (second.start - first.end).total_seconds())
    assert costs.filter_s + costs.aims_s <= between_s < costs.filter_s + costs.aims_s + 1
    assert min(first.start, second.start) >= FLYOVER.start
    assert max(first.end, second.end) <= FLYOVER.end
    found = tonight(several(train, of), [timeline(train)])
    assert (sorted(each.count for each in found.blocks), found.unplaced) == ([5, 5], ())


def test_of_two_plans_that_share_a_flyover_the_more_wanted_is_taken_where_it_is_highest(
    follow: Any, train: Train
) -> None:
    plan, sky = follow(FEW)
    alone = asked(train, (plan, sky)).fixed
    other = plan.model_copy(update={"name": "other", "priority": plan.priority + 3})
    less, more = several(train, (plan, sky), other)
    assert more.fixed == alone
    assert less.fixed is not None
    assert alone is not None
    assert less.fixed.end <= alone.start or less.fixed.start >= alone.end


def test_who_finds_a_flyover_taken_is_told_so_and_not_that_it_would_be_cut(follow: Any, train: Train) -> None:
    plan, sky = follow(FEW | {"count": 500})
    others = [plan.model_copy(update={"name": name}) for name in ("second", "third")]
    found = tonight(several(train, (plan, sky), *others), [timeline(train)])
    assert {each.reason.code for each in found.unplaced} == {"flyover-taken"}


def test_what_could_go_to_another_train_takes_no_room_from_its_own_plan(follow: Any, train: Train) -> None:
    plan, sky = follow(FEW)
    twin = carrying(train.model_copy(update={"name": "twin"}))
    one, two = candidates([plan], [carrying(train), twin], sky, DoneSoFar(), GRID.start)
    assert one.fixed is not None
    assert one.fixed == two.fixed


@pytest.mark.parametrize("download_s", [0.0, 2.0, 8.0])
def test_as_many_frames_are_taken_as_are_wanted_whatever_a_download_was_learned_to_take(
    follow: Any, train: Train, download_s: float
) -> None:
    plan, sky = follow(FEW)
    costs = {train.name: replace(Overheads.of(carrying(train)), download_s=download_s)}
    (found,) = candidates([plan], [carrying(train)], sky, DoneSoFar(costs=costs), GRID.start)
    (block,) = tonight([found], [Timeline(GRID, costs, GRID.start)]).blocks
    assert (block.count, block.end - block.start) == (
        8,
        timedelta(seconds=8 * costs[train.name].each_s(found.request.line)),
    )


def test_no_more_of_a_flyover_is_taken_than_is_wanted_where_frames_follow_sooner_than_was_reckoned(
    follow: Any, train: Train
) -> None:
    found = asked(train, follow(FEW))
    sooner = replace(Overheads.of(carrying(train)), download_s=0.0)
    (block,) = tonight([found], [Timeline(GRID, {train.name: sooner}, GRID.start)]).blocks
    assert block.count == 8


def test_a_flyover_is_worked_out_once_a_night(follow: Any, train: Train) -> None:
    plan, sky = follow(FEW)
    asked(train, (plan, sky))
    (known,) = sky.known.values()
    worked_out = known.flyovers
    asked(train, (plan, sky), FLYOVER.start)
    assert [each.flyovers for each in sky.known.values()] == [worked_out]


def test_the_mount_is_sent_to_where_it_is_when_its_frames_begin(follow: Any, train: Train) -> None:
    plan, sky = follow(FEW)
    (block,) = tonight([asked(train, (plan, sky))], [timeline(train)]).blocks
    (there,) = tracks([plan.target], Grid(block.start, 1.0, 1), OVER)
    assert (block.ra_deg, block.dec_deg) == pytest.approx((there.ra_deg[0], there.dec_deg[0]), abs=1e-5)


def test_one_whose_frames_are_being_taken_goes_on_from_now(follow: Any, train: Train) -> None:
    now = FLYOVER.start + timedelta(minutes=3)
    begun = Progress(frames=2, waiting=2, accepted_at=(FLYOVER.start + timedelta(minutes=2),) * 2)
    found = asked(train, follow(FEW), now, begun)
    assert found.begun
    assert found.fixed is not None
    assert found.fixed.start == now
    assert found.request.count == 6


def test_once_it_has_been_highest_its_frames_begin_now_and_not_before(follow: Any, train: Train) -> None:
    now = HIGHEST + timedelta(minutes=1)
    found = asked(train, follow(FEW), now)
    assert found.fixed is not None
    assert (found.fixed.start, found.request.count) == (now, 8)


def test_where_it_is_highest_shortly_before_the_end_its_frames_end_by_then(follow: Any, train: Train) -> None:
    night = replace(GRID, count=52)  # it ends 40 s after it is highest
    plan, sky = follow(FEW | {"count": 12}, grid=night)
    (found,) = candidates([plan], [with_mount(train, "fork")], sky, DoneSoFar(), night.start)
    assert found.fixed is not None
    assert found.fixed.end == night.end


def test_frames_of_an_earlier_flyover_begin_none(follow: Any, train: Train) -> None:
    now, earlier = FLYOVER.start + timedelta(minutes=1), FLYOVER.start - timedelta(hours=2)
    done = Progress(frames=2, waiting=2, accepted_at=(earlier,) * 2)
    found = asked(train, follow(FEW), now, done)
    assert not found.begun
    assert found.fixed is not None
    assert abs(found.fixed.start + found.fixed.length / 2 - HIGHEST) < timedelta(seconds=20)


def test_one_that_passes_in_the_shadow_alone_is_told_so(follow: Any, train: Train) -> None:
    late = Grid(GRID.start + timedelta(hours=4), 60.0, 300)
    unlit = [TLE[0], TLE[1].replace("180.0000 ", " 60.0000 ")[:-1] + "1"]
    found = asked(train, follow(FEW, grid=late, target={"tle": unlit}), late.start)
    assert found.refused is not None
    assert (found.refused.code, found.fixed) == ("in-shadow", None)


@pytest.mark.parametrize(
    ("said", "now", "code"),
    [
        ({}, FLYOVER.end, "no-flyover"),
        ({"when": DUSK | {"altitude": "above 88 deg"}}, GRID.start, "altitude"),
        ({"when": DUSK | {"sun": "below -40 deg"}}, GRID.start, "never-dark"),
    ],
)
def test_it_is_said_why_it_cannot_be_had(follow: Any, train: Train, said: Any, now: datetime, code: str) -> None:
    found = asked(train, follow(FEW, **said), now)
    assert found.refused is not None
    assert found.refused.code == code


def test_one_exposure_that_is_longer_than_the_flyover_is_told(follow: Any, train: Train) -> None:
    found = asked(train, follow(FEW | {"exposure": "600 s"}))
    assert found.refused is not None
    each_s = Overheads.of(carrying(train)).each_s(found.request.line)
    words = f"600 s takes, {each_s:.0f} s with the way of the mount and the download"
    assert found.refused.words == f"no flyover tonight lasts as long as one exposure of {words}"


def test_other_limits_are_looked_at_anew(follow: Any, train: Train) -> None:
    plan, sky = follow(FEW | {"count": 500})
    long = asked(train, (plan, sky))
    higher = plan.model_copy(update={"when": plan.when.model_validate(DUSK | {"altitude": "above 55 deg"})})
    short = asked(train, (higher, sky))
    assert long.fixed is not None
    assert short.fixed is not None
    assert short.fixed.length < long.fixed.length / 2


def test_a_place_over_the_ground_is_there_whenever_the_sky_is_and_needs_no_side(follow: Any, train: Train) -> None:
    dark = {"sun": "below -10 deg"}
    still = asked(train, follow(FEW | {"count": 900}, target=PLACE, when=dark))
    assert still.refused is None
    assert still.fixed is None
    first = int(still.free.argmax())
    assert still.free[first:].all()
    blocks = tonight([still], [timeline(train)]).blocks
    assert sum(each.count for each in blocks) == 900
    assert {(each.ra_rate, each.dec_rate) for each in blocks} == {(0.0, 0.0)}


def test_where_the_stars_are_followed_a_place_is_pointed_at_anew_every_few_minutes(follow: Any, train: Train) -> None:
    wander = asked(train, follow(FEW, target=PLACE, tracking="stars")).request.line
    still = asked(train, follow(FEW, target=PLACE)).request.line
    assert (most_frames(wander, 10.0), most_frames(still, 10.0)) == (WANDERS_S // 10, 360)


@pytest.mark.parametrize(
    ("target", "tracking", "does"),
    [  # follows, stands, aims anew, is paced
        (STAR, "target", (True, False, False, True)),
        (STAR, "stars", (True, False, False, False)),
        (STAR, "none", (False, True, True, False)),
        (PLACE, "target", (False, True, False, False)),
        (PLACE, "none", (False, True, False, False)),
        (PLACE, "stars", (False, False, False, False)),
        ({"tle": list(TLE)}, "target", (False, False, True, False)),
        ({"tle": list(TLE)}, "none", (False, True, True, False)),
    ],
)
def test_what_a_mount_does_is_told_by_target_and_tracking(target: Any, tracking: str, does: tuple[bool, ...]) -> None:
    plan = Plan.model_validate(
        {"kind": "plan", "name": "p", "target": target, "tracking": tracking, "want": [FEW], "pipeline": "x"}
    )
    (line,) = lines(plan)
    assert (line.follows, line.stands, line.aims_anew, line.paced) == does


def test_what_is_aimed_at_for_each_frame_costs_its_way(follow: Any, train: Train) -> None:
    mine = timeline(train)
    still, anew = (asked(train, follow(FEW, target=each, tracking="none")).request for each in (PLACE, STAR))
    assert mine.each_s(anew) - mine.each_s(still) == aims_s(carrying(train).mount)


def test_a_cadence_waits_until_it_is_due(follow: Any, train: Train) -> None:
    plan, sky = follow(FEW | {"every": "1 d"})
    before = FLYOVER.end - timedelta(days=1) + timedelta(minutes=1)
    done = Progress(frames=8, accepted=8, accepted_at=(before,) * 8)
    late = asked(train, (plan, sky), GRID.start, done)
    assert late.refused is not None
    assert late.refused.code == "no-flyover"
