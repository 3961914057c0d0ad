"""Declared less done: what still wants something asks for it, or says why it cannot."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from astropy.time import Time

from obsy.engine.declare.target import Ephemeris
from obsy.engine.progress import NOTHING, Progress
from obsy.engine.schedule.candidates import DoneSoFar, candidates
from obsy.engine.schedule.chances import hours
from obsy.engine.schedule.conditions import ObservingConditions
from obsy.engine.schedule.request import Candidate, Claim
from obsy.engine.schedule.shares import Shares
from obsy.engine.signal import Signal
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.horizon import Skyline
from obsy.engine.sky.openings import openings
from obsy.engine.sky.track import Track
from obsy.schemas.calibration import FlatNeed
from obsy.schemas.constraints.downtime import Downtime
from obsy.schemas.constraints.meridian_zone import MeridianZone
from obsy.schemas.people import Person, Share
from obsy.schemas.plan import Plan
from obsy.schemas.reserved import reserved
from obsy.schemas.site import Location
from obsy.schemas.train import Train
from tests.support.equipment import carrying

Declare = Callable[..., Plan]
See = Callable[..., ObservingConditions]
FEW = {"filter": "L", "exposure": "180 s", "count": 10}
VISIT = {"filter": "L", "exposure": "60 s", "count": 3, "every": "2 d"}
HOUR = timedelta(hours=1)
NOT_YET = "not carried out in this version yet"


@pytest.fixture
def see(grid: Grid) -> See:
    """A sky drawn for every plan: dark all night and 60 deg high, if nothing else is said."""

    def _see(*plans: Plan, **drawn: np.ndarray) -> ObservingConditions:
        plain = dict.fromkeys(Track.__dataclass_fields__, np.zeros(grid.count)) | {
            "grid": grid,
            "longitude_deg": 0.0,
            "phases": {},
            "ra_deg": np.full(grid.count, 38.2),
            "dec_deg": np.full(grid.count, 61.45),
            "altitude_deg": np.full(grid.count, 60.0),
            "sun_altitude_deg": np.full(grid.count, -30.0),
        }
        track = Track(**plain | drawn)  # type: ignore[arg-type]
        star = (Fixed(38.2, 61.45), {"b": Ephemeris(2451545.0, 1000.0, 3.0)})
        names = [plan.name for plan in plans]
        skyline = Skyline.through([(0.0, 10.0)])
        return ObservingConditions(
            grid, Location(38.2, -2.3), skyline, dict.fromkeys(names, track), dict.fromkeys(names, star)
        )

    return _see


def code(candidate: Candidate) -> str | None:
    """Why a request is refused; None if it stands."""
    return candidate.refused.code if candidate.refused else None


def test_a_line_asks_for_what_it_has_not_got(declare: Declare, train: Train, see: See, grid: Grid) -> None:
    plan = declare(FEW, priority=7)
    ledger = {("heart", "L-180s"): Progress(frames=5, accepted=3, rejected=1, waiting=1)}
    (found,) = candidates([plan], [carrying(train)], see(plan), DoneSoFar(ledger), grid.start)
    request = found.request
    assert (request.line.key, request.line.picture, request.train) == ("L-180s", "heart", "newton")
    assert (request.line.filter, request.count, request.claim.priority) == ("L", 6, 7)
    assert found.refused is None
    assert found.free.all()


def test_a_line_that_has_everything_asks_for_nothing(declare: Declare, train: Train, see: See, grid: Grid) -> None:
    plan = declare(FEW)
    ledger = {("heart", "L-180s"): Progress(frames=10, accepted=10)}
    assert candidates([plan], [carrying(train)], see(plan), DoneSoFar(ledger), grid.start) == []


def test_lines_ask_in_the_order_of_plans_and_goals(declare: Declare, train: Train, see: See, grid: Grid) -> None:
    plans = [declare(FEW, {"filter": ["R", "Ha"], "exposure": "60 s", "count": 1}), declare(FEW, name="soul")]
    found = candidates(plans, [carrying(train)], see(*plans), DoneSoFar(), grid.start)
    assert [(r.request.line.plan, r.request.line.filter) for r in found] == [
        ("heart", "L"),
        ("heart", "R"),
        ("heart", "Ha"),
        ("soul", "L"),
    ]


def test_a_plan_that_no_train_serves_says_so(declare: Declare, train: Train, see: See, grid: Grid) -> None:
    plan = declare(FEW, needs={"scale": "below 1 arcsec"})
    (found,) = candidates([plan], [carrying(train)], see(plan), DoneSoFar(), grid.start)
    assert (code(found), found.request.train) == ("no-train", "")


def test_a_mosaic_that_no_train_serves_says_so_for_every_tile(
    declare: Declare, train: Train, see: See, grid: Grid
) -> None:
    plan = declare(FEW, needs={"scale": "below 1 arcsec"}, mosaic={"columns": 2, "rows": 1})
    found = candidates([plan], [carrying(train)], see(plan), DoneSoFar(), grid.start)
    assert [code(each) for each in found] == ["no-train", "no-train"]


@pytest.mark.parametrize(
    ("drawn", "word"),
    [
        ({"sun_altitude_deg": -17.0}, "never-dark"),
        ({"altitude_deg": 9.0}, "below-horizon"),
        ({"altitude_deg": 15.0}, "altitude"),
        ({"altitude_deg": 40.0, "moon_altitude_deg": 30.0, "moon_illuminated_percent": 90.0}, "moon"),
    ],
)
def test_what_is_never_free_says_what_stands_in_the_way(
    declare: Declare, train: Train, see: See, drawn: dict[str, float], word: str
) -> None:
    plan = declare(FEW, when={"moon": "fainter than 40 %"})
    conditions = see(plan, **{name: np.full(601, value) for name, value in drawn.items()})
    (found,) = candidates([plan], [carrying(train)], conditions, DoneSoFar(), conditions.grid.start)
    assert code(found) == word


def test_the_when_of_a_goal_comes_before_the_plans(declare: Declare, train: Train, see: See, grid: Grid) -> None:
    plan = declare(FEW, FEW | {"filter": "Ha", "when": {"altitude": "above 30 deg"}}, when={"altitude": "above 70 deg"})
    broad, narrow = candidates([plan], [carrying(train)], see(plan), DoneSoFar(), grid.start)
    assert (code(broad), code(narrow)) == ("altitude", None)


def test_a_cadence_that_is_due_later_tonight_waits_for_its_time(
    declare: Declare, train: Train, see: See, grid: Grid
) -> None:
    plan = declare(VISIT)
    due = grid.start + 3 * HOUR
    first = due - timedelta(days=2)
    ledger = {("heart", "L-60s"): Progress(frames=3, accepted=3, accepted_at=(first,) * 3)}
    (found,) = candidates([plan], [carrying(train)], see(plan), DoneSoFar(ledger), grid.start)
    assert (code(found), found.request.count) == (None, 3)
    assert grid.at(int(np.flatnonzero(found.free)[0])) >= due
    assert found.free[grid.index(due) + 1 :].all()


def test_a_cadence_that_is_due_after_tonight_is_not_due(declare: Declare, train: Train, see: See, grid: Grid) -> None:
    plan = declare(VISIT)
    first = grid.end + HOUR - timedelta(days=2)
    ledger = {("heart", "L-60s"): Progress(frames=3, accepted=3, accepted_at=(first,) * 3)}
    (found,) = candidates([plan], [carrying(train)], see(plan), DoneSoFar(ledger), grid.start)
    assert code(found) == "not-due"
    assert found.refused is not None
    assert found.refused.words == "its cadence makes it due on 2026-11-22 at 05:00 UTC"


def test_a_visit_that_was_had_tonight_is_not_due_however_little_is_left_of_its_window(
    declare: Declare, train: Train, see: See, grid: Grid
) -> None:
    plan, now = declare(VISIT), grid.start + 5 * HOUR
    set_since = np.where(np.arange(grid.count) < grid.index(now), 60.0, 0.0)
    had = {("heart", "L-60s"): Progress(frames=3, accepted=3, accepted_at=(grid.start + HOUR,) * 3)}
    for at in (now, grid.end):
        (found,) = candidates([plan], [carrying(train)], see(plan, altitude_deg=set_since), DoneSoFar(had), at)
        assert code(found) == "not-due"


def test_a_window_shorter_than_an_exposure_is_too_short(declare: Declare, train: Train, see: See, grid: Grid) -> None:
    plan = declare(FEW)
    altitude = np.zeros(grid.count)
    altitude[100:103] = 60.0  # three instants a minute apart: two minutes
    (found,) = candidates([plan], [carrying(train)], see(plan, altitude_deg=altitude), DoneSoFar(), grid.start)
    assert code(found) == "window-too-short"


def test_a_window_of_one_exposure_is_long_enough(declare: Declare, train: Train, see: See, grid: Grid) -> None:
    plan = declare(FEW)
    altitude = np.zeros(grid.count)
    altitude[100:104] = 60.0
    (found,) = candidates([plan], [carrying(train)], see(plan, altitude_deg=altitude), DoneSoFar(), grid.start)
    assert code(found) is None


def test_a_transit_asks_even_where_nothing_is_counted(declare: Declare, train: Train, see: See, grid: Grid) -> None:
    plan = declare({"filter": "L", "exposure": "60 s", "cover": {"transit": "b", "baseline": "20 min"}})
    (found,) = candidates([plan], [carrying(train)], see(plan), DoneSoFar(), grid.start)
    assert code(found) == "no-transit-tonight"  # the drawn planet's year is a thousand days


def test_a_transit_asks_for_the_frames_that_fit_into_it_with_their_downloads(
    declare: Declare, train: Train, see: See, grid: Grid
) -> None:
    plan = declare({"filter": "L", "exposure": "60 s", "cover": {"transit": "b", "baseline": "20 min"}})
    middle = Time(grid.start + 5 * HOUR).jd
    planets = {"heart": (Fixed(38.2, 61.45), {"b": Ephemeris(middle, 3.0, 2.0)})}
    (found,) = candidates([plan], [carrying(train)], replace(see(plan), events=planets), DoneSoFar(), grid.start)
    assert code(found) is None
    assert found.request.count == 160 * 60 // (60 + train.camera.download)
    assert found.request.claim.season == 0.0, "its season is its transit"
    (found,) = candidates([plan], [], see(plan), DoneSoFar(), grid.start)
    assert (code(found), found.request.count) == ("no-train", 1)


def test_each_tile_asks_for_itself_round_the_target(declare: Declare, train: Train, see: See, grid: Grid) -> None:
    plan = declare(FEW, mosaic={"columns": 2, "rows": 2})
    found = candidates([plan], [carrying(train)], see(plan), DoneSoFar(), grid.start)
    assert [candidate.request.line.picture for candidate in found] == [
        "heart_1-1",
        "heart_2-1",
        "heart_1-2",
        "heart_2-2",
    ]
    assert np.mean([candidate.dec_deg for candidate in found]) == pytest.approx(61.45)
    assert [candidate.ra_deg[0] > 38.2 for candidate in found] == [True, False, True, False]


def test_a_tile_follows_its_target(declare: Declare, train: Train, see: See, grid: Grid) -> None:
    plan = declare(FEW, mosaic={"columns": 2, "rows": 1})
    moving = (359.9 + grid.seconds / 36000) % 360.0
    east, _ = candidates([plan], [carrying(train)], see(plan, ra_deg=moving), DoneSoFar(), grid.start)
    ahead = (east.ra_deg - moving + 180) % 360 - 180
    assert ahead == pytest.approx(np.full(grid.count, ahead[0]))
    assert ahead[0] > 0
    assert ((east.ra_deg >= 0) & (east.ra_deg < 360)).all()


def test_a_visit_that_has_begun_asks_for_its_rest_at_once(declare: Declare, train: Train, see: See, grid: Grid) -> None:
    plan = declare(VISIT)
    first = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)
    ledger = {("heart", "L-60s"): Progress(frames=1, accepted=1, accepted_at=(first,))}
    (found,) = candidates([plan], [carrying(train)], see(plan), DoneSoFar(ledger), first + HOUR)
    assert (code(found), found.request.count) == (None, 2)


def test_a_goal_that_two_trains_serve_is_asked_of_both(declare: Declare, train: Train, see: See, grid: Grid) -> None:
    plan, trains = declare(FEW), [train, train.model_copy(update={"name": "second"})]
    found = candidates([plan], [carrying(each) for each in trains], see(plan), DoneSoFar(), grid.start)
    assert [each.request.train for each in found] == ["newton", "second"]


def test_a_plan_stays_with_the_train_that_began_it(declare: Declare, train: Train, see: See, grid: Grid) -> None:
    plan, trains = declare(FEW), [train, train.model_copy(update={"name": "second"})]
    begun = DoneSoFar(trains={"heart": "second"})
    found = candidates([plan], [carrying(each) for each in trains], see(plan), begun, grid.start)
    assert [each.request.train for each in found] == ["second"]


def test_a_plan_whose_train_is_gone_goes_to_another(declare: Declare, train: Train, see: See, grid: Grid) -> None:
    plan = declare(FEW)
    found = candidates([plan], [carrying(train)], see(plan), DoneSoFar(trains={"heart": "sold"}), grid.start)
    assert [each.request.train for each in found] == ["newton"]


def test_each_mount_has_a_reach_of_its_own(declare: Declare, train: Train, see: See, grid: Grid) -> None:
    plan, other = declare(FEW), train.model_copy(update={"name": "second"})
    both = [carrying(train, "above 70 deg"), carrying(other, "above 20 deg")]
    found = candidates([plan], both, see(plan), DoneSoFar(), grid.start)
    assert [(each.request.train, code(each)) for each in found] == [("newton", "altitude"), ("second", None)]


def test_a_mount_leaves_its_meridian_zone_free(declare: Declare, train: Train, see: See, grid: Grid) -> None:
    plan, instrument = declare(FEW), carrying(train)
    zone = MeridianZone.model_validate("above -10 min and below 5 min")
    zoned = instrument.mount.model_copy(update={"meridian_zone": zone})
    sky = see(plan, hour_angle_h=(np.arange(grid.count) - 300) / 60.0)
    (found,) = candidates([plan], [replace(instrument, mount=zoned)], sky, DoneSoFar(), grid.start)
    assert np.flatnonzero(~found.free).tolist() == list(range(291, 305))


@pytest.mark.parametrize("whose", ["site", "mount"])
def test_in_downtime_nothing_is_taken(declare: Declare, train: Train, see: See, grid: Grid, whose: str) -> None:
    plan, instrument = declare(FEW), carrying(train)

    def taken(said: str) -> Candidate:
        down = (Downtime.model_validate(said),)
        sky = replace(see(plan), downtime=down) if whose == "site" else see(plan)
        mount = instrument.mount.model_copy(update={"downtime": down if whose == "mount" else ()})
        (found,) = candidates([plan], [replace(instrument, mount=mount)], sky, DoneSoFar(), grid.start)
        return found

    whole, part = taken("after 2026-11-21 and before 2026-11-21"), taken("before 2026-11-21 20:00 UTC")
    assert whole.refused is not None
    assert whole.refused.words == "there is downtime after 2026-11-21 and before 2026-11-21"
    assert code(part) is None
    assert int(part.free.sum()) == 481
    assert code(taken("after 2026-11-22 and before 2026-11-23")) is None


def test_a_tile_keeps_its_distance_in_both_ways_as_its_target_moves(
    declare: Declare, train: Train, see: See, grid: Grid
) -> None:
    plan = declare(FEW, mosaic={"columns": 2, "rows": 2})
    ra, dec = 38.2 + grid.seconds / 36000, 61.45 - grid.seconds / 72000
    still = candidates([plan], [carrying(train)], see(plan), DoneSoFar(), grid.start)
    moving = candidates([plan], [carrying(train)], see(plan, ra_deg=ra, dec_deg=dec), DoneSoFar(), grid.start)
    for one, other in zip(still, moving, strict=True):
        assert other.ra_deg - ra == pytest.approx(np.full(grid.count, one.ra_deg[0] - 38.2), abs=1e-12)
        assert other.dec_deg - dec == pytest.approx(np.full(grid.count, one.dec_deg[0] - 61.45), abs=1e-12)


def test_a_cadence_is_due_from_its_time_on(declare: Declare, train: Train, see: See, grid: Grid) -> None:
    plan = declare({"filter": "L", "exposure": "0.5 s", "count": 1, "every": "2 d"})

    def due(minutes: int) -> Candidate:
        visited = grid.start + timedelta(minutes=minutes) - timedelta(days=2)
        ledger = {("heart", "L-0.5s"): Progress(frames=1, accepted=1, accepted_at=(visited,))}
        (found,) = candidates([plan], [carrying(train)], see(plan), DoneSoFar(ledger), grid.start)
        return found

    assert [int(np.flatnonzero(due(minutes).free)[0]) for minutes in (-1, 0, 1, 2)] == [0, 0, 2, 3]
    assert (code(due(600)), code(due(601))) == ("window-too-short", "not-due")


def test_what_has_set_is_too_low_for_what_is_left_of_the_night(
    declare: Declare, train: Train, see: See, grid: Grid
) -> None:
    plan = declare(FEW, when={"altitude": "above 30 deg"})
    sky = see(plan, altitude_deg=np.where(np.arange(grid.count) < 300, 60.0, 20.0))
    for minutes, why in (
        (0, None),
        (301, "it does not stand above 30 deg, for what is left of the night"),
        (600, "the night is over"),
        (900, "the night is over"),
    ):
        now = grid.start + timedelta(minutes=minutes)
        (found,) = candidates([plan], [carrying(train)], sky, DoneSoFar(), now)
        assert (found.refused and found.refused.words) == why


def test_a_window_that_is_too_short_names_what_takes_most_of_the_night(
    declare: Declare, train: Train, see: See, grid: Grid
) -> None:
    plan = declare(FEW, when={"altitude": "above 30 deg"})
    sky = see(plan, altitude_deg=np.where(abs(np.arange(grid.count) - 299) < 2, 60.0, 20.0))
    for minutes, rest in ((0, ""), (298, ", for what is left of the night")):
        now = grid.start + timedelta(minutes=minutes)
        (found,) = candidates([plan], [carrying(train)], sky, DoneSoFar(), now)
        assert found.refused is not None
        assert found.refused.code == "window-too-short"
        low = f"it does not stand above 30 deg{rest}"
        assert found.refused.words == f"no window tonight is as long as one exposure of 180 s: {low}"


Ask = Callable[..., Candidate]


@pytest.fixture
def alone(declare: Declare, train: Train, see: See, grid: Grid) -> Ask:
    """The candidate of a plan with one goal, of which more is said."""

    def _alone(**said: object) -> Candidate:
        plan = declare(FEW | dict(said.pop("goal", {})), **said)  # type: ignore[call-overload]
        (found,) = candidates([plan], [carrying(train)], see(plan), DoneSoFar(), grid.start)
        return found

    return _alone


def test_it_knows_to_the_second_when_it_may_be_taken(declare: Declare, train: Train, see: See, grid: Grid) -> None:
    plan = declare(
        FEW, when={"altitude": "above 35 deg"}, paused=f"until {grid.at(10) + HOUR / 90:%Y-%m-%d %H:%M:%S} UTC"
    )
    setting = see(plan, altitude_deg=np.linspace(70.0, 30.05, grid.count))
    (found,) = candidates([plan], [carrying(train)], setting, DoneSoFar(), grid.start)
    assert found.track is not None
    (whole,) = openings(found.limits, found.track)
    first, last = np.flatnonzero(found.free)[[0, -1]].tolist()
    assert grid.at(first - 1) < whole.opens.when <= grid.at(first)
    assert grid.at(last) <= whole.closes.when < grid.at(last + 1)
    assert (whole.opens.words, whole.closes.words) == ("its dates begin", "it sets below 35 deg")


def test_a_pause_takes_nothing_before_its_end(alone: Ask) -> None:
    assert code(alone(paused="until 2026-11-22")) == "paused"
    assert code(alone(paused="until 2026-11-22 04:00 UTC")) == "paused", "to the very end of the night"
    today, evening = alone(paused="until 2026-11-21"), alone(paused="until 2026-11-21 20:00 UTC")
    assert (code(today), code(evening)) == (None, None)
    assert (int(today.free.sum()), int(evening.free.sum())) == (601, 481)


@pytest.mark.parametrize(
    ("said", "claim"),
    [
        ({}, {"priority": 5.0}),
        ({"urgency": "immediate"}, {"priority": 5.0, "immediate": 1000.0}),
        ({"when": {"dates": "before 2026-11-21"}}, {"priority": 5.0, "deadline": 3.0}),
        ({"when": {"dates": "before 2026-11-22"}}, {"priority": 5.0, "deadline": 1.5}),
        ({"when": {"dates": "before 2026-12-20"}}, {"priority": 5.0, "deadline": 0.1}),
        ({"when": {"dates": "after 2026-11-21"}}, {"priority": 5.0}),
    ],
)
def test_urgency_and_the_nights_before_a_deadline_add_to_a_priority(
    alone: Ask, said: dict[str, object], claim: dict[str, float]
) -> None:
    found = alone(**said).request.claim
    assert replace(found, season=0.0) == Claim(**claim)
    assert found.total == pytest.approx(sum(claim.values()) + found.season)


def test_the_fewer_the_hours_that_the_coming_nights_leave_the_more_an_hour_is_worth(alone: Ask) -> None:
    def season(**said: object) -> float:
        return alone(**said).request.claim.season

    plain, high, soon = season(), season(when={"altitude": "above 65 deg"}), season(when={"dates": "before 2026-11-22"})
    assert 0.0 < plain < high < soon < 2.0
    assert plain == pytest.approx(season(when={"dates": "before 2027-01-19"}), rel=1e-9)
    assert season(when={"airmass": "below 1.2"}) == pytest.approx(
        season(when={"altitude": "above 56.443 deg"}), rel=1e-3
    )
    assert season(when={"sun": "below -12 deg"}) < plain
    assert season(when={"sun": "below -6 deg"}) == season(when={"sun": "below -3 deg"}), "no roof opens before"


def test_an_event_is_not_the_scarcer_for_its_season(alone: Ask) -> None:
    assert alone().request.claim.season > 0.0
    event = {"filter": "L", "exposure": "60 s", "cover": {"transit": "b", "baseline": "20 min"}}
    assert alone(goal={"count": None, **event}).request.claim.season == 0.0


def test_what_asks_for_more_than_a_year_has_presses_less_than_what_just_fits(alone: Ask) -> None:
    def season(hours: float, **said: object) -> float:
        return alone(goal={"count": round(20 * hours)}, **said).request.claim.season

    some = season(10.0)
    chance_h = 10.0 * 2.0 / some
    just = round(20 * chance_h) / 20
    assert 1.99 < season(just) <= 2.0
    assert season(1.1 * just) == pytest.approx(2.0, rel=1e-2), "each hour of the season that is not taken is lost"
    assert season(100 * just) == pytest.approx(season(1000 * just) * 10, rel=1e-2)
    assert season(100 * just) < 0.2
    whole_h = hours((38.2, 61.45), 20.0, -18.0, Location(38.2, -2.3), (datetime(2026, 11, 21, 18, tzinfo=UTC), 365))
    assert season(1000 * just) == pytest.approx(2.0 * whole_h / (1000 * just), rel=1e-4)
    assert season(1.0, when={"altitude": "above 89 deg"}) == 0.0, "what can hardly be had is worth no haste"


def test_what_is_reserved_is_taken_by_no_version_yet_and_costs_no_other_goal(
    declare: Declare, train: Train, see: See, grid: Grid
) -> None:
    plan = declare(FEW, FEW | {"filter": "R", "setting": {"binning": 2}}, owner="ana")
    sky = replace(see(plan), reserved={plan.name: tuple(reserved(plan))})
    well, waits = candidates([plan], [carrying(train)], sky, DoneSoFar(), grid.start)
    assert (code(well), code(waits)) == (None, "not-built-yet")
    assert waits.refused is not None
    assert waits.refused.words == "'setting' is not carried out in this version yet"
    both = declare(*(FEW | {"filter": role, "setting": {"binning": 2}} for role in ("L", "R")))
    sky = replace(see(both), reserved={both.name: tuple(reserved(both))})
    assert [code(each) for each in candidates([both], [carrying(train)], sky, DoneSoFar(), grid.start)] == [
        "not-built-yet"
    ] * 2
    burst = declare(FEW | {"burst": {"frames": 9, "rate": "50 fps"}})
    sky = replace(see(burst), reserved={burst.name: tuple(reserved(burst))})
    assert [code(each) for each in candidates([burst], [carrying(train)], sky, DoneSoFar(), grid.start)] == [
        "not-built-yet"
    ]


def test_all_that_is_reserved_is_named_at_once(declare: Declare, train: Train, see: See, grid: Grid) -> None:
    plan = declare(FEW | {"setting": {"binning": 2}}, FEW | {"filter": "R"}, owner="ana")
    table = {plan.name: (*reserved(plan), ("targets", "table"))}
    told = candidates([plan], [carrying(train)], replace(see(plan), reserved=table), DoneSoFar(), grid.start)
    words = [f"'setting' and 'table' are {NOT_YET}", f"'table' is {NOT_YET}"]
    assert [each.refused.words for each in told if each.refused] == words


def test_a_plan_that_a_rule_asks_for_waits_for_it(declare: Declare, train: Train, see: See, grid: Grid) -> None:
    plan = declare(FEW)
    sky = replace(see(plan), reserved={plan.name: (("rule", "outburst"),)})
    (found,) = candidates([plan], [carrying(train)], sky, DoneSoFar(), grid.start)
    assert code(found) == "not-built-yet"
    assert found.refused is not None
    assert found.refused.words == "rule 'outburst', which is to ask for it, is not carried out in this version yet"


def test_a_window_that_is_shorter_than_a_run_says_so(declare: Declare, train: Train, see: See, grid: Grid) -> None:
    high = np.where(np.arange(grid.count) < 30, 60.0, 5.0)
    plan = declare(FEW | {"count": 40, "run": "at least 45 min"})
    (found,) = candidates([plan], [carrying(train)], see(plan, altitude_deg=high), DoneSoFar(), grid.start)
    assert found.refused is not None
    assert found.refused.words.startswith("no window tonight is as long as its run of 45 min")
    brief = declare(FEW | {"count": 9, "run": "at least 45 min"})  # no more is left of it than fits
    (found,) = candidates([brief], [carrying(train)], see(brief, altitude_deg=high), DoneSoFar(), grid.start)
    assert found.refused is None


def test_a_train_whose_flats_are_made_in_a_way_to_come_takes_nothing_yet(
    declare: Declare, train: Train, see: See, grid: Grid
) -> None:
    plan, well = declare(FEW), carrying(train)
    flat = FlatNeed.model_validate({"light": "twilight", "level": "25000 adu", "count": 9, "max_age": "9 d"})
    waits = replace(well, calibration=well.calibration.model_copy(update={"flat": flat}))
    (found,) = candidates([plan], [waits], see(plan), DoneSoFar(), grid.start)
    assert code(found) == "not-built-yet"
    assert found.refused is not None
    assert found.refused.words.startswith("'light' in the calibration of 'newton'")


def test_what_has_begun_tonight_takes_a_place_of_its_list_and_goes_on(
    declare: Declare, train: Train, see: See, grid: Grid
) -> None:
    plans = [declare(FEW, name=name, choose="2 a night of list") for name in ("a", "b", "c")]
    begun = Progress(frames=1, accepted=1, accepted_at=(grid.at(60),))
    yesterday = grid.start - timedelta(days=1)
    before = Progress(frames=1, accepted=1, accepted_at=(yesterday,))
    again = Progress(frames=2, accepted=2, accepted_at=(yesterday, grid.start))
    for done, choices in (
        ({"a": begun}, [None, ("list", 1), ("list", 1)]),
        ({"a": again}, [None, ("list", 1), ("list", 1)]),
        ({"a": begun, "b": begun}, [None, None, "not-chosen"]),
        ({"a": before}, [("list", 2)] * 3),
    ):
        ledger = {(name, "L-180s"): progress for name, progress in done.items()}
        found = candidates(plans, [carrying(train)], see(*plans), DoneSoFar(ledger), grid.at(90))
        assert [code(each) or each.request.choice for each in found] == choices


def test_what_a_group_lacks_of_its_share_makes_its_plans_worth_more(
    declare: Declare, train: Train, see: See, grid: Grid
) -> None:
    hers, ours = declare(FEW, name="hers", owner="ana"), declare(FEW, name="ours")
    ana = Person.model_validate({"kind": "person", "name": "ana", "called": "Ana", "groups": ["school"]})
    school = Share.model_validate({"kind": "share", "name": "school", "group": "school", "time": "20 %"})
    done = DoneSoFar({("ours", "L"): Progress(9, 9, 0, 9 * 3600.0, (grid.start,) * 9)})
    plain, shared = see(hers, ours), Shares((school,), {"hers": ana.groups, "ours": ()})
    asked = [candidates([hers, ours], [carrying(train)], replace(plain, shares=each), done, grid.start)
             for each in (Shares(), shared)]  # fmt: skip
    assert [[each.request.claim.share for each in these] for these in asked] == [[0.0, 0.0], [2.0, 0.0]]
    assert [replace(each.request.claim, share=0.0) for each in asked[1]] == [each.request.claim for each in asked[0]]
    assert asked[1][0].request.claim.total == asked[0][0].request.claim.total + 2.0


def test_a_night_that_is_planned_anew_asks_the_sky_of_each_goal_once(
    declare: Declare, train: Train, see: See, grid: Grid
) -> None:
    plan = declare(FEW, VISIT)
    sky, trains = see(plan), [carrying(train)]
    candidates([plan], trains, sky, DoneSoFar(), grid.start)
    known, later = dict(sky.known), grid.start + HOUR
    done = DoneSoFar({("heart", "L-180s"): Progress(frames=5, accepted=5)})
    again, fresh = (candidates([plan], trains, each, done, later) for each in (sky, see(plan)))
    assert len(known) == 2 and all(sky.known[key] is each for key, each in known.items())
    assert [(each.request, each.refused, each.free.tolist()) for each in again] == [
        (each.request, each.refused, each.free.tolist()) for each in fresh
    ]


def test_another_version_of_a_plan_is_not_taken_for_the_one_before(
    declare: Declare, train: Train, see: See, grid: Grid
) -> None:
    sky, trains = see(declare(FEW)), [carrying(train)]
    low, high = declare(FEW, when={"altitude": "above 50 deg"}), declare(FEW, when={"altitude": "above 70 deg"})
    found = [candidates([plan], trains, sky, DoneSoFar(), grid.start)[0] for plan in (low, high, low)]
    assert [code(each) for each in found] == [None, "altitude", None]


PROVEN = {"filter": "L", "exposure": "180 s", "until": {"snr": 50, "of": {"magnitude": "15 mag"}}}


def of_proof(plan: Plan, train: Train, sky: ObservingConditions, done: Progress) -> list[Candidate]:
    progress = {(plan.name, "L-180s"): done}
    return candidates([plan], [carrying(train)], sky, DoneSoFar(progress), sky.grid.start)


def test_a_goal_in_signal_to_noise_begins_with_a_visit_and_then_asks_for_what_its_frames_tell(
    declare: Declare, train: Train, see: See
) -> None:
    plan = declare(PROVEN)
    sky = see(plan)
    at = sky.grid.start - timedelta(days=1)
    assert [each.request.count for each in of_proof(plan, train, sky, NOTHING)] == [10]
    frames = Progress(frames=10, accepted=10, accepted_at=(at,) * 10, signal=Signal(10 * 10.0**2, 10))
    (asked,) = of_proof(plan, train, sky, frames)  # S/N 10 a frame: 25 of them
    assert (asked.request.count, asked.size) == (15, 25)
    waiting = replace(frames, waiting=4)
    assert [each.request.count for each in of_proof(plan, train, sky, waiting)] == [11]
    assert of_proof(plan, train, sky, replace(frames, signal=Signal(2500.0, 25))) == []


@pytest.mark.parametrize(
    ("until", "signal_and_why"),
    [
        ({"snr": 50, "of": {"magnitude": "15 mag"}}, (Signal(), "nothing-measured")),
        ({"snr": 50}, (Signal(), "nothing-measured")),
        ({"snr": 50}, (Signal(9.0, 10), "nothing-shows")),
    ],
)
def test_what_does_not_show_in_a_night_s_first_frames_waits_for_the_next_night(
    declare: Declare, train: Train, see: See, until: dict[str, Any], signal_and_why: tuple[Signal, str]
) -> None:
    plan, (signal, why) = declare(PROVEN | {"until": until}), signal_and_why
    sky = see(plan)
    tonight = (sky.grid.start,) * 10
    (left,) = of_proof(plan, train, sky, Progress(accepted=10, accepted_at=tonight, signal=signal))
    assert code(left) == why
    before = (sky.grid.start - timedelta(hours=20),) * 10
    (again,) = of_proof(plan, train, sky, Progress(accepted=10, accepted_at=before, signal=signal))
    assert (code(again), again.request.count) == (None, 10)


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (Progress(waiting=10), "10 of them wait for their verdict"),
        (
            Progress(accepted=10, signal=Signal(14.9, 10, summed=9.0)),
            "S/N 3.9 in 10 frames, which noise alone may show",
        ),
    ],
)
def test_why_a_goal_in_signal_to_noise_waits_is_told_as_it_is(
    declare: Declare, train: Train, see: See, progress: Progress, words: str
) -> None:
    plan = declare(PROVEN | {"until": {"snr": 3}})
    sky = see(plan)
    (left,) = of_proof(plan, train, sky, replace(progress, accepted_at=(sky.grid.start,) * 10))
    assert left.refused is not None
    assert words in left.refused.words


def test_a_star_that_hardly_shows_is_asked_for_as_many_frames_again_as_tell_of_it(
    declare: Declare, train: Train, see: See
) -> None:
    plan = declare(PROVEN | {"until": {"snr": 50}})
    sky = see(plan)

    def asked(frames: int, each: float) -> int:
        done = Progress(
            accepted=frames, accepted_at=(sky.grid.start,) * frames, signal=Signal(frames * each**2, frames)
        )
        return of_proof(plan, train, sky, done)[0].request.count

    assert [asked(10, 1.5), asked(30, 1.2), asked(200, 1.5), asked(10, 10.0)] == [10, 30, 912, 15]


def test_what_would_take_longer_than_its_season_gets_a_visit_a_night_and_says_how_long_it_takes(
    declare: Declare, train: Train, see: See
) -> None:
    """S/N 2 in each of 20 frames of 180 s: S/N 500 are 62,480 more, or 3,124 h: longer than a year has."""
    plan = declare(PROVEN | {"until": {"snr": 500}})
    sky = see(plan)
    told = Signal(20 * 2.0**2, 20)
    before, tonight = ((sky.grid.start + timedelta(hours=hours),) * 20 for hours in (-24, 0))
    (again,) = of_proof(plan, train, sky, Progress(accepted=20, accepted_at=before, signal=told))
    assert (code(again), again.request.count) == (None, 10)
    (left,) = of_proof(plan, train, sky, Progress(accepted=20, accepted_at=tonight, signal=told))
    assert left.refused is not None
    assert left.refused.code == "too-faint"
    assert left.refused.words.startswith("by S/N 8.9 in 20 frames, S/N 500 takes 3124 h more, and ")
    less = declare(PROVEN | {"until": {"snr": 100}})
    (enough,) = of_proof(less, train, see(less), Progress(accepted=20, accepted_at=tonight, signal=told))
    assert code(enough) is None


def test_dates_that_end_soon_leave_less_time_for_a_faint_star(declare: Declare, train: Train, see: See) -> None:
    """S/N 2 in each of 20 frames of 180 s: S/N 50 are 605 more, 30 h; two nights have 22."""
    until = PROVEN | {"until": {"snr": 50}}
    start = see(declare(until)).grid.start
    soon = declare(until, when={"dates": f"before {start + timedelta(days=1):%Y-%m-%d}"})
    done = Progress(accepted=20, accepted_at=(start,) * 20, signal=Signal(20 * 2.0**2, 20))
    assert [code(each) for each in of_proof(soon, train, see(soon), done)] == ["too-faint"]
