"""Moments in each clock, held against astropy's Time."""

from datetime import UTC, datetime, timedelta, timezone

import erfa
import numpy as np
import pytest
from astropy.time import Time

from obsy.engine.sky.grid import Grid
from obsy.engine.sky.instants import ClockTimes, JulianDates, _know_leap_seconds, instants
from tests.support.turning import any_date, turning

MOMENTS = [
    datetime(2026, 11, 21, 17, 30, 0, 250000, tzinfo=UTC),
    datetime(2016, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(2017, 1, 1, tzinfo=UTC),
    datetime(1975, 3, 1, 4, tzinfo=UTC),
    datetime(1950, 1, 1, tzinfo=UTC),
    datetime(2150, 7, 1, 2, 3, 4, tzinfo=UTC),
]
"""Before leap seconds, at one, and beyond what is known of them."""


def apart_s(ours: JulianDates, theirs: Time) -> float:
    return float((((ours.jd1 - theirs.jd1) + (ours.jd2 - theirs.jd2)) * 86400)[0])


@pytest.mark.parametrize("clock", ["utc", "tt", "tdb", "ut1"])
@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: f"{moment:%Y}")
def test_each_clock_shows_what_it_does_by_astropy(moment: datetime, clock: str) -> None:
    with turning(moment):
        theirs = getattr(Time([moment]), clock)
    allowed_s = 0.003 if clock == "ut1" and moment.year < 2022 else 1e-7  # its long past is another series
    assert abs(apart_s(getattr(ClockTimes.at([moment]), clock), theirs)) < allowed_s


def test_a_moment_is_the_same_in_every_zone() -> None:
    there = MOMENTS[0].astimezone(timezone(timedelta(hours=-10)))
    assert ClockTimes.at([there]).tai == ClockTimes.at([MOMENTS[0]]).tai


@pytest.mark.parametrize("clock", ["UTC", "TT", "TDB"])
def test_dates_of_a_clock_mean_what_they_do_by_astropy(clock: str) -> None:
    said = JulianDates(np.array([2_451_492.5]), np.array([0.3223]))
    theirs = Time(*said, format="jd", scale=clock.lower())
    assert abs(apart_s(ClockTimes.of(clock, said).tai, theirs.tai)) < 1e-8


def test_a_clock_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="UTC, TT or TDB, and not UT1"):
        ClockTimes.of("UT1", JulianDates(np.array([2_451_492.5]), np.array([0.0])))


def test_a_grid_goes_on_evenly_over_a_leap_second() -> None:
    grid = Grid(datetime(2016, 12, 31, 23, 0, tzinfo=UTC), 60.0, 120)
    tai = instants(grid).tai
    np.testing.assert_allclose(((tai.jd1 - tai.jd1[0]) + (tai.jd2 - tai.jd2[0])) * 86400, grid.seconds, atol=1e-7)
    with any_date():
        theirs = Time(grid.start).tai
    assert abs(apart_s(tai, Time([theirs]))) < 1e-7


def test_moments_come_back_to_a_microsecond() -> None:
    back = ClockTimes.at(MOMENTS).moments()
    assert all(abs(one - other) < timedelta(microseconds=2) for one, other in zip(back, MOMENTS, strict=True))


def test_of_a_grid_there_are_as_many_as_it_has() -> None:
    assert len(instants(Grid(MOMENTS[0], 7.5, 1000))) == 1000


def test_a_leap_second_that_erfa_does_not_know_yet_is_told_to_it() -> None:
    known = erfa.leap_seconds.get()
    try:
        erfa.leap_seconds.set(known[:-1])
        _know_leap_seconds.__wrapped__()
        assert erfa.leap_seconds.get().tolist() == known.tolist()
    finally:
        erfa.leap_seconds.set(known)
