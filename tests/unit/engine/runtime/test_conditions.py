"""Tonight, from what is declared: also where the Sun does not set, or does not rise."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from astropy.coordinates import AltAz, EarthLocation, get_sun
from astropy.time import Time

from obsy.engine.declare import declare
from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.target import AsteroidTarget, CometTarget, Crossing, FixedTarget, SolarSystemTarget
from obsy.engine.runtime.conditions import body, conditions, overheads, tonight
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.orbit import Orbit
from obsy.engine.sky.solar_system import SolarSystemBody
from obsy.schemas.when import Sun
from tests.support.equipment import club

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
    night = tonight(wild, NOVEMBER)
    assert night.dusk is not None
    assert night.dawn is not None
    location = EarthLocation.from_geodetic(here.site.longitude, here.site.latitude, here.site.elevation)
    for when in (night.dusk, night.dawn):
        sun = get_sun(Time(when)).transform_to(AltAz(obstime=Time(when), location=location))
        assert sun.alt.deg == pytest.approx(-6.0, abs=0.01)
    assert conditions(wild, night).roof == here.safety.sun.roof


def test_dusk_and_dawn_are_whole_seconds(here: Observatory) -> None:
    night = tonight(here, NOVEMBER)
    assert night.dusk is not None
    assert night.dawn is not None
    assert (night.dusk.microsecond, night.dawn.microsecond) == (0, 0)


def test_at_dusk_the_sun_stands_where_astropy_sees_it(here: Observatory) -> None:
    night = tonight(here, NOVEMBER)
    location = EarthLocation.from_geodetic(here.site.longitude, here.site.latitude, here.site.elevation)
    for when in (night.dusk, night.dawn):
        sun = get_sun(Time(when)).transform_to(AltAz(obstime=Time(when), location=location))
        assert sun.alt.deg == pytest.approx(-18.0, abs=2 * 15 / 3600)  # two seconds of the Sun's way


def test_in_the_polar_night_it_is_dark_from_noon_to_noon(here: Observatory) -> None:
    # At 82.5 N on 21 December the Sun stands at most at 90 - 82.5 - 23.4 = -15.9 deg.
    night = tonight(at(mild(here), ALERT), DECEMBER)
    assert (night.sunset, night.sunrise) == (None, None)
    assert (night.dusk, night.dawn) == (night.start, night.end)
    assert night.end - night.start == timedelta(days=1)
    assert night.is_dark(night.start + timedelta(hours=12))


def test_a_white_night_is_never_dark(here: Observatory) -> None:
    night = tonight(at(here, TALLINN), JUNE)
    assert (night.dusk, night.dawn, night.dark) == (None, None, ())


def test_the_sky_of_a_white_night_runs_from_noon_to_noon(here: Observatory) -> None:
    white = at(here, TALLINN)
    night = tonight(white, JUNE)
    found = conditions(white, night)
    assert (found.grid.start, found.grid.end) == (night.start, night.end)


def test_the_least_demanding_plan_decides_when_it_is_dark(here: Observatory) -> None:
    early, late = tonight(mild(here), NOVEMBER), tonight(here, NOVEMBER)
    assert early.dusk is not None
    assert late.dusk is not None
    assert early.dusk < late.dusk - timedelta(minutes=20)


def test_a_plan_that_asks_for_more_dark_does_not_shorten_the_night(here: Observatory) -> None:
    first, *others = here.plans
    when = type(first.when).model_validate({"sun": "below -25 deg"})
    strict = replace(here, plans=(first.model_copy(update={"when": when}), *others))
    assert tonight(strict, NOVEMBER) == tonight(here, NOVEMBER)


def test_the_sky_holds_every_plan_a_minute_at_a_time_from_dusk_to_dawn(here: Observatory) -> None:
    night = tonight(here, NOVEMBER)
    found = conditions(here, night)
    assert found.grid.start == night.dusk
    assert found.grid.step_s == 60.0
    assert night.dawn is not None
    assert night.dawn <= found.grid.end < night.dawn + timedelta(minutes=1)
    assert set(found.tracks) == {plan.name for plan in here.plans}
    assert set(found.planets) == {"xo-6-b"}


def test_a_fixed_target_stays_where_it_is() -> None:
    assert body(FixedTarget(10.0, 41.0, {"b": Crossing(2456652.7, 3.76, 2.9)})) == Fixed(10.0, 41.0)


def test_a_comet_keeps_its_elements_and_passes_its_perihelion_on_the_clock_of_the_ephemeris() -> None:
    comet = body(CometTarget(1.265114, 0.836178, 95.7918, 1.4736, 47.0647, datetime(2026, 11, 27, 4, tzinfo=UTC)))
    assert isinstance(comet, Orbit)
    # 2026-11-27 is MJD 61371; TDB is 69.18 s before UTC (37 leap seconds and 32.184 s)
    assert comet.perihelion_mjd == pytest.approx(61371 + (4 * 3600 + 69.184) / 86400, abs=0.01 / 86400)


def test_an_asteroid_passes_its_perihelion_when_its_mean_anomaly_says() -> None:
    epoch = datetime(2025, 11, 21, tzinfo=UTC)
    ceres = body(AsteroidTarget(2.765616, 0.0795763, 10.58789, 80.24963, 73.29975, 231.53973, epoch))
    assert isinstance(ceres, Orbit)
    period_d = 365.256898326 * 2.765616**1.5  # the Gaussian year
    to_come_d = (360 - 231.53973) / 360 * period_d
    since_or_until = (ceres.perihelion_mjd - (61000 + 69.184 / 86400) - to_come_d) / period_d
    assert since_or_until == pytest.approx(round(since_or_until), abs=1e-6)


def test_a_planet_is_followed_by_its_name() -> None:
    assert body(SolarSystemTarget("jupiter")) == SolarSystemBody("jupiter")


def test_a_german_mount_flips_and_a_fork_does_not(here: Observatory) -> None:
    (newton,) = here.instruments
    german = overheads(newton)
    fork = overheads(replace(newton, mount=newton.mount.model_copy(update={"type": "fork"})))
    assert newton.mount.meridian is not None
    assert (german.flip_s, german.past_meridian_s) == (newton.mount.meridian.flip, newton.mount.meridian.past)
    assert (fork.flip_s, fork.past_meridian_s) == (0.0, None)


def test_a_focus_run_takes_seven_frames_with_their_downloads(here: Observatory) -> None:
    (newton,) = here.instruments
    costs = overheads(newton)
    assert costs.focus_s == 7 * (2.0 + 4.0 + newton.train.camera.download + 5.0)
    assert costs.download_s == newton.train.camera.download


def test_a_train_without_wheel_and_focuser_loses_no_time_to_them() -> None:
    costs = overheads(club().instrument("colour"))
    assert (costs.filter_s, costs.focus_s) == (0.0, 0.0)
