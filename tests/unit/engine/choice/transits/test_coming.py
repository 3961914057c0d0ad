"""What is listed can be had, as astroplan and skyfield say too; what is not has its reason."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import astropy.units as u
import pytest
from astroplan import EclipsingSystem
from astropy.coordinates import EarthLocation, SkyCoord
from astropy.time import Time
from skyfield.api import Star, load, wgs84

import tests.support.turning  # noqa: F401  astropy asks no network
from obsy.engine.choice.transits.coming import (
    ABOVE_DEG,
    GLARE_DEG,
    LEFT,
    ComingTransits,
    TransitSearch,
    coming_transits,
)
from obsy.engine.choice.transits.packaged import packaged
from obsy.engine.choice.transits.worth import LEAST
from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.survey import declare
from obsy.engine.declare.target import Ephemeris
from obsy.engine.importing.transiting_planet import TransitingPlanet
from obsy.schemas.train import Filter
from tests.unit.engine.sky.test_skyfield import ephemeris

FIRST, NIGHTS = date(2026, 12, 10), 8
EPOCH_JD = 2461385.5  # BJD of 2026-12-11 00:00: a star at 5 h is highest at nerpio
HIGH = TransitingPlanet("High", "b", 75.0, 20.0, Ephemeris(EPOCH_JD, 40.0, 2.0), 0.02, 12.0)


@pytest.fixture(scope="module")
def observatory(root) -> Observatory:
    return declare(root)


def search(observatory: Observatory, first: date = FIRST, nights: int = NIGHTS, now: datetime | None = None):
    return TransitSearch(
        observatory, observatory.instruments[0], first, nights, now or datetime(2026, 1, 1, tzinfo=UTC)
    )


def found_of(planet: TransitingPlanet, observatory: Observatory, **when) -> ComingTransits:
    return coming_transits([planet], search(observatory, **when))


def reasons(found: ComingTransits) -> Counter[str]:
    return Counter({reason: count for (reason, _), count in found.left.items()})


@pytest.mark.slow
@pytest.mark.once
def test_what_is_listed_happens_when_astroplan_and_stands_where_skyfield_says(observatory) -> None:
    found = coming_transits(packaged().planets, search(observatory))
    assert len(found.listed) > 5 and found.dark_nights == NIGHTS
    assert [each.worth.score for each in found.listed] == sorted((e.worth.score for e in found.listed), reverse=True)
    site, clock, bodies = observatory.site, load.timescale(builtin=True), ephemeris()
    here = EarthLocation.from_geodetic(site.longitude, site.latitude, site.elevation)
    place = bodies["earth"] + wgs84.latlon(site.latitude, site.longitude, site.elevation)
    for each in found.listed[::3]:
        known, middle = each.planet.ephemeris, Time(each.transit.middle)
        early = middle.light_travel_time(SkyCoord(each.planet.ra_deg, each.planet.dec_deg, unit="deg"), location=here)
        system = EclipsingSystem(Time(known.epoch_jd, format="jd", scale="tdb"), known.period_d * u.day)
        theirs = system.next_primary_eclipse_time(middle + early - 0.5 * u.day, n_eclipses=1)[0]
        assert abs((middle + early - theirs).to_value("s")) < 0.5
        star = Star(ra_hours=each.planet.ra_deg / 15, dec_degrees=each.planet.dec_deg)
        half = {"whole": each.window, "ingress": replace(each.window, end=each.transit.middle)}
        kept = half.get(each.accept, replace(each.window, start=each.transit.middle))
        for at in (kept.start, kept.end):
            when = place.at(clock.from_datetime(at))
            assert when.observe(star).apparent().altaz()[0].degrees > ABOVE_DEG - 0.01
            assert when.observe(bodies["sun"]).apparent().altaz()[0].degrees < -17.9
        if each.parts["middle"] > 0.99:
            then = place.at(clock.from_datetime(each.transit.middle))
            assert then.observe(star).apparent().altaz()[0].degrees == pytest.approx(each.altitude_deg, abs=0.2)


def test_of_a_transit_that_begins_before_dusk_the_egress_is_left(observatory) -> None:
    whole = found_of(HIGH, observatory).listed[0]
    assert whole.accept == "whole" and set(whole.parts.values()) == {1.0} and whole.night == FIRST
    early = HIGH._replace(ra_deg=15.0, ephemeris=HIGH.ephemeris._replace(epoch_jd=EPOCH_JD - 4.9 / 24))
    listed = found_of(early, observatory, nights=1).listed  # the middle 40 min after dusk
    (part,) = listed
    assert part.accept == "egress" and part.parts["baseline before"] < 1.0 == part.parts["egress"]
    assert part.worth.score < whole.worth.score


def test_the_ephemeris_error_grows_with_each_turn_and_widens_what_is_asked(observatory) -> None:
    sure = found_of(HIGH, observatory).listed[0]
    epoch = EPOCH_JD - 1000 * 40.0
    vague = HIGH._replace(ephemeris=Ephemeris(epoch, 40.0, 2.0, epoch_error_d=0.003, period_error_d=4e-5))
    found = found_of(vague, observatory).listed[0]
    assert found.transit.error.total_seconds() == pytest.approx(86400 * (0.003**2 + 0.04**2) ** 0.5, rel=1e-6)
    assert found.transit.middle == pytest.approx(sure.transit.middle, abs=timedelta(seconds=1))
    assert found.window.length == timedelta(hours=2) + 2 * found.transit.error
    assert found.worth.gain is not None and found.worth.gain > 0.99


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"dec_deg": -75.0}, "never-up"),
        ({"depth": 1e-5}, "too-shallow"),
        ({"ephemeris": Ephemeris(EPOCH_JD - 40e3, 40.0, 2.0, period_error_d=0.021)}, "lost"),
        ({"ephemeris": Ephemeris(EPOCH_JD + 0.5, 40.0, 2.0)}, "no-dark"),
        ({"ra_deg": 75.0 + 180.0, "dec_deg": 0.0}, "no-dark"),
        ({"ephemeris": Ephemeris(EPOCH_JD, 40.0, 22.0)}, "cut-off"),
    ],
)
def test_what_cannot_be_had_has_its_reason(changed, reason, observatory) -> None:
    found = found_of(HIGH._replace(**changed), observatory)
    assert found.listed == [] and reasons(found) == {reason: 1} and reason in LEFT


def test_what_has_begun_is_not_listed_and_what_comes_is(observatory) -> None:
    window = found_of(HIGH, observatory).listed[0].window
    assert found_of(HIGH, observatory, now=window.start).listed
    late = found_of(HIGH, observatory, now=window.end - timedelta(minutes=50))
    assert late.listed == [] and reasons(late) == {"begun": 1}


def test_what_lies_in_the_glare_of_the_full_moon_is_not_listed(observatory) -> None:
    full = Ephemeris(EPOCH_JD + 13, 40.0, 2.0)  # in the night of 23 December
    beside = HIGH._replace(ra_deg=85.0, dec_deg=28.0, ephemeris=full)
    far = HIGH._replace(ra_deg=85.0, dec_deg=75.0, ephemeris=full)
    assert reasons(found_of(beside, observatory, nights=14)) == {"glare": 1}
    (seen,) = found_of(far, observatory, nights=14).listed
    assert seen.moon.is_up and seen.moon.lit_percent > 95 and seen.night == date(2026, 12, 23)


def test_without_dark_nothing_is_listed(observatory) -> None:
    north = replace(observatory, site=observatory.site.model_copy(update={"latitude": 70.0}))
    found = found_of(HIGH, north, first=date(2026, 6, 20), nights=2)
    assert found.listed == [] and found.dark_nights == 0


def test_of_a_filter_whose_light_nobody_knows_a_transit_is_listed_without_signal_to_noise(observatory) -> None:
    (first, *_), known = observatory.instruments, found_of(HIGH, observatory).listed[0]
    odd = first.train.model_copy(update={"filters": None, "filter": Filter(role="Q", label="Q")})
    asked = replace(search(observatory), instrument=replace(first, train=odd))
    (each,) = coming_transits([HIGH], asked).listed
    assert each.exposure.role == "Q" and each.worth.snr is None and 0 < each.worth.score < known.worth.score


def test_a_thin_moon_may_be_nearer_than_a_full_one(observatory) -> None:
    epoch = 2461394.3  # in the evening of 19 December, the Moon 76 % lit
    beside = HIGH._replace(ra_deg=54.5, dec_deg=20.0, ephemeris=Ephemeris(epoch, 40.0, 2.0))
    (seen,) = found_of(beside, observatory, nights=14).listed
    assert GLARE_DEG * seen.moon.lit_percent / 100 < seen.moon.apart_deg < GLARE_DEG and seen.moon.is_up


def test_what_hardly_stands_over_its_noise_at_best_does_not_where_half_of_it_is_lost(observatory) -> None:
    whole = found_of(HIGH, observatory).listed[0]
    shallow = HIGH._replace(depth=HIGH.depth * LEAST / whole.worth.snr * 0.99)
    assert reasons(found_of(shallow, observatory)) == {"weak": 1}


def test_of_two_that_differ_in_nothing_but_signal_to_noise_the_plainer_comes_first(observatory) -> None:
    plain, weak = (HIGH._replace(host=host, depth=depth) for host, depth in (("plain", 0.007), ("weak", 0.006)))
    for planets in ([plain, weak], [weak, plain]):
        listed = coming_transits(planets, search(observatory, nights=1)).listed
        assert [each.planet.host for each in listed] == ["plain", "weak"]
        assert 20 > listed[0].worth.snr > listed[1].worth.snr > LEAST
