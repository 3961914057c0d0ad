"""Windows of many targets over many nights: what one night alone says, to a second."""

from datetime import date, datetime, timedelta
from functools import lru_cache

import erfa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from obsy.engine.sky.body import Fixed
from obsy.engine.sky.constraints import Limit, allowed
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.horizon import Skyline
from obsy.engine.sky.nights import Nights, many_nights
from obsy.engine.sky.openings import openings
from obsy.engine.sky.season import _dark, _open, season
from obsy.engine.sky.tracks import tracks
from obsy.schemas.constraints.altitude import Altitude
from obsy.schemas.constraints.dates import Dates
from obsy.schemas.constraints.moon import Moon
from obsy.schemas.constraints.phase import Phase
from obsy.schemas.constraints.season import Season
from obsy.schemas.constraints.sun import Sun
from obsy.schemas.site import Location
from obsy.schemas.when import When
from tests.support.effort import examples

NORTH, SOUTH = Location(37.2236, -2.5463, 2168.0), Location(-24.6272, -70.4042, 2635.0)
ARCTIC, POLE = Location(78.2, 15.6, 0.0), Location(-90.0, 0.0, 2835.0)
DATE_LINE = Location(-17.7, 179.99, 0.0)
NIGHTS = 4
HILLS = Skyline.through(
    [(0.0, 5.0), (60.0, 22.0), (150.0, 9.0), (179.9, 12.0), (180.0, 35.0), (200.0, 33.0), (200.1, 8.0), (300.0, 17.0)]
)
STARS = st.builds(
    Fixed, st.sampled_from([0.0, 359.9999]) | st.floats(0, 360, allow_subnormal=False), st.floats(-89.9, 89.9)
)
MOONS = st.sampled_from(
    [
        "farther than 60 deg",
        "farther than 60 deg and relaxed below 30 deg",
        "farther than 120 deg and width 7 d",
        "farther than 90 deg and width 5 d and relaxed below 20 deg",
        "below 10 deg",
        "below -5 deg and fainter than 50 %",
    ]
).map(Moon.model_validate)
OVERHEAD = st.sampled_from(
    [
        {"altitude": "above 20 deg and below 80 deg"},
        {"airmass": "below 1.8"},
        {"hour_angle": "above -3 h and below 2 h"},
        {"hour_angle": "above -3 h"},
        {"meridian": "within 4 h", "altitude": "above 15 deg"},
    ]
)


def limits(said: dict[str, str], moon: Moon, hills: bool) -> list[Limit]:
    when = When.model_validate(said | {"sun": "below -12 deg"})
    return [*(getattr(when, name) for name in (*said, "sun")), moon, *([HILLS] if hills else [])]


LIMITS = st.builds(limits, OVERHEAD, MOONS, st.booleans())


@lru_cache
def sky(place: Location, month: int) -> Nights:
    return many_nights(date(2026, month, 19), NIGHTS, place)


def one_night(star: Fixed, limits: list[Limit], place: Location, noon: datetime) -> list[tuple[datetime, datetime]]:
    track = tracks([star], Grid(noon, 60.0, 1441), place)[0]
    return [(each.opens.when, each.closes.when) for each in openings(limits, track)]


def long(spans: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Those that neither side may leave out."""
    return [(a, b) for a, b in spans if b - a > timedelta(minutes=4)]


@pytest.mark.long
@pytest.mark.once
@settings(deadline=None, max_examples=examples(12))
@given(
    st.lists(STARS, min_size=1, max_size=2),
    st.sampled_from([NORTH, SOUTH, ARCTIC, POLE, DATE_LINE]),
    st.sampled_from([3, 6, 12]),
    LIMITS,
)
def test_each_night_of_a_season_is_that_night_alone_to_a_second(
    stars: list[Fixed], place: Location, month: int, limits: list[Limit]
) -> None:
    nights = sky(place, month)
    found = season(stars, limits, nights)
    for number, star in enumerate(stars):
        for night in (0, NIGHTS - 1):
            noon = nights.grid.start + timedelta(days=night)
            ours = long([(each.start, each.end) for each in found.of(number, night)])
            theirs = long(one_night(star, limits, place, noon))
            assert len(ours) == len(theirs)
            for pair in zip(ours, theirs, strict=True):
                for one, other in zip(*pair, strict=True):
                    assert abs(one - other) <= slack(star, place, other)


def slack(star: Fixed, place: Location, when: datetime) -> timedelta:
    """A second; where it climbs so slowly that an arcsecond takes longer, the time of that arcsecond."""
    around = tracks([star], Grid(when - timedelta(seconds=30), 60.0, 2), place)[0]
    moved = [abs(float(np.diff(each)[0])) for each in (around.altitude_deg, around.moon_altitude_deg)]
    return timedelta(seconds=max(1.0, 60 / 3600 / max(min(moved), 1e-6)))


def test_the_hours_of_a_night_are_those_of_its_windows() -> None:
    found = season([Fixed(10.68, 41.27), Fixed(201.0, -85.0)], [Altitude.model_construct(above=30.0)], sky(NORTH, 12))
    assert found.hours.shape == (2, NIGHTS)
    assert found.hours[1].tolist() == [0.0] * NIGHTS
    for night in range(NIGHTS):
        lengths_h = sum(each.length.total_seconds() for each in found.of(0, night)) / 3600
        assert found.hours[0, night] == pytest.approx(lengths_h, abs=1e-6)


def test_in_the_polar_night_a_target_is_had_from_noon_to_noon_and_on_a_polar_day_never() -> None:
    star, dark = Fixed(0.0, 80.0), Sun.model_construct(below=-6.0)
    winter, summer = sky(ARCTIC, 12), sky(ARCTIC, 6)
    assert season([star], [dark], winter).hours == pytest.approx(24.0)
    assert season([star], [dark], summer).hours.max() == 0.0
    assert season([star], [dark], summer).of(0, 0) == ()


def test_dates_and_seasons_cut_it() -> None:
    nights = sky(NORTH, 12)
    begun = season([Fixed(10.0, 80.0)], [Dates.model_validate("after 2026-12-20 and before 2026-12-21")], nights)
    assert begun.hours[0].tolist() == pytest.approx([0.0, 24.0, 24.0, 0.0])
    ended = season([Fixed(10.0, 80.0)], [Season.model_validate("after 12-01 and before 12-20")], nights)
    assert ended.hours[0].tolist() == pytest.approx([24.0, 24.0, 0.0, 0.0], abs=0.02)


@pytest.mark.long
def test_a_target_that_only_just_comes_and_goes_is_looked_at_night_by_night() -> None:
    # It culminates within seconds of arc of the limit, and aberration and nutation carry it over.
    nights, high = many_nights(date(2026, 1, 1), 60, NORTH), [Altitude.model_construct(above=30.0)]
    culminating_deg = NORTH.latitude_deg - 60.0
    seen_deg = np.degrees(erfa.atciqz(np.radians(100.0), np.radians(culminating_deg), nights.frames)[1])
    star = Fixed(100.0, 2 * culminating_deg - float(np.median(seen_deg)))
    hours = season([star], high, nights).hours[0]
    assert 10 < np.count_nonzero(hours) < 50
    for night in (0, 20, 40, 59):
        alone = one_night(star, high, NORTH, nights.grid.start + timedelta(days=night))
        assert hours[night] == pytest.approx(sum((b - a for a, b in alone), timedelta()) / timedelta(hours=1), abs=0.05)


def test_without_targets_or_limits_there_is_an_answer() -> None:
    nights = sky(NORTH, 12)
    assert season([], [], nights).hours.shape == (0, NIGHTS)
    assert season([Fixed(0.0, 0.0)], [], nights).hours == pytest.approx(24.0)


def test_a_phase_is_refused() -> None:
    with pytest.raises(ValueError, match="a season knows"):
        season([Fixed(0.0, 0.0)], [Phase.model_validate("after 0.4 and before 0.6")], sky(NORTH, 12))


@pytest.mark.parametrize("ra_deg", range(0, 360, 40))
def test_a_span_of_nearly_a_turn_meets_a_polar_night_whichever_way_the_sky_is_turned(ra_deg: float) -> None:
    limits: list[Limit] = [When.model_validate({"hour_angle": "above -11 h"}).hour_angle]  # type: ignore[list-item]
    star, nights = Fixed(float(ra_deg), 60.0), sky(ARCTIC, 12)
    (window, *more) = [(each.start, each.end) for each in season([star], limits, nights).of(0, 1)]
    expected = one_night(star, limits, ARCTIC, nights.grid.start + timedelta(days=1))
    assert [abs(a - b) < timedelta(seconds=1) for a, b in zip(window, expected[0], strict=True)] == [True, True]
    assert len(more) == len(expected) - 1


def test_a_moon_that_passes_at_the_limit_spoils_what_it_spoils_minute_by_minute() -> None:
    nights, limit = sky(SOUTH, 6), Moon.model_validate("farther than 40 deg")
    x, y, z = nights.moon[300]  # in the evening of the first night
    ra, dec = np.degrees([np.arctan2(y, x), np.arcsin(z)])
    stars = [Fixed((ra + away / np.cos(np.radians(dec))) % 360.0, dec) for away in np.arange(38.0, 45.0, 0.2)]
    hours = season(stars, [limit], nights).hours[:, 0]
    minutes = [allowed([limit], each).sum() for each in tracks(stars, Grid(nights.grid.start, 60.0, 1441), SOUTH)]
    assert hours == pytest.approx(np.array(minutes) / 60, abs=0.05)


def test_a_star_that_moves_stands_where_it_has_come_to() -> None:
    barnard, nights, high = Fixed(269.452, 4.6934, -802.0, 10362.0), sky(NORTH, 6), Altitude.model_construct(above=30.0)
    (window,) = season([barnard], [high], nights).of(0, 1)
    ((rises, sets),) = one_night(barnard, [high], NORTH, nights.grid.start + timedelta(days=1))
    assert max(abs(window.start - rises), abs(window.end - sets)) < timedelta(seconds=0.5)


@pytest.mark.once
@pytest.mark.parametrize("place", [NORTH, Location(66.0, 179.9, 0.0), Location(-90.0, 0.0, 2835.0)])
@pytest.mark.parametrize("below", [-18.0, -0.83])
def test_the_edges_of_the_dark_are_the_same_together_and_one_by_one(place: Location, below: float) -> None:
    nights, dark = many_nights(date(2026, 3, 1), 40, place), Sun.model_construct(below=below)
    together, one_by_one = _dark([dark], nights), list(_open([dark], nights))
    assert len(together) == len(one_by_one)
    np.testing.assert_allclose(np.ravel(together), np.ravel(one_by_one), atol=0.15)
