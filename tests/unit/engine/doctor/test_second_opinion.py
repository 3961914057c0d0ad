"""astroplan, on astropy's own sky, says of a night what obsy plans by; and what is wrong is told."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from obsy.engine.declare.survey import survey
from obsy.engine.declare.target import Ephemeris
from obsy.engine.doctor import second_opinion
from obsy.engine.doctor.checks import Level, findings
from obsy.engine.doctor.facts import Facts, SecondOpinion
from obsy.engine.doctor.second_opinion import event_apart, midnight_by_the_clock, opinions, sun_and_moon_apart
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.transit import transits
from obsy.engine.sky.twilight import night
from obsy.schemas.site import Location, Site

WINTER, SUMMER = date(2026, 11, 28), date(2026, 6, 21)
U_CEP = Fixed(15.5768, 81.8756)
"""U Cep: 01h02m18.4s +81d52m32s. Minima: J.M. Kreiner, Atlas of O-C diagrams: HJD 2451492.3223 + 2.49309 E"""


def site(latitude: float, longitude: float, timezone: str) -> Site:
    return Site.model_construct(name="here", latitude=latitude, longitude=longitude, elevation=100.0, timezone=timezone)


def too_far(apart: tuple[SecondOpinion, ...]) -> set[str]:
    return {each.what.split(" over ")[0] for each in apart if each.by > each.at_most}


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.parametrize("folder", [".", "docs/club"])
def test_astroplan_agrees_on_tonight_with_all_that_is_declared(root: Path, folder: str) -> None:
    here = root / folder
    sky, midnights = opinions(
        survey(here, here / "plans").declared, datetime(2026, 11, 28, 20, tzinfo=UTC), events=True
    )
    assert too_far(sky) == set()
    assert len(midnights) == 1 and midnights[0].off_h < 1
    assert len({each.what for each in sky}) == len(sky) >= 5
    assert any("over" in each.what and each.unit == "s" and 0 < each.by < 1 for each in sky)


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.parametrize("day", [WINTER, SUMMER])
@pytest.mark.parametrize(
    ("latitude", "longitude"), [(-30.24, -70.73), (78.22, 15.65), (-89.99, 0.0), (59.44, 24.75), (66.6, 25.7)]
)
def test_it_agrees_in_the_south_and_where_there_is_no_twilight_or_no_night(
    latitude: float, longitude: float, day: date
) -> None:
    here = site(latitude, longitude, "UTC")
    apart = sun_and_moon_apart(here, night(day, here.location))
    assert too_far(apart) == set()
    assert len(apart) == 5


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.parametrize("wrong", [Location(38.16, 2.33), Location(-38.16, -2.33), Location(36.0, -2.33)])
def test_a_night_of_another_place_is_told(wrong: Location) -> None:
    told = too_far(sun_and_moon_apart(site(38.16, -2.33, "Europe/Madrid"), night(WINTER, wrong)))
    assert {"sunset", "sunrise"} <= told


@pytest.mark.slow
@pytest.mark.once
def test_a_sun_that_obsy_does_not_see_set_is_told_and_a_grazing_one_is_not() -> None:
    here = site(38.16, -2.33, "Europe/Madrid")
    blind = replace(night(WINTER, here.location), dusk=None, dawn=None)
    assert too_far(sun_and_moon_apart(here, blind)) == {"dusk", "dawn"}
    tallinn = site(59.44, 24.75, "Europe/Tallinn")
    white = night(SUMMER, tallinn.location)
    middle = white.start + timedelta(hours=12)
    grazes = replace(white, dusk=middle, dawn=middle + timedelta(seconds=100))
    assert too_far(sun_and_moon_apart(tallinn, grazes)) == set()
    assert too_far(sun_and_moon_apart(tallinn, replace(grazes, dawn=middle + timedelta(hours=1)))) == {"dusk", "dawn"}


@pytest.mark.long
@pytest.mark.once
@pytest.mark.parametrize(
    ("longitude", "timezone", "clock", "is_strange"),
    [
        (-70.73, "America/Santiago", "01:31", False),
        (70.73, "America/Santiago", "16:05", True),
        (75.98, "Asia/Shanghai", "02:44", False),
        (-155.5, "UTC", "10:10", False),
    ],
)
def test_a_longitude_of_the_wrong_sign_shows_by_the_clock_of_a_city(
    longitude: float, timezone: str, clock: str, is_strange: bool
) -> None:
    here = site(30.0, longitude, timezone)
    lowest = midnight_by_the_clock(here, night(WINTER, here.location))
    assert lowest is not None and lowest.clock == clock
    told = {each.check: each for each in findings(Facts(midnights=(lowest,)))}["midnight"]
    assert (told.level is Level.WARNING, clock in told.found) == (is_strange, True)
    assert ("'longitude' (east is positive)" in told.mend) == is_strange


@pytest.mark.once
def test_where_the_sun_goes_round_at_one_height_no_clock_is_asked() -> None:
    pole = site(-90.0, 0.0, "Antarctica/South_Pole")
    assert midnight_by_the_clock(pole, night(SUMMER, pole.location)) is None


@pytest.mark.once
@pytest.mark.parametrize("scale", ["HJD_UTC", "HJD_TT", "BJD_TDB", "BJD_UTC", "JD_UTC", "JD_TT"])
def test_it_agrees_on_the_next_event_whatever_its_epoch_counts(scale: str) -> None:
    place, now = Location(38.16, -2.33, 1650.0), datetime(2026, 11, 28, 20, tzinfo=UTC)
    minima = Ephemeris(2451492.3223, 2.49309, 9.0, scale)
    found = event_apart("minimum", minima, U_CEP, place, now)
    assert found.by < 0.1 < found.at_most


@pytest.mark.once
def test_an_event_that_obsy_plans_by_another_clock_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    place, now = Location(38.16, -2.33, 1650.0), datetime(2026, 11, 28, 20, tzinfo=UTC)
    heliocentric = Ephemeris(2451492.3223, 2.49309, 9.0, "HJD_UTC")
    monkeypatch.setattr(second_opinion, "transits", lambda its, *where: transits(its._replace(scale="HJD_TT"), *where))
    found = event_apart("minimum", heliocentric, U_CEP, place, now)
    assert found.by == pytest.approx(64.184, abs=0.1)  # of 1999: what TT was ahead of UTC
    assert found.by > found.at_most


@pytest.mark.once
def test_an_event_that_comes_as_it_is_counted_agrees() -> None:
    place, minima = Location(38.16, -2.33, 1650.0), Ephemeris(2451492.3223, 2.49309, 9.0, "HJD_UTC")
    at = transits(minima, U_CEP, place, datetime(2026, 11, 28, tzinfo=UTC), datetime(2026, 12, 2, tzinfo=UTC))[0].middle
    for seconds in (-0.01, 0.0, 0.01):
        assert event_apart("minimum", minima, U_CEP, place, at + timedelta(seconds=seconds)).by < 0.1


@pytest.mark.once
def test_what_differs_is_lacking_with_its_cure_and_what_agrees_says_by_how_much() -> None:
    near, far = (
        SecondOpinion("sunset over here", 0.31, 180.0, "s"),
        SecondOpinion("the Moon's height over here", 0.8, 0.05, "deg"),
    )
    told = {each.check: each for each in findings(Facts(sky=(near,)))}["sky"]
    assert (told.level, told.mend) == (Level.FIT, "")
    assert told.found.endswith("farthest apart: sunset over here, by 0.31 s")
    told = {each.check: each for each in findings(Facts(sky=(near, far)))}["sky"]
    assert (told.level, told.found) == (Level.LACKING, "the Moon's height over here is 0.8 deg from astroplan's")
    assert "scripts/install.sh" in told.mend


ASKS = """
import socket, sys
from datetime import date
from astropy.time import Time
from astropy.utils import iers
asked = []
socket.getaddrinfo = lambda *where, **_: asked.append(where) or 1 / 0
iers.LeapSeconds._today = staticmethod(lambda: Time("2040-01-01", scale="tai", format="iso", out_subfmt="date"))
from obsy.engine.doctor.second_opinion import sun_and_moon_apart
from obsy.engine.sky.twilight import night
from obsy.schemas.site import Site
here = Site.model_construct(name="here", latitude=38.16, longitude=-2.33, elevation=0.0, timezone="UTC")
told = sun_and_moon_apart(here, night(date(2040, 1, 1), here.location))
print(asked, [each.what for each in told if each.by > each.at_most])
"""


@pytest.mark.slow
@pytest.mark.once
def test_no_network_is_asked_though_all_that_it_stands_on_is_long_out_of_date(tmp_path: Path) -> None:
    settings = {**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", ASKS], capture_output=True, text=True, env=settings, check=True)
    assert (done.stdout, done.stderr) == ("[] []\n", "")
