"""How long a target can still be had, against the tracks of those nights and against what is plain."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from astropy import units
from astropy.coordinates import PrecessedGeocentric, SkyCoord, get_sun
from astropy.time import Time
from astropy.utils import iers
from hypothesis import given, settings
from hypothesis import strategies as st

import tests.support.offline  # noqa: F401  astropy asks no network
from obsy.engine.schedule.chances import _sun, hours, scarcity
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.tracks import tracks
from obsy.schemas.site import Location
from tests.support.effort import examples

BEGIN = datetime(2026, 11, 21, 18, tzinfo=UTC)
HOURS = st.floats(0, 1e5)
LAW = settings(max_examples=examples(100), deadline=None)


@pytest.mark.parametrize(
    ("ra", "dec", "lowest", "sun", "place"),
    [
        (10.68, 41.27, 30.0, -18.0, Location(38.2, -2.3)),
        (90.0, -29.0, 40.0, -12.0, Location(-30.2, -155.5)),
    ],
)
def test_the_hours_of_two_nights_are_those_of_their_tracks(
    ra: float, dec: float, lowest: float, sun: float, place: Location
) -> None:
    noon = BEGIN.replace(hour=12) - timedelta(hours=place.longitude_deg / 15)
    grid = Grid(noon - timedelta(days=noon > BEGIN), 600.0, 2 * 144)
    (track,) = tracks([Fixed(ra, dec)], grid, place)
    both = (track.altitude_deg > lowest) & (track.sun_altitude_deg < sun)
    assert hours((ra, dec), lowest, sun, place, (BEGIN, 2)) == pytest.approx(float(both.sum()) / 6, abs=0.25)


@pytest.mark.parametrize(
    ("place", "dec", "begin"),
    [
        (Location(38.2, -155.5), 20.0, BEGIN),
        (Location(-30.2, 155.5), 5.0, datetime(2027, 6, 2, 9, tzinfo=UTC)),
        (Location(10.0, 100.0), -30.0, datetime(2028, 3, 9, 20, tzinfo=UTC)),
    ],
)
def test_a_night_is_good_to_five_minutes_of_a_count_of_them_and_to_two_and_a_half_for_places_of_its_date(
    place: Location, dec: float, begin: datetime
) -> None:
    noon = begin.replace(hour=12) - timedelta(hours=place.longitude_deg / 15)
    asked = SkyCoord(np.arange(0.0, 360.0, 15.0), dec, unit=units.deg)
    of_date = asked.transform_to(PrecessedGeocentric(equinox=Time(begin), obstime=Time(begin)))
    grid = Grid(noon - timedelta(days=noon > begin) + timedelta(days=begin - noon > timedelta(days=1)), 60.0, 1440)
    found = tracks([Fixed(float(ra), dec) for ra in asked.ra.deg], grid, place)
    for track, then in zip(found, of_date, strict=True):
        minutes = float(((track.altitude_deg > 30.0) & (track.sun_altitude_deg < -18.0)).sum())
        names = ((float(track.ra_deg[0]), dec), 5.0), ((float(then.ra.deg), float(then.dec.deg)), 2.5)
        for where, good in names:
            assert 60 * hours(where, 30.0, -18.0, place, (begin, 1)) == pytest.approx(minutes, abs=good)


@pytest.mark.parametrize("longitude_deg", [-155.5, 20.0, 155.5])
def test_each_moment_from_one_mean_noon_to_the_next_names_the_same_night(longitude_deg: float) -> None:
    place, noon = Location(38.2, longitude_deg), BEGIN.replace(hour=12) - timedelta(hours=longitude_deg / 15)

    def asked(after: timedelta) -> float:
        return hours((130.0, 10.0), 30.0, -18.0, place, (noon + after, 1))

    within = {asked(timedelta(seconds=each)) for each in (10, 30_000, 60_000, 86_390)}
    assert len(within | {asked(timedelta(seconds=-10)), asked(timedelta(seconds=86_410))}) == len(within) + 2 == 3  # noqa: PLR2004


def test_what_never_sets_has_every_dark_hour_and_what_never_rises_none() -> None:
    place = Location(60.0, 25.0)
    always, never = (hours((0.0, dec), 20.0, -18.0, place, (BEGIN, 30)) for dec in (89.0, -60.0))
    assert always == pytest.approx(hours((180.0, 89.0), 20.0, -18.0, place, (BEGIN, 30)))
    assert (always > 30 * 11, never) == (True, 0.0)


def test_in_the_polar_night_all_day_is_dark_and_on_the_polar_day_nothing() -> None:
    place = Location(85.0, 0.0)
    winter, summer = datetime(2026, 12, 21, 12, tzinfo=UTC), datetime(2026, 6, 21, 12, tzinfo=UTC)
    assert hours((0.0, 80.0), 20.0, -12.0, place, (winter, 5)) == pytest.approx(5 * 24, rel=0.003)
    assert hours((0.0, 80.0), 20.0, -12.0, place, (summer, 5)) == 0.0


def test_what_stands_up_at_dusk_and_again_at_dawn_has_both() -> None:
    # Opposite to midnight's meridian, never setting under 10 deg of a high latitude, but low at midnight.
    place = Location(55.0, 0.0)
    low = hours((240.0, 45.0), 25.0, -18.0, place, (BEGIN, 1))
    assert 0.0 < low < hours((60.0, 45.0), 25.0, -18.0, place, (BEGIN, 1))


@LAW
@given(wanted=HOURS, more=HOURS, chance=HOURS, later=HOURS)
def test_asking_for_more_than_can_be_had_never_presses_more_than_what_just_fits(
    wanted: float, more: float, chance: float, later: float
) -> None:
    year = chance + later
    pressing, pressing_more = (float(scarcity(each, chance, year)) for each in (wanted, wanted + more))
    assert 0.0 <= pressing <= 1.0
    assert pressing <= float(scarcity(chance, chance, year)) or chance == 0
    if wanted >= year:
        assert pressing_more <= pressing, "the more, the less"
    elif wanted + more <= year:
        assert pressing_more >= pressing, "up to all that a year has it may press more"


@LAW
@given(wanted=HOURS, chance=HOURS, passed=HOURS, year=HOURS)
def test_a_season_that_ends_never_presses_less(wanted: float, chance: float, passed: float, year: float) -> None:
    assert scarcity(wanted, max(0.0, chance - passed), year) >= scarcity(wanted, chance, year)


def test_five_times_what_a_year_has_presses_a_fifth_as_hard() -> None:
    assert [float(scarcity(each, 200.0, 400.0)) for each in (20.0, 200.0, 400.0, 2000.0)] == [0.1, 1.0, 1.0, 0.2]
    assert float(scarcity(5.0, 0.0, 0.0)) == float(scarcity(0.0, 0.0, 0.0)) == 0.0


@pytest.mark.once
@pytest.mark.filterwarnings("ignore:ERFA function")
def test_the_sun_is_the_almanacs_to_a_fiftieth_of_a_degree_in_this_century() -> None:
    days = np.arange(2000.0, 36500.0, 613.7)
    when = Time(days + 2451545.0, format="jd", scale="tt")
    with iers.conf.set_temp("iers_degraded_accuracy", "ignore"):
        truth = get_sun(when).transform_to(PrecessedGeocentric(equinox=when, obstime=when))
    ra, dec = _sun(days)
    assert np.abs((ra - truth.ra.deg + 180.0) % 360.0 - 180.0).max() < 0.02
    assert np.abs(dec - truth.dec.deg).max() < 0.02


def test_what_is_up_by_day_alone_has_no_hour_at_all() -> None:
    sun_ra, sun_dec = (float(each[0]) for each in _sun(np.array([9821.0])))  # as it stood on 21 November 2026
    assert hours((sun_ra, sun_dec), 0.0, -18.0, Location(38.2, -2.3), (BEGIN, 3)) == 0.0


def test_what_takes_less_than_an_hour_is_as_scarce_as_what_takes_many() -> None:
    assert float(scarcity(0.25, 0.5, 9.0)) == float(scarcity(25.0, 50.0, 99.0)) == 0.5
