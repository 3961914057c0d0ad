from datetime import UTC, date, datetime, time, timedelta

import astropy.units as u
import numpy as np
import pytest
from astroplan import Observer
from astropy.coordinates import AltAz, EarthLocation, get_sun
from astropy.time import Time, TimeDelta

import tests.support.turning  # noqa: F401  astropy asks no network
from obsy.engine.sky.grid import Window
from obsy.engine.sky.twilight import night
from obsy.schemas.site import Location

SVALBARD = Location(78.22, 15.65, 10.0)
TALLINN = Location(59.44, 24.75, 30.0)


@pytest.mark.long
@pytest.mark.once
@pytest.mark.parametrize("day", [date(2026, 3, 20), date(2026, 6, 21), date(2026, 11, 21), date(2027, 1, 31)])
def test_the_suns_times_are_astroplans(calar_alto, day):
    ours = night(day, calar_alto)
    observer = Observer(
        latitude=calar_alto.latitude_deg * u.deg,
        longitude=calar_alto.longitude_deg * u.deg,
        elevation=calar_alto.elevation_m * u.m,
    )
    noon, fine = Time(ours.start), {"which": "next", "n_grid_points": 500}
    theirs = {
        "sunset": observer.sun_set_time(noon, horizon=-50 / 60 * u.deg, **fine),
        "dusk": observer.twilight_evening_astronomical(noon, **fine),
        "dawn": observer.twilight_morning_astronomical(noon, **fine),
        "sunrise": observer.sun_rise_time(noon, horizon=-50 / 60 * u.deg, **fine),
    }
    for name, when in theirs.items():
        assert abs((getattr(ours, name) - when.to_datetime(UTC)).total_seconds()) < 1, name
    assert ours.dark == (Window(ours.dusk, ours.dawn),)


@pytest.mark.once
@pytest.mark.parametrize("latitude", [48.2, 48.4, 48.5, 48.54, 48.55])
def test_where_the_sun_grazes_the_limit_it_stands_there_at_dusk_and_at_dawn(latitude):
    june = night(date(2026, 6, 21), Location(latitude, 2.35, 35.0))
    where = EarthLocation.from_geodetic(2.35, latitude, 35.0)

    def above_deg(seconds: np.ndarray) -> np.ndarray:
        when = Time(june.start) + TimeDelta(seconds, format="sec")
        return get_sun(when).transform_to(AltAz(obstime=when, location=where)).alt.deg + 18.0

    assert -0.4 < above_deg(np.arange(36000.0, 54000.0, 60.0)).min() < -0.005
    dusk, dawn = ((found - june.start).total_seconds() for found in (june.dusk, june.dawn))
    sinks, rises = above_deg(np.array([[dusk - 1.0, dusk + 1.0], [dawn - 1.0, dawn + 1.0]]))
    assert sinks[0] > 0.0 > sinks[1]
    assert rises[0] < 0.0 < rises[1]


def test_a_white_night_has_a_sunset_and_no_dusk():
    june = night(date(2026, 6, 21), TALLINN)
    assert june.sunset < june.sunrise
    assert (june.dusk, june.dawn, june.dark) == (None, None, ())


def test_the_midnight_sun_does_not_set():
    june = night(date(2026, 6, 21), SVALBARD)
    assert (june.sunset, june.sunrise, june.dark) == (None, None, ())


def test_the_polar_night_is_dark_by_a_mild_limit_from_noon_to_noon():
    december = night(date(2026, 12, 21), SVALBARD, dark_below_deg=-6.0)
    assert (december.sunset, december.dusk) == (None, None)
    assert december.dark == (Window(december.start, december.end),)


@pytest.mark.parametrize("day", [date(2026, 3, 28), date(2026, 10, 24), date(2026, 12, 31)])
def test_a_night_lasts_a_day_from_noon_to_noon_of_the_longitude_whatever_the_clocks_do(calar_alto, day):
    found = night(day, calar_alto)
    assert found.end - found.start == timedelta(days=1)
    assert abs(found.start - datetime.combine(day, time(12, 10, 11), UTC)) < timedelta(seconds=1)  # 2.546 deg west
    assert found.sunset < found.dusk < found.dawn < found.sunrise


@pytest.mark.parametrize("longitude", [-179.9, -157.4, -155.5, 0.0, 149.07, 179.9])
def test_all_round_the_earth_a_night_is_whole_with_midnight_in_its_middle(longitude):
    found = night(date(2026, 11, 21), Location(19.8, longitude, 0.0))
    assert found.sunset < found.dusk < found.dawn < found.sunrise
    middle = found.dusk + (found.dawn - found.dusk) / 2
    assert abs(middle - found.start - timedelta(hours=12)) < timedelta(minutes=17)  # the equation of time


@pytest.mark.parametrize("year", [1955, 2029, 2060])
def test_a_night_outside_the_tables_of_the_earths_rotation_is_told_without_a_warning(calar_alto, year):
    found, now = (night(date(y, 11, 21), calar_alto) for y in (year, 2026))
    apart = found.dusk.replace(year=2026) - now.dusk
    assert abs(apart) < timedelta(minutes=3)  # the calendar's own drift, and no more
