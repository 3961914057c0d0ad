"""The season of a target, drawn and worked out."""

import xml.etree.ElementTree as ET
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.report.season import EVERY, Clear, SeasonNight, _above_h, _nights, svg, text
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.horizon import Skyline
from obsy.engine.sky.orbit import Orbit
from obsy.engine.sky.tracks import tracks
from obsy.engine.sky.twilight import night
from obsy.moments import noon
from obsy.schemas.site import Location
from obsy.schemas.target import Planet
from tests.support.golden import assert_golden

NERPIO = Location(38.16, -2.33, 1650.0)
LOW = Clear(30.0)
YEAR = tuple(
    SeasonNight(
        date(2026, 11, 21) + timedelta(days=days),
        round(8 + 3 * np.cos(days / 58), 2),
        round(max(0.0, 4 + 4 * np.cos(days / 58)), 2),
        round(max(0.0, 4 + 4 * np.cos(days / 58)) * (days % 30) / 30, 2),
        None if 150 < days < 200 else round(60 + 30 * np.cos(days / 58), 1),
    )
    for days in range(0, 366, 2 * EVERY)
)


def test_the_year_is_drawn_as_before(root: Path) -> None:
    golden = root / "tests" / "golden" / "report"
    drawn = svg("M31", YEAR, LOW, "hill")
    assert ET.fromstring(drawn).tag == "{http://www.w3.org/2000/svg}svg"
    assert_golden(drawn, golden / "season.svg")
    assert_golden(text(YEAR, LOW) + "\n", golden / "season.txt")


def test_a_target_at_the_pole_is_up_in_all_of_the_dark_and_one_at_the_other_never() -> None:
    day = date(2026, 12, 9)  # the Moon is new
    dark = night(day, NERPIO).dark[0].length / timedelta(hours=1)
    up, never = (_nights(Fixed(0.0, dec), NERPIO, LOW, day, 1)[0] for dec in (89.9, -89.9))
    assert up.dark_h == pytest.approx(dark, abs=0.02)
    assert up.up_h == up.moonless_h == up.dark_h
    assert (never.up_h, never.moonless_h) == (0.0, 0.0)


def test_under_the_full_moon_nothing_is_moonless() -> None:
    (found,) = _nights(Fixed(0.0, 89.9), NERPIO, LOW, date(2026, 12, 23), 1)
    assert found.moonless_h < 0.5 < found.up_h


def test_a_white_night_has_no_dark() -> None:
    day = date(2026, 6, 21)
    assert _nights(Fixed(0.0, 89.9), Location(69.0, 19.0), LOW, day, 1) == (SeasonNight(day, 0.0, 0.0, 0.0),)


def test_in_the_polar_night_it_is_dark_from_noon_to_noon() -> None:
    found = _nights(Fixed(0.0, 89.9), Location(88.0, 19.0), LOW, date(2026, 12, 20), 6)
    assert [(each.day.day, each.dark_h, each.up_h) for each in found] == [(20, 24.0, 24.0), (25, 24.0, 24.0)]


@pytest.mark.parametrize(
    "body", [Fixed(10.7, 41.3), Planet(body="mars"), Planet(body="moon"), Orbit(1.5, 0.4, 20.0, 80.0, 70.0, 61300.0)]
)
def test_the_hours_are_those_of_the_track_of_each_night(body: Fixed | Planet | Orbit) -> None:
    first = date(2026, 11, 21)
    for each in _nights(body, NERPIO, LOW, first, 11):
        start = noon(each.day, NERPIO.longitude_deg)
        (track,) = tracks([body], Grid.over(start, start + timedelta(days=1), 60.0), NERPIO)
        up = (track.altitude_deg > 30.0) & (track.sun_altitude_deg < -18.0)
        assert each.up_h == pytest.approx(np.count_nonzero(up) / 60, abs=0.05)
        assert each.moonless_h == pytest.approx(np.count_nonzero(up & (track.moon_altitude_deg < 0)) / 60, abs=0.05)


def test_what_the_measured_horizon_hides_is_left_out() -> None:
    first, body = date(2026, 11, 21), Fixed(10.7, 41.3)
    screen = Skyline.through([(0.0, 20.0), (89.0, 50.0), (180.0, 30.0), (200.0, 70.0), (280.0, 70.0), (340.0, 10.0)])
    for each in _nights(body, NERPIO, Clear(30.0, screen), first, 11):
        start = noon(each.day, NERPIO.longitude_deg)
        (track,) = tracks([body], Grid.over(start, start + timedelta(days=1), 60.0), NERPIO)
        dark = track.sun_altitude_deg < -18.0
        up = dark & (track.altitude_deg > 30.0) & screen.clears(track.altitude_deg, track.azimuth_deg)
        assert each.up_h == pytest.approx(np.count_nonzero(up) / 60, abs=0.05)
        assert each.up_h < np.count_nonzero(dark & (track.altitude_deg > 30.0)) / 60 - 0.5
        assert each.highest_deg == pytest.approx(track.altitude_deg[dark].max(), abs=0.5)


MARGINS = st.lists(st.floats(-90, 90), min_size=2, max_size=12)


@given(MARGINS, st.floats(-5, 5))
def test_what_must_hold_besides_takes_hours_away(margin: list[float], more: float) -> None:
    wide, narrow = np.array(margin), np.minimum(np.array(margin), more)
    assert 0.0 <= _above_h(narrow) <= _above_h(wide) + 1e-9 <= (len(margin) - 1) * 0.05 + 2e-9


@given(MARGINS)
def test_every_instant_is_above_or_below(margin: list[float]) -> None:
    values = np.array([each or 1.0 for each in margin])
    assert _above_h(values) + _above_h(-values) == pytest.approx((len(margin) - 1) * 0.05)
