"""Goals written out: every filter and tile once, named as its frames are; and what is still wanted of each."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import cos, radians

import astropy.units as u
import pytest
from astropy.coordinates import SkyCoord
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obsy.engine.progress import NOTHING, Progress
from obsy.engine.schedule.goal_line import GoalLine, lines, middle, wanted
from obsy.schemas.plan import Goal, Plan
from obsy.schemas.train import Train
from tests.support.effort import examples

Declare = Callable[..., Plan]
RGB = {"filter": ["R", "G", "B"], "exposure": "240 s", "total": "1 h"}
HA = {"filter": "Ha", "exposure": "300 s", "count": 4}
TWO_BY_TWO = {"columns": 2, "rows": 2, "overlap": "15 %"}


def test_each_filter_of_a_goal_is_a_line_of_its_own_in_the_order_written(declare: Declare) -> None:
    assert [line.key for line in lines(declare(RGB, HA))] == ["R-240s", "G-240s", "B-240s", "Ha-300s"]


def test_what_the_sky_decides_is_one_whole(declare: Declare) -> None:
    (line,) = lines(declare({"filter": "L", "exposure": "60 s", "cover": {"transit": "b", "baseline": "20 min"}}))
    assert (line.wanted, line.size) == (None, 1)


def test_an_exposure_of_part_of_a_second_keeps_its_fraction(declare: Declare) -> None:
    (line,) = lines(declare({"filter": "L", "exposure": "0.5 s", "count": 4}))
    assert line.key == "L-0.5s"


def test_without_a_mosaic_frames_are_named_after_the_target(declare: Declare) -> None:
    (line,) = lines(declare(HA))
    assert (line.object, line.picture, line.column, line.row) == ("IC 1805", "heart", 1, 1)


def test_a_picture_has_as_many_goals_as_its_plan_has_filters_in_all_and_one_unless_it_is_said(declare: Declare) -> None:
    assert {line.together for line in lines(declare(RGB, HA, mosaic=TWO_BY_TWO))} == {4}
    assert FEW.together == 1


@pytest.mark.parametrize(
    ("target", "name"), [({"body": "jupiter"}, "Jupiter"), ({"ra": "05h35m17s", "dec": "-5d23m28s"}, "heart")]
)
def test_a_target_without_a_name_in_catalogues_has_its_own_or_the_plans(
    declare: Declare, target: dict[str, str], name: str
) -> None:
    assert lines(declare(HA, target=target))[0].object == name


def test_tiles_come_row_by_row_and_each_is_finished_before_the_next(declare: Declare) -> None:
    found = lines(declare(HA, RGB, mosaic=TWO_BY_TWO))
    assert [(line.column, line.row) for line in found[::4]] == [(1, 1), (2, 1), (1, 2), (2, 2)]
    assert [line.filter for line in found[:4]] == ["Ha", "R", "G", "B"]


def test_a_tile_is_named_by_its_column_and_its_row(declare: Declare) -> None:
    line = lines(declare(HA, mosaic=TWO_BY_TWO))[1]
    assert (line.key, line.object, line.picture) == ("Ha-300s_2-1", "IC 1805_2-1", "heart_2-1")


def test_a_mosaic_of_one_tile_is_still_a_mosaic(declare: Declare) -> None:
    (line,) = lines(declare(HA, mosaic={"columns": 1, "rows": 1}))
    assert line.object == "IC 1805_1-1"


def test_a_count_is_what_is_wanted(declare: Declare) -> None:
    assert lines(declare(HA))[0].wanted == 4


@pytest.mark.parametrize(
    "goal",
    [
        {"filter": "L", "exposure": "60 s", "count": 3, "every": "2 d"},
        {"filter": "L", "exposure": "60 s", "cover": {"transit": "b", "baseline": "20 min"}},
    ],
)
def test_where_the_sky_decides_there_is_no_number_wanted(declare: Declare, goal: dict[str, object]) -> None:
    assert lines(declare(goal))[0].wanted is None


@given(st.integers(1, 1200), st.integers(1, 100_000))
def test_a_total_is_reached_by_the_frames_wanted_and_not_by_one_fewer(exposure: int, more: int) -> None:
    goal = Goal.model_validate({"filter": "L", "exposure": f"{exposure} s", "total": f"{exposure + more} s"})
    count = GoalLine("p", "k", "p", "L", goal, 1, 1).wanted
    assert count is not None
    assert (count - 1) * exposure < exposure + more <= count * exposure


@pytest.mark.parametrize(
    ("goal", "keys"),
    [
        (HA | {"name": "deep"}, ["deep"]),
        (RGB | {"name": "deep"}, ["deep-R", "deep-G", "deep-B"]),
    ],
)
def test_a_named_goal_keeps_its_name_and_adds_the_filter_where_there_are_several(
    declare: Declare, goal: dict[str, object], keys: list[str]
) -> None:
    assert [line.key for line in lines(declare(goal))] == keys


HEART = (38.2, 61.45)


def middles(plan: Plan, train: Train, target: tuple[float, float] = HEART) -> dict[tuple[int, int], SkyCoord]:
    """Where each tile points, by column and row."""
    found = {(line.column, line.row): middle(line, plan, train, target) for line in lines(plan)}
    return {tile: SkyCoord(ra, dec, unit="deg") for tile, (ra, dec) in found.items()}


def test_without_tiles_the_target_is_the_middle(declare: Declare, train: Train) -> None:
    plan = declare()
    assert middle(lines(plan)[0], plan, train, HEART) == HEART


def test_the_middle_tile_of_nine_is_on_the_target(declare: Declare, train: Train) -> None:
    tiles = middles(declare(mosaic={"columns": 3, "rows": 3}), train)
    assert tiles[2, 2].separation(SkyCoord(*HEART, unit="deg")).arcsec < 1e-6


def test_the_first_tile_is_north_east_when_up_is_north(declare: Declare, train: Train) -> None:
    first = middles(declare(mosaic=TWO_BY_TWO), train)[1, 1]
    assert first.ra.deg > HEART[0]
    assert first.dec.deg > HEART[1]


def test_the_last_tile_is_south_west_when_up_is_north(declare: Declare, train: Train) -> None:
    last = middles(declare(mosaic=TWO_BY_TWO), train)[2, 2]
    assert last.ra.deg < HEART[0]
    assert last.dec.deg < HEART[1]


@pytest.mark.parametrize(
    ("angle", "east", "north"), [("0 deg", 1, 1), ("90 deg", 1, -1), ("180 deg", -1, -1), ("270 deg", -1, 1)]
)
def test_the_first_tile_turns_with_the_camera(
    declare: Declare, train: Train, angle: str, east: int, north: int
) -> None:
    # When up is east, left is south: left is always a quarter turn on from up, counted through east.
    first = middles(declare(mosaic=TWO_BY_TWO, angle=angle), train)[1, 1]
    assert (first.ra.deg > HEART[0], first.dec.deg > HEART[1]) == (east > 0, north > 0)


def test_the_trains_own_rotation_holds_where_the_plan_says_none(declare: Declare, train: Train) -> None:
    turned = train.model_copy(update={"rotation": 30.0})
    assert (
        middles(declare(mosaic=TWO_BY_TWO), turned)[1, 1].ra
        == middles(declare(mosaic=TWO_BY_TWO, angle="30 deg"), train)[1, 1].ra
    )


def test_neighbours_are_one_field_less_the_overlap_apart(declare: Declare, train: Train) -> None:
    tiles, (width, height) = middles(declare(mosaic=TWO_BY_TWO), train), train.field
    assert tiles[1, 1].separation(tiles[2, 1]).arcsec == pytest.approx(width * 0.85 * 3600, abs=1.0)
    assert tiles[1, 1].separation(tiles[1, 2]).arcsec == pytest.approx(height * 0.85 * 3600, abs=1.0)


def test_a_mosaic_goes_on_over_the_beginning_of_right_ascension(declare: Declare, train: Train) -> None:
    tiles = middles(declare(mosaic=TWO_BY_TWO), train, (0.0, 20.0))
    assert 0 < tiles[1, 1].ra.deg < 0.1
    assert 359.9 < tiles[2, 1].ra.deg < 360


@settings(max_examples=examples(50), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(angle=st.integers(0, 359), ra=st.floats(0, 359.99), dec=st.floats(-70, 70))
def test_tiles_lie_where_astropy_puts_them(declare: Declare, train: Train, angle: int, ra: float, dec: float) -> None:
    width, height = train.field
    up = SkyCoord(ra, dec, unit="deg").directional_offset_by(angle * u.deg, height * 0.85 / 2 * u.deg)
    expected = up.directional_offset_by((angle + 90) * u.deg, width * 0.85 / 2 * u.deg)
    found = middles(declare(mosaic=TWO_BY_TWO, angle=f"{angle} deg"), train, (ra, dec))[1, 1]
    assert found.separation(expected).arcsec < 1.0  # it is flat over three arcminutes


@pytest.mark.parametrize(
    ("amount", "count", "wanted", "wanted_s"),
    [
        ({"count": 10}, 10, 10, 2400.0),
        ({"total": "10 min"}, None, 3, 720.0),
        ({"count": 3, "every": "2 d"}, None, None, None),
    ],
)
def test_what_a_line_wants_in_all_is_said_in_frames_and_seconds_unless_the_sky_decides(
    declare: Declare, amount: dict[str, object], count: int | None, wanted: int | None, wanted_s: float | None
) -> None:
    (line,) = lines(declare({"filter": "L", "exposure": "240 s", **amount}))
    assert (line.count, line.wanted, line.wanted_s) == (count, wanted, wanted_s)
    assert (line.column, line.row) == (1, 1)


def test_tiles_lie_as_far_apart_as_the_field_less_its_overlap(declare: Declare, train: Train) -> None:
    goal = {"filter": "L", "exposure": "60 s", "count": 1}
    plan = declare(goal, mosaic={"columns": 2, "rows": 2, "overlap": "20 %"}, angle="0 deg")
    width, height = train.field
    at = {(line.column, line.row): middle(line, plan, train, (100.0, 60.0)) for line in lines(plan)}
    for column in (1, 2):
        assert at[column, 1][1] - at[column, 2][1] == pytest.approx(0.8 * height)
    for row in (1, 2):
        (left, dec), (right, _) = at[1, row], at[2, row]
        assert (left - right) * cos(radians(dec)) == pytest.approx(0.8 * width), "east is left"


Declare = Callable[..., Plan]
FIRST = datetime(2026, 11, 21, 20, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
FEW = GoalLine("p", "L-180s", "p", "L", Goal.model_validate({"filter": "L", "exposure": "180 s", "count": 10}), 1, 1)


@pytest.fixture
def visits(declare: Declare) -> GoalLine:
    """Three frames every second day."""
    return lines(declare({"filter": "L", "exposure": "60 s", "count": 3, "every": "2 d"}))[0]


def accepted(*times: datetime) -> Progress:
    return Progress(frames=len(times), accepted=len(times), done_s=60.0 * len(times), accepted_at=times)


def test_without_frames_everything_is_wanted() -> None:
    assert wanted(FEW, NOTHING, FIRST) == (10, None)


def test_a_frame_that_waits_counts_as_accepted() -> None:
    assert wanted(FEW, NOTHING.taken(FIRST), FIRST) == (9, None)


def test_a_frame_that_waits_has_not_proven_its_seconds() -> None:
    assert NOTHING.taken(FIRST).done_s == 0.0


def test_an_accepted_frame_is_credited_with_its_exposure() -> None:
    assert NOTHING.taken(FIRST).judged(FIRST, 180.0, True) == Progress(1, 1, 0, 180.0, (FIRST,), 0)


def test_a_rejected_frame_is_wanted_again() -> None:
    rejected = NOTHING.taken(FIRST).judged(FIRST, 180.0, False)
    assert rejected == Progress(1, 0, 1, 0.0, (), 0, rejected_at=(FIRST,))
    assert wanted(FEW, rejected, FIRST) == (10, None)


def test_more_than_enough_frames_leave_nothing_wanted() -> None:
    assert wanted(FEW, Progress(frames=12, accepted=12), FIRST) == (0, None)


def test_a_total_is_filled_up_to_whole_frames(declare: Declare) -> None:
    (line,) = lines(declare({"filter": "L", "exposure": "240 s", "total": "10 min"}))
    assert wanted(line, NOTHING, FIRST) == (3, None)


@given(st.integers(1, 600), st.integers(1, 600), st.integers(0, 60), st.integers(0, 5))
def test_seconds_done_with_one_exposure_count_with_another(before: int, now: int, frames: int, waiting: int) -> None:
    goal = Goal.model_validate({"filter": "L", "exposure": f"{now} s", "total": "1 h"})
    progress = Progress(frames=frames, accepted=frames, done_s=float(before * frames), waiting=waiting)
    left, _ = wanted(GoalLine("p", "k", "p", "L", goal, 1, 1), progress, FIRST)
    done_s = before * frames + now * waiting
    assert left == 0 if done_s >= 3600 else done_s + (left - 1) * now < 3600 <= done_s + left * now


@given(st.lists(st.booleans(), max_size=15), st.integers(0, 15))
def test_frames_wanted_and_frames_not_rejected_make_the_whole(verdicts: list[bool], waiting: int) -> None:
    progress = NOTHING
    for number in range(len(verdicts) + waiting):
        progress = progress.taken(FIRST + number * 3 * MINUTE)
    for number, accept in enumerate(verdicts):
        progress = progress.judged(FIRST + number * 3 * MINUTE, 180.0, accept)
    left, due = wanted(FEW, progress, FIRST)
    kept = sum(verdicts) + waiting
    assert (left, due) == (max(0, 10 - kept), None)
    assert progress.frames == progress.accepted + progress.rejected + progress.waiting
    assert progress.done_s == 180.0 * sum(verdicts)
    assert len(progress.accepted_at) == kept


def test_the_first_visit_is_wanted_at_once(visits: GoalLine) -> None:
    assert wanted(visits, NOTHING, FIRST) == (3, None)


def test_an_incomplete_visit_goes_on_within_half_its_cadence(visits: GoalLine) -> None:
    assert wanted(visits, accepted(FIRST), FIRST + DAY - MINUTE) == (2, None)


def test_an_incomplete_visit_is_given_up_after_half_its_cadence(visits: GoalLine) -> None:
    assert wanted(visits, accepted(FIRST), FIRST + DAY) == (3, FIRST + 2 * DAY)


def test_the_next_visit_is_due_one_cadence_after_the_first_frame_of_the_last(visits: GoalLine) -> None:
    whole = accepted(FIRST, FIRST + MINUTE, FIRST + 2 * MINUTE)
    assert wanted(visits, whole, FIRST + 3 * MINUTE) == (3, FIRST + 2 * DAY)


def test_a_frame_of_the_next_visit_begins_it(visits: GoalLine) -> None:
    again = FIRST + 2 * DAY + 5 * MINUTE
    progress = accepted(FIRST, FIRST + MINUTE, FIRST + 2 * MINUTE, again)
    assert wanted(visits, progress, again + MINUTE) == (2, None)


@pytest.mark.parametrize(("after", "left"), [(DAY - MINUTE, 1), (DAY, 2)])
def test_a_frame_within_half_the_cadence_belongs_to_its_visit_and_a_later_one_begins_the_next(
    visits: GoalLine, after: timedelta, left: int
) -> None:
    assert wanted(visits, accepted(FIRST, FIRST + after), FIRST + after) == (left, None)


def test_frames_that_wait_make_a_visit_whole(visits: GoalLine) -> None:
    progress = accepted(FIRST).taken(FIRST + MINUTE).taken(FIRST + 2 * MINUTE)
    assert wanted(visits, progress, FIRST + 3 * MINUTE) == (3, FIRST + 2 * DAY)


def test_a_rejected_frame_opens_its_visit_again(visits: GoalLine) -> None:
    progress = accepted(FIRST, FIRST + MINUTE).taken(FIRST + 2 * MINUTE)
    rejected = progress.judged(FIRST + 2 * MINUTE, 60.0, False)
    assert wanted(visits, rejected, FIRST + 3 * MINUTE) == (1, None)


def test_a_visit_whose_first_frame_is_rejected_begins_with_its_second(visits: GoalLine) -> None:
    progress = NOTHING.taken(FIRST)
    for number in (1, 2, 3):
        at = FIRST + number * MINUTE
        progress = progress.taken(at).judged(at, 60.0, True)
    progress = progress.judged(FIRST, 60.0, False)
    assert wanted(visits, progress, FIRST + 4 * MINUTE) == (3, FIRST + MINUTE + 2 * DAY)


@given(st.lists(st.integers(0, 20_000), unique=True, max_size=12), st.integers(0, 5000))
def test_a_visit_never_wants_more_than_its_size_nor_waits_longer_than_its_cadence(
    minutes: list[int], later: int
) -> None:
    goal = {"filter": "L", "exposure": "60 s", "count": 3, "every": "2 d"}
    line = GoalLine("p", "L-60s", "p", "L", Goal.model_validate(goal), 1, 1)
    times = tuple(FIRST + minute * MINUTE for minute in sorted(minutes))
    now = (times[-1] if times else FIRST) + later * MINUTE
    count, due = wanted(line, accepted(*times), now)
    assert 1 <= count <= 3
    assert due is None or (count == 3 and times[-1] + DAY < due <= times[-1] + 2 * DAY)


@given(st.lists(st.integers(0, 60 * 24 * 3), max_size=12).map(sorted), st.integers(1, 3), st.integers(0, 600))
def test_no_night_begins_more_visits_than_it_may(minutes: list[int], most: int, now: int) -> None:
    goal = {"filter": "L", "exposure": "60 s", "count": 2, "every": "1 h", "nightly": f"at most {most}"}
    line = GoalLine("p", "L-60s", "p", "L", Goal.model_validate(goal), 1, 1)
    dusk = FIRST + 2 * DAY
    at, taken = dusk + now * MINUTE, [FIRST + minute * MINUTE for minute in minutes]
    progress = accepted(*(time for time in taken if time < at))
    count, due = wanted(line, progress, at, dusk)
    usual, when = wanted(replace(line, goal=Goal.model_validate(goal | {"nightly": None})), progress, at, dusk)
    assert count == usual
    assert due == when or (due is not None and due >= dusk + DAY)
    begun: list[datetime] = []
    for time in progress.accepted_at:
        begun += [time] if not begun or time >= begun[-1] + 30 * MINUTE else []
    if when is not None:
        assert (due is not None and due >= dusk + DAY) == (sum(each >= dusk for each in begun) >= most)


@pytest.mark.parametrize(
    ("every", "nightly", "began", "due"),
    [
        ("2 h", "at most 1", 0, DAY),  # at dusk itself: a visit of this night
        ("2 h", "at most 1", -1, 119 * MINUTE),  # of the night before
        ("2 h", "at most 2", 0, 120 * MINUTE),
        ("2 h", None, 0, 120 * MINUTE),
        ("3 d", "at most 1", 0, 3 * DAY),  # its own cadence is later than the next night
    ],
)
def test_after_its_last_visit_of_a_night_a_cadence_waits_for_the_next(
    every: str, nightly: str | None, began: int, due: timedelta
) -> None:
    goal = {"filter": "L", "exposure": "60 s", "count": 1, "every": every, "nightly": nightly}
    line, visit = GoalLine("p", "L-60s", "p", "L", Goal.model_validate(goal), 1, 1), accepted(FIRST + began * MINUTE)
    assert wanted(line, visit, FIRST + 3 * MINUTE, FIRST) == (1, FIRST + due)
    assert wanted(line, visit, FIRST + 3 * MINUTE)[1] == FIRST + began * MINUTE + line.goal.every * DAY
