"""From which moment to which a target may be taken, and what ends it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obsy.engine.sky import openings as module
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.constraints import allowed, margin
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.horizon import Skyline
from obsy.engine.sky.openings import Edge, Opening, openings
from obsy.engine.sky.tracks import tracks
from obsy.schemas.constraints.altitude import Altitude
from obsy.schemas.constraints.dates import Dates
from obsy.schemas.constraints.hour_angle import HourAngle
from obsy.schemas.constraints.meridian import Meridian
from obsy.schemas.constraints.moon import Moon
from obsy.schemas.constraints.phase import Phase
from obsy.schemas.constraints.season import Season
from obsy.schemas.constraints.sun import Sun
from obsy.schemas.site import Location
from obsy.schemas.target import Planet
from obsy.schemas.when import When
from tests.support.effort import examples

STARS = st.builds(Fixed, st.sampled_from([0.0, 359.999]) | st.floats(0, 360), st.floats(-90, 90))
PLACES = st.sampled_from(
    [
        Location(37.2236, -2.5463, 2168.0),
        Location(-24.6272, -70.4042, 2635.0),
        Location(78.2, 15.6, 0.0),
        Location(-90.0, 0.0, 2835.0),
        Location(-17.7, 179.99, 0.0),  # beside the date line
    ]
)
START = datetime(2026, 11, 21, 12, tzinfo=UTC)
WALL = Skyline.through([(0.0, 5.0), (179.9, 12.0), (180.0, 35.0), (200.0, 33.0), (200.1, 8.0)], [(0.0, 85.0)])
LIMITS = {
    "altitude": st.integers(0, 60).map(lambda deg: Altitude.model_construct(above=float(deg))),
    "high": st.just(Altitude.model_construct(above=20.0, below=75.0)),
    "airmass": st.sampled_from(["below 1.6", "above 1.8 and below 2.4", "below 12"]).map(
        lambda said: When.model_validate({"airmass": said}).airmass
    ),
    "hour angle": st.just(HourAngle.model_construct(above=-3.5, below=2.25)),
    "meridian": st.just(Meridian.model_construct(within=2.5)),
    "sun": st.sampled_from([-18.0, -12.0, -0.5]).map(lambda deg: Sun.model_construct(below=deg)),
    "moon": st.sampled_from(
        ["farther than 60 deg", "farther than 120 deg and width 7 d and relaxed below 30 deg", "below 10 deg"]
    ).map(Moon.model_validate),
    "dates": st.just(Dates.model_validate("after 2026-11-21 19:13:17 UTC and before 2026-11-22 04:44:44 UTC")),
    "season": st.just(Season.model_validate("after 06-01 and before 11-21")),
    "skyline": st.just(WALL),
}


def tracked(star, place, start, step_s, count):
    return tracks([star], Grid(start, step_s, count), place)[0]


def hold_at(limits, star, place, when):
    """Worked out for that moment alone."""
    return bool(allowed(limits, tracked(star, place, when, 60.0, 1))[0])


@settings(deadline=None, max_examples=examples(40))
@given(STARS, PLACES, st.sets(st.sampled_from(sorted(LIMITS)), min_size=1, max_size=4), st.integers(0, 300), st.data())
def test_at_every_edge_what_it_names_changes_within_a_second(star, place, named, day, data):
    limits = [data.draw(LIMITS[name]) for name in sorted(named)]
    start = datetime(2026, 11, 21, 17, tzinfo=UTC) + timedelta(days=day)
    track = tracked(star, place, start, 60.0, 841)
    for opening in openings(limits, track):
        assert opening.opens.when <= opening.closes.when
        for at, inwards in ((opening.opens, 1), (opening.closes, -1)):
            if at.limit is None:
                assert at.when in {track.grid.start, track.grid.end}
                continue
            inner, outer = (at.when + inwards * side * timedelta(seconds=0.5) for side in (1, -1))
            assert at.words
            around = tracked(star, place, min(inner, outer), 1.0, 2)
            has, had = margin(at.limit, around)[::inwards]
            slow = abs(had - has) < 1e-4  # it only touches the limit: an arcsecond takes many seconds
            assert has < 0 <= had or (slow and min(abs(has), abs(had)) < 1e-3)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 3), min_size=6, max_size=6))
def test_each_run_of_good_instants_is_one_opening(seen, altitudes):
    high = Altitude.model_construct(above=1.5)  # no whole number of degrees, which a target would only touch
    track = seen(altitude_deg=altitudes)
    mask = allowed([high], track)
    found = openings([high], track)
    held = [any(each.opens.when <= track.grid.at(i) <= each.closes.when for each in found) for i in range(6)]
    assert held == mask.tolist()
    assert len(found) == np.count_nonzero(np.diff(np.concatenate(([False], mask))) & mask)


def test_without_limits_all_of_the_track_is_open(seen):
    (whole,) = openings([], seen())
    assert (whole.opens, whole.closes) == (Edge(seen().grid.start), Edge(seen().grid.end))


def test_a_target_that_is_up_for_one_instant_alone_has_its_minute(seen):
    track = seen(altitude_deg=[0, 0, 0, 10, 0, 0])
    (peak,) = openings([Altitude.model_construct(above=9.0)], track)
    assert timedelta(0) < peak.window.length < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("limit", "track", "opened", "closed"),
    [
        (
            "altitude: above 30 deg",
            {"altitude_deg": [25, 29, 31, 31, 29, 25]},
            "it rises above 30 deg",
            "it sets below 30 deg",
        ),
        (
            "altitude: below 80 deg",
            {"altitude_deg": [85, 81, 79, 79, 81, 85]},
            "it sinks below 80 deg",
            "it climbs above 80 deg",
        ),
        (
            "airmass: below 2",
            {"altitude_deg": [20, 25, 35, 35, 25, 20]},
            "its air mass falls to 2",
            "its air mass grows beyond 2",
        ),
        (
            "airmass: above 2",
            {"altitude_deg": [45, 40, 25, 25, 40, 45]},
            "its air mass grows to 2",
            "its air mass falls below 2",
        ),
        (
            "sun: below -18 deg",
            {"sun_altitude_deg": [-15, -17, -19, -19, -17, -15]},
            "the Sun sinks below -18 deg",
            "the Sun rises above -18 deg",
        ),
        (
            "moon: farther than 60 deg",
            {"moon_separation_deg": [50, 55, 65, 65, 55, 50], "moon_altitude_deg": [20] * 6},
            "the Moon is 60 deg away from it",
            "the Moon comes within 60 deg of it",
        ),
        (
            "moon: farther than 60 deg",
            {"moon_separation_deg": [50] * 6, "moon_altitude_deg": [5, 2, -2, -2, 2, 5]},
            "the Moon sets",
            "the Moon rises",
        ),
        (
            "moon: below 10 deg",
            {"moon_altitude_deg": [13, 11, 9, 9, 11, 13]},
            "the Moon sinks below 10 deg",
            "the Moon climbs above 10 deg",
        ),
        (
            "moon: fainter than 50 %",
            {"moon_illuminated_percent": [52, 51, 49, 49, 51, 52], "moon_altitude_deg": [20] * 6},
            "no more than 50 % of the Moon is lit",
            "more than 50 % of the Moon is lit",
        ),
        ("dates: after 2026-11-21 20:02 UTC and before 2026-11-21 20:03 UTC", {}, "its dates begin", "its dates end"),
        (
            "meridian: within 1 h",
            {"hour_angle_h": [-1.4, -1.2, -0.5, 0.5, 1.2, 1.4]},
            "it is 1 h before the meridian",
            "it is 1 h past the meridian",
        ),
        (
            "hour_angle: above -1 h and below 1 h",
            {"hour_angle_h": [-1.4, -1.2, -0.5, 0.5, 1.2, 1.4]},
            "its hour angle reaches -1 h",
            "its hour angle passes 1 h",
        ),
        (
            "hour_angle: below 11 h",
            {"hour_angle_h": [11.2, 11.6, -12, 10.5, 11.2, 11.6]},
            "it passes the lower meridian",
            "its hour angle passes 11 h",
        ),
        (
            "phase: after 0.2 and before 0.4",
            {"phases": [0.0, 0.1, 0.3, 0.3, 0.5, 0.6]},
            "its phase reaches 0.2",
            "its phase passes 0.4",
        ),
        (
            Skyline.through([(0, 20), (100, 20)], [(0, 60)]),
            {"altitude_deg": [15, 19, 21, 59, 61, 65]},
            "it comes out over the horizon",
            "it goes behind the ceiling",
        ),
        (
            Skyline.through([(0, 20), (100, 20)], [(0, 60)]),
            {"altitude_deg": [65, 61, 59, 21, 19, 15]},
            "it comes out below the ceiling",
            "it goes behind the horizon",
        ),
    ],
)
def test_an_edge_says_what_happens_there(seen, limit, track, opened, closed):
    phases = {"b": np.array(track.pop("phases"))} if "phases" in track else {}
    followed = replace(seen(**track), phases=phases)
    if isinstance(limit, str):
        name, said = limit.split(": ", 1)
        limit = getattr(When.model_validate({name: said}), name)
    (found,) = openings([limit], followed)
    assert (found.opens.words, found.closes.words) == (opened, closed)


def test_a_season_ends_with_the_noon_after_its_last_night(seen):
    track = replace(seen(), grid=Grid(datetime(2026, 11, 21, 11, 58, tzinfo=UTC), 60.0, 6))
    (found,) = openings([Season.model_validate("after 06-01 and before 11-20")], track)
    assert found.closes.words == "its season ends with 11-20"
    assert abs(found.closes.when - datetime(2026, 11, 21, 12, tzinfo=UTC)) < timedelta(seconds=0.1)
    (next_year,) = openings([Season.model_validate("after 11-21 and before 12-20")], track)
    assert next_year.opens.words == "its season begins on 11-21"


def test_of_two_limits_the_one_that_is_passed_first_ends_it(seen):
    track = seen(altitude_deg=[50, 49, 48, 40, 20, 10], sun_altitude_deg=[-30, -28, -26, -24, -19, -17])
    (found,) = openings([Sun.model_construct(below=-18.0), Altitude.model_construct(above=30.0)], track)
    assert found.closes.words == "it sets below 30 deg"


def test_a_planet_too_is_followed_between_the_minutes():
    place, start = Location(37.2236, -2.5463, 2168.0), datetime(2026, 11, 21, 17, tzinfo=UTC)
    (rough,) = openings([WALL], tracks([Planet(body="saturn")], Grid(start, 60.0, 600), place)[0])[:1]
    near = Grid(rough.closes.when.replace(second=0, microsecond=0) - timedelta(seconds=30), 1.0, 120)
    (exact,) = openings([WALL], tracks([Planet(body="saturn")], near, place)[0])
    assert abs(rough.closes.when - exact.closes.when) < timedelta(seconds=0.1)
    assert rough.closes.words == exact.closes.words


def test_a_phase_is_followed_through_zero_between_the_minutes(seen):
    turning = replace(seen(), phases={"b": (0.97 + 0.011 * np.arange(6)) % 1.0})
    (found,) = openings([Phase.model_validate("after 0.5 and before 0.001")], turning)
    expected_s = 60 * (1.001 - 0.97) / 0.011
    assert (found.closes.when - turning.grid.start).total_seconds() == pytest.approx(expected_s, abs=0.1)


def test_behind_a_wall_and_by_a_moon_that_rises_it_ends_within_the_minute_to_a_tenth_of_a_second():
    place, start = Location(37.2236, -2.5463, 2168.0), datetime(2026, 11, 26, 17, tzinfo=UTC)
    moon = Moon.model_validate("farther than 170 deg")
    for limits, star in (([WALL], Fixed(0.0, -27.8)), ([moon], Fixed(30.0, 40.0))):
        (found, *_) = openings(limits, tracked(star, place, start, 60.0, 600))
        near = tracked(star, place, found.closes.when.replace(second=0, microsecond=0), 0.2, 301)
        exact = np.argmin(allowed(limits, near)) * 0.2
        assert (found.closes.when - near.grid.start).total_seconds() == pytest.approx(exact, abs=0.3)
        assert allowed(limits, near)[0]
        assert found.closes.words in {"it goes behind the horizon", "the Moon rises"}


@pytest.mark.parametrize(
    ("had", "has", "share"),
    [
        (3.0, -1.0, 0.75),
        (0.5, -0.5, 0.5),
        (0.0, -2.0, 0.0),
        (-1e-12, -2.0, 0.0),
        (2.0, 0.5, 1.5),
        (0.25, 0.5, 1.5),
        (0.0, 0.0, 1.0),
        (np.inf, -1.0, 0.0),
        (np.inf, -np.inf, 0.0),
    ],
)
def test_the_limit_that_is_broken_first_on_a_straight_line_ends_it(
    had: float, has: float, share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "margin", lambda limit, track: np.array(limit))
    (track,) = tracks([Fixed(0.0, 0.0)], Grid.over(START, START + timedelta(minutes=2), 60.0), Location(0.0, 0.0))
    assert module._share((had, has), track, 0, 1) == pytest.approx(share)  # type: ignore[arg-type]


def test_an_edge_is_where_the_line_between_the_last_instants_says_wherever_the_grid_begins() -> None:
    place, limits = Location(37.2236, -2.5463, 2168.0), [Altitude.model_construct(above=30.0)]
    found = []
    for shift_s in range(0, 60, 7):
        grid = Grid.over(START + timedelta(seconds=1.00213 * shift_s), START + timedelta(hours=24), 60.0)
        (track,) = tracks([Fixed(80.0, 20.0)], grid, place)
        found += [edge.when for each in openings(limits, track) for edge in (each.opens, each.closes) if edge.words]
    for each in found:
        near = [abs((each - other).total_seconds()) for other in found if abs((each - other).total_seconds()) < 60]
        assert len(near) > 5
        assert max(near) < 0.02


@pytest.mark.once
@pytest.mark.parametrize("lasts_s", [3.0, 20.0, 50.0])
@pytest.mark.parametrize("shift_s", [7.0, 23.0, 41.0])
def test_what_is_shorter_than_a_minute_is_found_between_two_instants(lasts_s: float, shift_s: float) -> None:
    star, place = Fixed(60.0, 20.0), Location(37.2236, -2.5463, 2168.0)
    fine = tracked(star, place, START, 1.0, 86_400)
    top = int(np.argmax(fine.altitude_deg))
    at_deg = float(fine.altitude_deg[top - int(lasts_s / 2)])
    start = fine.grid.at(top) - timedelta(seconds=600.0 + shift_s)
    track = tracked(star, place, start, 60.0, 30)
    above, below = Altitude.model_construct(above=at_deg), Altitude.model_construct(below=at_deg)
    short = [each for each in openings([above], track) if each.window.length < timedelta(seconds=60)]
    before, after = openings([below], track)
    for begins, ends in ((short[0].opens, short[0].closes), (before.closes, after.opens)):
        assert (ends.when - begins.when).total_seconds() == pytest.approx(lasts_s, abs=2.0)
        assert begins.words and ends.words
        for edge, outwards in ((begins, -1), (ends, 1)):
            sides = [edge.when + side * timedelta(seconds=1.5) for side in (outwards, -outwards)]
            assert [hold_at([above], star, place, each) for each in sides] == [False, True]


def test_two_limits_that_leave_each_other_half_a_minute_do_so() -> None:
    star, place = Fixed(60.0, 20.0), Location(37.2236, -2.5463, 2168.0)
    track = tracked(star, place, datetime(2026, 11, 21, 20, tzinfo=UTC), 60.0, 60)
    middle = track.grid.at(30) + timedelta(seconds=10)
    rising = tracked(star, place, middle, 1.0, 1).altitude_deg[0]
    until = Dates.model_validate(f"before {middle + timedelta(seconds=25):%Y-%m-%d %H:%M:%S} UTC")
    (only,) = openings([Altitude.model_construct(above=float(rising)), until], track)
    assert abs((only.opens.when - middle).total_seconds()) < 0.2
    assert only.window.length.total_seconds() == pytest.approx(25.0, abs=0.2)
    assert (only.opens.words[:8], only.closes.words) == ("it rises", "its dates end")


@pytest.mark.parametrize(
    ("rooms", "worth"),
    [
        ([[-9, -1.5, -2, -1, -1, -2, -1.5, -9]], [3]),  # straight on from either side it just touches
        ([[-2, -1, -1, -2, -2, -1, -1, -2]], [1, 5]),  # nothing is known of what is beyond the first and the last
        ([[-9, -9, -2, -1, -1, -2, -9, -9], [5, 5, 5, 0, -9, -9, -9, -9]], [3]),
        ([[-9, -9, -2, -1, -1, -2, -9, -9], [-9, -9, -9, -9, 0, 5, 5, 5]], [3]),
        ([[-9, -9, -2, -1, -1, -2, -9, -9], [-9, -9, -9, -9, -9, -9, -9, -9]], []),
        ([[9, 9, 4, 1, 1, 4, 9, 9]], [3]),
        ([[4, 3, 2, 1, 1, 2, 3, 4]], []),
        ([[9, 9, 4, 1, 1, 4, 9, 9], [9] * 8], [3]),
        ([[-2, -1, -1, -2, -9, -9]], [1]),
        ([[-2, -1, -1, -2, -9]], []),
        ([], []),
    ],
)
def test_only_where_a_margin_may_turn_between_two_instants_is_it_looked_at_closer(
    rooms: list[list[float]], worth: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "margin", lambda limit, track: np.array(limit, float))
    monkeypatch.setattr(module, "allowed", lambda limits, track: np.min(limits, axis=0) >= 0)
    track = SimpleNamespace(grid=Grid(START, 60.0, len(rooms[0]) if rooms else 8))
    assert module._worth_a_look(rooms, track).tolist() == worth  # type: ignore[arg-type]


def opening(first: float, last: float) -> Opening:
    """Return one between two minutes."""
    return Opening(*(Edge(START + timedelta(minutes=each)) for each in (first, last)))


@pytest.mark.parametrize(
    ("found", "within", "joined"),
    [
        ([(0, 3), (5, 9)], [(5, 5.2), (5.8, 6)], [(0, 3), (5, 5.2), (5.8, 9)]),
        ([(0, 6), (7, 9)], [(5, 5.2), (5.8, 6)], [(0, 5.2), (5.8, 6), (7, 9)]),
        ([(0, 9)], [(5, 5.2), (5.4, 5.5), (5.8, 6)], [(0, 5.2), (5.4, 5.5), (5.8, 9)]),
        ([(0, 9)], [(5, 6)], [(0, 9)]),
        ([(0, 4.5), (6.5, 9)], [(5.3, 5.7)], [(0, 4.5), (5.3, 5.7), (6.5, 9)]),
        ([(0, 6.5)], [(5, 5.2), (5.8, 6)], [(0, 5.2), (5.8, 6.5)]),
        ([(5, 5.5)], [(5.8, 6)], [(5, 5.5), (5.8, 6)]),
    ],
)
def test_what_is_found_closer_parts_what_is_around_it_or_stands_alone(
    found: list[tuple[float, float]],
    within: list[tuple[float, float]],
    joined: list[tuple[float, float]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    track = SimpleNamespace(grid=Grid(START, 60.0, 10), closer=lambda first, parts: "closer")
    ways = {True: within, False: found}
    monkeypatch.setattr(module, "_openings", lambda _, of: tuple(opening(*each) for each in ways[of == "closer"]))
    monkeypatch.setattr(module, "_worth_a_look", lambda limits, track: np.array([5]))
    assert openings([], track) == tuple(opening(*each) for each in joined)  # type: ignore[arg-type]
