"""No plan makes the Sun harmless: the darkness it asks for counts only if safety asks for no more."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from astropy.coordinates import AltAz, EarthLocation, get_sun
from astropy.time import Time
from hypothesis import given
from hypothesis import strategies as st

import tests.support.turning  # noqa: F401  astropy asks no network
from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.survey import declare
from obsy.engine.declare.target import Ephemeris, FixedTarget
from obsy.engine.safety.daylight import why_too_light
from obsy.engine.schedule.conditions import (
    ObservingConditions,
    body,
    free,
    limits,
    observing_conditions,
    observing_night,
    refusal,
    skyline,
)
from obsy.engine.schedule.request import Reason
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.constraints import allows
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.horizon import Skyline
from obsy.engine.sky.orbit import Orbit
from obsy.engine.sky.track import Track
from obsy.engine.sky.transit import phase
from obsy.schemas.constraints.altitude import Altitude
from obsy.schemas.constraints.sun import Sun
from obsy.schemas.policy import SunHeightLimit, SunLimits
from obsy.schemas.site import Location
from obsy.schemas.target import Asteroid, Comet, OverGround, Planet, Satellite, TargetTable
from obsy.schemas.when import When

GRID = Grid(datetime(2026, 11, 21, 12, tzinfo=UTC), 60.0, 181)
SUN = np.linspace(-90.0, 90.0, GRID.count)
HIGH = np.full(GRID.count, 60.0)
NONE = np.zeros(GRID.count)
TRACK = Track(GRID, NONE, NONE, HIGH, NONE, NONE, SUN, NONE, NONE, NONE)
CONDITIONS = ObservingConditions(GRID, Location(38.2, -2.3), Skyline.through([(0.0, 0.0)]), {}, {})
REACH = (Altitude.model_validate("above 0 deg"),)


def asking(below: float) -> When:
    """What a plan asks of the Sun, unchecked, as nobody but a fault of ours would hand it down."""
    return When.model_construct(
        altitude=None, airmass=None, moon=None, dates=None, meridian=None, sun=Sun.model_construct(below=below)
    )


@given(st.floats(-90.0, 90.0))
def test_nothing_is_ever_free_while_the_sun_is_too_high_for_a_roof(below: float) -> None:
    allowed = free(asking(below), TRACK, CONDITIONS, REACH)
    assert not allowed[SUN > -6.0].any()
    assert allowed[SUN <= min(below, -6.0)].all()


@pytest.mark.parametrize(("limit", "first"), [(-12.0, -12.0), (-1.0, -5.0)])
def test_the_stricter_of_plan_and_policy_counts(limit: float, first: float) -> None:
    policy = SunHeightLimit.model_construct(below=limit)
    conditions = ObservingConditions(GRID, CONDITIONS.place, CONDITIONS.skyline, {}, {}, policy)
    assert SUN[free(asking(-5.0), TRACK, conditions, REACH)].max() == first


def refused(when: When, track: Track, conditions: ObservingConditions) -> Reason:
    """Why nothing can be had in a whole night."""
    every = limits(when, conditions, REACH)
    return refusal(every, [allows(each, track) for each in every], np.ones(GRID.count, bool))


def test_a_plan_for_daylight_is_told_that_it_is_never_dark() -> None:
    day = Track(GRID, NONE, NONE, HIGH, NONE, NONE, np.full(GRID.count, -3.0), NONE, NONE, NONE)
    assert refused(asking(60.0), day, CONDITIONS).words == "the Sun is not below -6 deg"


@pytest.mark.parametrize(
    ("points", "where"), [([(0.0, 0.0)], "below the horizon"), ([(0.0, 5.0)], "behind the measured horizon")]
)
def test_only_a_horizon_that_was_measured_is_called_so(points: list[tuple[float, float]], where: str) -> None:
    low = Track(GRID, NONE, NONE, -HIGH, NONE, NONE, np.full(GRID.count, -30.0), NONE, NONE, NONE)
    conditions = replace(CONDITIONS, skyline=Skyline.through(points))
    told = refused(asking(-18.0), low, conditions)
    assert told.words == f"it stays {where} while it is dark"


NOVEMBER, JUNE, DECEMBER = date(2026, 11, 21), date(2026, 6, 21), date(2026, 12, 21)
ALERT = {"latitude": 82.5, "longitude": -62.35, "elevation": 30.0, "timezone": "America/Toronto"}
TALLINN = {"latitude": 59.44, "longitude": 24.75, "elevation": 30.0, "timezone": "Europe/Tallinn"}


@cache
def example(root: Path) -> Observatory:
    """The example observatory with all its plans."""
    return declare(root, root / "plans")


@pytest.fixture
def here(root: Path) -> Observatory:
    return example(root)


def at(observatory: Observatory, place: dict[str, object]) -> Observatory:
    """The same observatory somewhere else."""
    return replace(observatory, site=observatory.site.model_copy(update=place))


def mild(observatory: Observatory) -> Observatory:
    """With one plan that is content with the Sun below -14 deg."""
    first, *others = observatory.plans
    when = type(first.when).model_validate({"sun": "below -14 deg"})
    return replace(observatory, plans=(first.model_copy(update={"when": when}), *others))


def test_no_plan_makes_the_night_lighter_than_safety_lets_a_roof_open(here: Observatory) -> None:
    first, *others = here.plans
    noon = first.when.model_copy(update={"sun": Sun.model_construct(below=60.0)})  # what the language refuses
    wild = replace(here, plans=(first.model_copy(update={"when": noon}), *others))
    night = observing_night(wild, NOVEMBER)
    assert night.dusk is not None
    assert night.dawn is not None
    location = EarthLocation.from_geodetic(here.site.longitude, here.site.latitude, here.site.elevation)
    for when in (night.dusk, night.dawn):
        sun = get_sun(Time(when)).transform_to(AltAz(obstime=Time(when), location=location))
        assert sun.alt.deg == pytest.approx(-6.0, abs=0.01)
    assert observing_conditions(wild, night).roof == here.safety.sun.roof


def test_dusk_and_dawn_are_whole_seconds(here: Observatory) -> None:
    night = observing_night(here, NOVEMBER)
    assert night.dusk is not None
    assert night.dawn is not None
    assert (night.dusk.microsecond, night.dawn.microsecond) == (0, 0)


@pytest.mark.parametrize("days", range(0, 365, 29))
@pytest.mark.parametrize("below", [-6.0, -0.83])
def test_between_dusk_and_dawn_safety_lets_the_roof_be_open_to_the_second(
    here: Observatory, days: int, below: float
) -> None:
    limits = SunLimits.model_construct(roof=SunHeightLimit.model_construct(below=below))
    safety = here.safety.model_copy(update={"sun": limits})
    early = replace(here, plans=(), safety=safety)
    found = observing_night(early, date(2026, 1, 5) + timedelta(days=days))
    assert found.dusk is not None
    assert found.dawn is not None
    for moment in (found.dusk, found.dawn):
        assert why_too_light(limits, early.site.location, moment) == ""


def test_at_dusk_the_sun_stands_where_astropy_sees_it(here: Observatory) -> None:
    night = observing_night(here, NOVEMBER)
    location = EarthLocation.from_geodetic(here.site.longitude, here.site.latitude, here.site.elevation)
    for when in (night.dusk, night.dawn):
        sun = get_sun(Time(when)).transform_to(AltAz(obstime=Time(when), location=location))
        assert sun.alt.deg == pytest.approx(-18.0, abs=2 * 15 / 3600)  # two seconds of the Sun's way


def test_in_the_polar_night_it_is_dark_from_noon_to_noon(here: Observatory) -> None:
    # At 82.5 N on 21 December the Sun stands at most at 90 - 82.5 - 23.4 = -15.9 deg.
    night = observing_night(at(mild(here), ALERT), DECEMBER)
    assert (night.sunset, night.sunrise) == (None, None)
    assert (night.dusk, night.dawn) == (night.start, night.end)
    assert night.end - night.start == timedelta(days=1)
    assert night.is_dark(night.start + timedelta(hours=12))


def test_a_white_night_is_never_dark(here: Observatory) -> None:
    night = observing_night(at(here, TALLINN), JUNE)
    assert (night.dusk, night.dawn, night.dark) == (None, None, ())


def test_the_sky_of_a_white_night_runs_from_noon_to_noon(here: Observatory) -> None:
    white = at(here, TALLINN)
    night = observing_night(white, JUNE)
    found = observing_conditions(white, night)
    assert (found.grid.start, found.grid.end) == (night.start, night.end)


def test_the_least_demanding_plan_decides_when_it_is_dark(here: Observatory) -> None:
    early, late = observing_night(mild(here), NOVEMBER), observing_night(here, NOVEMBER)
    assert early.dusk is not None
    assert late.dusk is not None
    assert early.dusk < late.dusk - timedelta(minutes=20)


def test_a_plan_that_asks_for_more_dark_does_not_shorten_the_night(here: Observatory) -> None:
    first, *others = here.plans
    when = type(first.when).model_validate({"sun": "below -25 deg"})
    strict = replace(here, plans=(first.model_copy(update={"when": when}), *others))
    assert observing_night(strict, NOVEMBER) == observing_night(here, NOVEMBER)


def test_the_sky_holds_every_plan_a_minute_at_a_time_from_dusk_to_dawn(here: Observatory) -> None:
    night = observing_night(here, NOVEMBER)
    found = observing_conditions(here, night)
    assert found.grid.start == night.dusk
    assert found.grid.step_s == 60.0
    assert night.dawn is not None
    assert night.dawn <= found.grid.end < night.dawn + timedelta(minutes=1)
    assert set(found.tracks) == {plan.name for plan in here.plans}
    assert set(found.events) == {"xo-6-b"}


def test_what_is_reserved_is_known_by_plan_and_so_is_the_rule_that_asks_for_one(here: Observatory) -> None:
    first = here.plans[0].model_copy(update={"targets": TargetTable(table="fields.csv")})
    asking = replace(here, plans=(first, here.plans[1]), asked_by={first.name: "outburst"})
    found = observing_conditions(asking, observing_night(here, NOVEMBER), step_s=3600.0)
    assert found.reserved == {first.name: (("rule", "outburst"), ("targets", "table"))}


def test_a_fixed_target_stays_where_it_is() -> None:
    assert body(FixedTarget(10.0, 41.0, {"b": Ephemeris(2456652.7, 3.76, 2.9)})) == Fixed(10.0, 41.0)


def test_a_comet_keeps_its_elements_and_passes_its_perihelion_on_the_clock_of_the_ephemeris() -> None:
    comet = body(
        Comet.model_validate(
            {
                "perihelion": "2026-11-27 04:00 UTC",
                "distance": "1.265114 au",
                "eccentricity": 0.836178,
                "inclination": "95.7918 deg",
                "node": "1.4736 deg",
                "argument": "47.0647 deg",
            }
        )
    )
    assert isinstance(comet, Orbit)
    # 2026-11-27 is MJD 61371; TDB is 69.18 s before UTC (37 leap seconds and 32.184 s)
    assert comet.perihelion_mjd == pytest.approx(61371 + (4 * 3600 + 69.184) / 86400, abs=0.01 / 86400)


def test_an_asteroid_passes_its_perihelion_when_its_mean_anomaly_says() -> None:
    ceres = body(
        Asteroid.model_validate(
            {
                "epoch": "2025-11-21 00:00 UTC",
                "semi_major_axis": "2.765616 au",
                "eccentricity": 0.0795763,
                "inclination": "10.58789 deg",
                "node": "80.24963 deg",
                "argument": "73.29975 deg",
                "mean_anomaly": "231.53973 deg",
            }
        )
    )
    assert isinstance(ceres, Orbit)
    period_d = 365.256898326 * 2.765616**1.5  # the Gaussian year
    to_come_d = (360 - 231.53973) / 360 * period_d
    since_or_until = (ceres.perihelion_mjd - (61000 + 69.184 / 86400) - to_come_d) / period_d
    assert since_or_until == pytest.approx(round(since_or_until), abs=1e-6)


def test_a_planet_is_followed_by_its_name() -> None:
    assert body(Planet(body="jupiter")) == Planet(body="jupiter")


@pytest.mark.parametrize(
    "target", [Satellite.model_construct(tle=("", "")), OverGround.model_construct(altitude=60.0, azimuth=0.0)]
)
def test_satellites_and_places_over_the_ground_are_followed_as_they_are_declared(
    target: Satellite | OverGround,
) -> None:
    assert body(target) is target


def test_phases_are_worked_out_for_the_plans_that_ask_for_them_and_no_others(here: Observatory) -> None:
    transit = next(plan for plan in here.plans if plan.name == "xo-6-b")
    part = type(transit.when).model_validate({"phase": {"after": 0.9, "before": 0.1}})
    goal = transit.want[0].model_copy(update={"when": part})
    asked = (
        transit,
        transit.model_copy(update={"name": "plan", "when": part}),
        transit.model_copy(update={"name": "goal", "want": (goal,)}),
    )
    asking = replace(here, plans=asked, targets={each.name: here.target(transit) for each in asked})
    found = observing_conditions(asking, observing_night(here, NOVEMBER))
    assert {name: set(track.phases) for name, track in found.tracks.items()} == {
        "xo-6-b": set(),
        "plan": {"b"},
        "goal": {"b"},
    }
    star, planets = found.events["plan"]
    expected = phase(planets["b"], star, here.site.location, found.grid)
    assert np.array_equal(found.tracks["plan"].phases["b"], expected)


def test_the_sky_is_looked_at_every_minute_and_above_the_horizon_that_was_measured(here: Observatory) -> None:
    conditions = observing_conditions(replace(here, plans=()), observing_night(here, NOVEMBER))
    assert conditions.grid.step_s == 60.0
    assert here.horizon is not None
    altitudes = np.array([point.altitude for point in here.horizon.points])
    azimuths = np.array([point.azimuth for point in here.horizon.points])
    assert conditions.skyline.clears(altitudes + 0.01, azimuths).all()
    assert not conditions.skyline.clears(altitudes - 0.01, azimuths).any()


def test_where_no_horizon_was_measured_it_is_flat(here: Observatory) -> None:
    flat, azimuths = skyline(replace(here, horizon=None)), np.linspace(0.0, 360.0, 37)
    assert flat.clears(np.full(37, 0.01), azimuths).all()
    assert not flat.clears(np.full(37, -0.01), azimuths).any()


def test_a_ceiling_is_part_of_the_skyline_where_a_point_has_one(here: Observatory) -> None:
    assert here.horizon is not None
    assert skyline(here).ceiling == ()
    points = tuple(
        p.model_copy(update={"ceiling": 70.0 if n == 0 else None}) for n, p in enumerate(here.horizon.points)
    )
    under = skyline(replace(here, horizon=here.horizon.model_copy(update={"points": points})))
    highest = [under.ceiling_deg(point.azimuth) for point in points]
    assert highest == [70.0, *[90.0] * (len(points) - 1)]
