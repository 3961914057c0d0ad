"""Where each constraint lets a target stand, how it is loosened for one that stays lower, and in what its margin is."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from obsy.engine.sky.constraints import allows, edge, margin, reason, unit
from obsy.engine.sky.grid import Grid
from obsy.schemas.constraints.airmass import Airmass, altitude_at_airmass
from obsy.schemas.constraints.altitude import Altitude
from obsy.schemas.constraints.constraint import Bounds
from obsy.schemas.constraints.dates import Dates
from obsy.schemas.constraints.moon import Moon
from obsy.schemas.constraints.season import Season
from obsy.schemas.when import When


def said(words):
    name, rest = words.split(": ", 1)
    return getattr(When.model_validate({name: rest}), name)


@pytest.mark.parametrize(
    ("words", "bounds", "lower", "measured"),
    [
        ("altitude: above 35 deg", Bounds(35.0, 90.0), "above 20 deg", "deg"),
        ("altitude: below 60 deg", Bounds(-90.0, 60.0), "above 20 deg", "deg"),
        ("airmass: below 2", Bounds(30.0, 90.0), "below 3", ""),
        ("airmass: above 2", Bounds(-90.0, 30.0), "below 3", ""),
        ("hour_angle: above -2 h", Bounds(hours=(-2.0, 12.0)), "", "h"),
        ("hour_angle: below 1 h", Bounds(hours=(-12.0, 1.0)), "", "h"),
        ("meridian: within 3 h", Bounds(hours=(-3.0, 3.0)), "", "h"),
        ("sun: below -18 deg", Bounds(-90.0, 90.0, (-12.0, 12.0)), "", "deg"),
        ("dates: after 2026-11-21", Bounds(), "", "d"),
        ("phase: after 0.1 and before 0.2", Bounds(), "", ""),
    ],
)
def test_a_constraint_bounds_where_a_target_stands_and_can_be_loosened(seen, words, bounds, lower, measured):
    limit = said(words)
    assert limit.bounds() == tuple(pytest.approx(each) for each in bounds)
    assert limit.lower(20.0) == lower
    assert unit(limit, seen(), 0) == measured


@pytest.mark.parametrize("kind", [Altitude, Airmass])
@pytest.mark.parametrize("top", [5.0, 12.0, 31.0])
def test_what_is_loosened_is_kept_by_a_target_that_rises_so_high(seen, kind, top):
    lowest = kind.model_validate(kind.model_construct(above=None, below=None).lower(top)).bounds().lowest_deg
    assert top - 3.0 < lowest <= top + 1e-9
    assert kind.model_construct(above=None, below=None).lower(-5.0)


def test_no_air_is_as_little_as_overhead():
    assert altitude_at_airmass(1.0) == altitude_at_airmass(0.9) == pytest.approx(90.0)
    assert altitude_at_airmass(1.5) == pytest.approx(41.81, abs=0.01)  # arcsin 2/3


def test_of_dates_the_margin_is_days_and_one_end_is_said_alone(seen):
    begins = Dates.model_validate("after 2026-11-21 08:00 UTC")
    assert margin(begins, seen())[0] == pytest.approx(0.5)
    assert margin(Dates.model_validate("before 2026-11-23 20:00 UTC"), seen())[0] == pytest.approx(2.0)
    assert reason(begins) == "it is not after 2026-11-21 08:00 UTC"
    assert Dates.model_validate("after 2026-12-01").span() == (datetime(2026, 12, 1, 12, tzinfo=UTC), None)


def test_a_season_ends_at_noon_of_its_longitude_to_the_second(seen):
    season, start = Season.model_validate("after 11-01 and before 03-15"), datetime(2027, 3, 16, 1, 59, 59, tzinfo=UTC)
    track = replace(seen(), grid=Grid(start, 1.0, 3), longitude_deg=150.0)
    assert allows(season, track).tolist() == [True, False, False]
    assert allows(Season.model_validate("after 03-16 and before 11-01"), track).tolist() == [False, True, True]


def test_how_much_of_the_moon_is_lit_is_not_how_high_it_stands():
    with pytest.raises(ValidationError) as caught:
        Moon.model_validate("below 50 %")
    (fault,) = caught.value.errors()
    assert (fault["ctx"]["code"], fault["ctx"]["mend"]) == ("unknown-unit", "write 'fainter than 50 %'")


@pytest.mark.parametrize(("alone", "found"), [("width 7 d", "'width'"), ("relaxed below 20 deg", "'relaxed below'")])
def test_what_changes_no_distance_is_named(alone, found):
    with pytest.raises(ValidationError) as caught:
        Moon.model_validate(alone)
    assert re.match(rf"an? {found}|{found}", caught.value.errors()[0]["ctx"]["found"])


def test_without_a_distance_none_is_needed_and_a_disc_lit_by_rounding_more_than_whole_is_full(seen):
    track = seen(moon_illuminated_percent=[100.0000001] * 6, moon_altitude_deg=[45] * 6)
    assert Moon.model_validate("fainter than 50 %").needed_deg(track).tolist() == [0.0] * 6
    assert Moon.model_validate("farther than 60 deg and width 7 d").needed_deg(track)[0] == pytest.approx(60.0)


def test_at_its_very_limit_a_moon_is_still_allowed_and_just_above_the_horizon_it_counts(seen):
    track = seen(moon_illuminated_percent=[60] * 6, moon_altitude_deg=[0.5] * 6, moon_separation_deg=[10] * 6)
    lit, low = Moon.model_validate("fainter than 60 %"), Moon.model_validate("below 10 deg and farther than 50 deg")
    assert allows(lit, track).all()
    assert lit.enough_deg(track).tolist() == [0.0] * 6
    assert not allows(low, track).any()


def test_the_moon_rises_at_the_horizon_and_above_it_only_comes_nearer(seen):
    near = Moon.model_validate("farther than 60 deg")
    track = seen(moon_altitude_deg=[-1, 0, 0, 1, 1, 1], moon_separation_deg=[50, 50, 61, 59, 59, 59])
    assert (edge(near, track, 0, 1), edge(near, track, 2, 3)) == (
        "the Moon rises",
        "the Moon comes within 60 deg of it",
    )


ONE = "2026-11-21 20:00 UTC"


@pytest.mark.parametrize(
    "words",
    [
        "altitude: above 30 deg and below 30 deg",
        "hour_angle: above 1 h and below 1 h",
        f"dates: after {ONE} and before {ONE}",
    ],
)
def test_limits_that_leave_a_single_value_leave_nothing(words):
    with pytest.raises(ValidationError, match="never-both"):
        said(words)


LAST_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@pytest.mark.parametrize(("month", "last"), list(enumerate(LAST_DAYS, start=1)))
def test_a_month_has_its_days_and_no_more(month, last):
    season = Season.model_validate(f"after {month:02}-01 and before {month:02}-{last}")
    assert (season.after, season.before) == ((month, 1), (month, last))
    for wrong in (f"{month:02}-{last + 1}", f"{month:02}-00"):
        with pytest.raises(ValidationError, match="not-a-moment"):
            Season.model_validate(f"after {wrong} and before 12-31")
