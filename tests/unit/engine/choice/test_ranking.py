"""What is offered is up in the dark; the Moon, the field and the brightness say in which order."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import astropy.units as u
import pytest
from astropy.coordinates import AltAz, EarthLocation, get_body
from astropy.time import Time

import tests.support.turning  # noqa: F401  astropy asks no network
from obsy.engine.choice.ranking import LEAST_H, Ranked, Sky, coming, ranked, sky_of
from obsy.engine.choice.reason import why
from obsy.engine.choice.sights import Sight, sights
from obsy.engine.choice.wishes import wish
from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.survey import declare
from obsy.engine.declare.target import Ephemeris, FixedTarget
from obsy.engine.schedule.appearance import appearance
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.transit import transits
from obsy.schemas.constraints.altitude import Altitude
from obsy.schemas.constraints.downtime import Downtime
from obsy.schemas.constraints.meridian_zone import MeridianZone

NEW, FULL = date(2026, 12, 10), date(2026, 12, 24)
HIGH = Sight("high", 80.0, 40.0, "galaxy", (20.0, 20.0), 9.0)
BESIDE_THE_MOON = replace(HIGH, name="beside", ra_deg=150.0, dec_deg=40.0)
"""The full Moon of 24 December 2026 stands some fifty degrees from there."""
IN_ITS_GLARE = replace(HIGH, name="glare", ra_deg=85.0, dec_deg=28.0)
"""And ten from there."""


@pytest.fixture(scope="module")
def observatory(root: Path) -> Observatory:
    return declare(root)


def sky(observatory: Observatory, day: date, *roles: str) -> Sky:
    train = observatory.instruments[0].train
    if roles:
        slots = tuple(slot for slot in train.slots if slot.role in roles)
        assert train.filters is not None
        train = train.model_copy(update={"filters": train.filters.model_copy(update={"slots": slots})})
    found = sky_of(observatory, train, day)
    assert found is not None
    return found


def order(found: list[Ranked]) -> list[str]:
    return [each.sight.name for each in found]


def test_what_is_offered_stands_as_high_as_it_is_said_to(observatory: Observatory) -> None:
    found = ranked(sights("messier"), sky(observatory, NEW))
    assert len(found) > 60 and [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    for each in found[::20]:
        truth = appearance(FixedTarget(each.sight.ra_deg, each.sight.dec_deg), observatory.site, NEW)
        assert truth.best_deg is not None and each.hours >= LEAST_H
        assert 30.0 < each.altitude_deg == pytest.approx(truth.best_deg, abs=0.6)
        assert each.altitude_deg > 80 or each.moon_deg == pytest.approx(truth.moon_deg, abs=0.5)


def test_the_moon_drives_a_galaxy_away_and_narrow_filters_keep_a_nebula(observatory: Observatory) -> None:
    nebula = replace(BESIDE_THE_MOON, name="nebula", kind="nebula")
    dark, bright = sky(observatory, NEW, "L", "Ha"), sky(observatory, FULL, "L", "Ha")
    scores = {
        (each.sight.name, at): each.score for at in (dark, bright) for each in ranked([BESIDE_THE_MOON, nebula], at)
    }
    assert scores["beside", bright] < 0.5 * scores["beside", dark]
    assert scores["nebula", bright] > 0.65 * scores["nebula", dark]
    without = ranked([nebula], sky(observatory, FULL, "L"))[0]
    assert without.score < 0.5 * scores["nebula", bright] and not without.narrow


def test_what_lies_in_the_glare_of_the_full_moon_is_not_offered(observatory: Observatory) -> None:
    assert order(ranked([IN_ITS_GLARE, BESIDE_THE_MOON], sky(observatory, FULL))) == ["beside"]
    assert len(ranked([IN_ITS_GLARE, BESIDE_THE_MOON], sky(observatory, NEW))) == 2


def test_what_fills_the_field_comes_before_what_is_lost_in_it_or_larger(observatory: Observatory) -> None:
    sizes = {"overflows": 400.0, "specks": 1.0, "fills": 40.0}
    offered = [replace(HIGH, name=name, size_arcmin=(size, size)) for name, size in sizes.items()]
    assert order(ranked(offered, sky(observatory, NEW))) == ["fills", "overflows", "specks"]
    bright = [replace(HIGH, name="faint", mag=14.0), replace(HIGH, name="bright", mag=6.0)]
    assert order(ranked(bright, sky(observatory, NEW))) == ["bright", "faint"]


def test_a_planet_is_offered_on_the_nights_of_its_whole_transits_alone(observatory: Observatory) -> None:
    at = sky(observatory, NEW)
    found = ranked(sights("exoplanets"), at)
    for each in found:
        assert each.sight.transit is not None
        star = Fixed(each.sight.ra_deg, each.sight.dec_deg)
        (truth,) = transits(each.sight.transit[1], star, observatory.site.location, at.grid.start, at.grid.end)
        assert each.transit == truth and truth.ingress <= each.best <= truth.egress
    never = replace(HIGH, transit=("b", Ephemeris(2461385.0, 300.0, 2.0)), swing_mag=0.01)
    assert found and ranked([never], at) == []


def test_what_never_rises_is_not_offered(observatory: Observatory) -> None:
    assert ranked([replace(HIGH, dec_deg=-75.0)], sky(observatory, NEW)) == []


def with_mount(observatory: Observatory, **said: object) -> Observatory:
    (first, *rest) = observatory.instruments
    return replace(observatory, instruments=(replace(first, mount=first.mount.model_copy(update=said)), *rest))


@pytest.mark.slow
@pytest.mark.once
def test_what_the_mount_must_not_track_is_not_offered(observatory: Observatory) -> None:
    zone = MeridianZone.model_validate("above -1 h and below 30 min")
    (free,) = ranked([HIGH], sky(observatory, NEW))
    (kept,) = ranked([HIGH], sky(with_mount(observatory, meridian_zone=zone), NEW))
    assert free.hours - kept.hours == pytest.approx(1.5 / 1.00274, abs=0.17)  # two steps of five minutes at most
    best = Time(kept.best).sidereal_time("mean", observatory.site.longitude * u.deg).hour - HIGH.ra_deg / 15
    assert not -1.0 < (best + 12) % 24 - 12 < 0.5
    low = Altitude.model_validate("above 10 deg and below 60 deg")
    (lower,) = ranked([HIGH], sky(with_mount(observatory, altitude=low), NEW))
    assert lower.altitude_deg <= 60.0 < free.altitude_deg and lower.hours < free.hours


def test_in_downtime_nothing_is_offered(observatory: Observatory) -> None:
    (free,) = ranked([HIGH], sky(observatory, NEW))
    half = Downtime.model_validate("after 2026-12-11 00:00 UTC")
    site = observatory.site.model_copy(update={"downtime": (half,)})
    for down in (replace(observatory, site=site), with_mount(observatory, downtime=(half,))):
        (kept,) = ranked([HIGH], sky(down, NEW))
        assert kept.hours < free.hours and kept.best <= datetime(2026, 12, 11, tzinfo=UTC)
    whole = with_mount(observatory, downtime=(Downtime.model_validate("after 2026-12-10"),))
    assert not sky(whole, NEW).dark.any() and ranked([HIGH], sky(whole, NEW)) == []


def test_a_white_night_has_no_sky(observatory: Observatory) -> None:
    north = observatory.site.model_copy(update={"latitude": 69.0})
    train = observatory.instruments[0].train
    assert sky_of(replace(observatory, site=north), train, date(2026, 6, 21)) is None
    assert sky_of(replace(observatory, site=north), train, date(2026, 12, 21)) is not None


def test_what_is_left_of_tonight_counts_and_after_it_the_next_night(observatory: Observatory) -> None:
    train = observatory.instruments[0].train
    now = datetime(2026, 12, 11, 2, 0, tzinfo=UTC)
    day, left = coming(observatory, train, now)
    assert left is not None and left.is_begun and (day, left.grid.start) == (NEW, now)
    whole = {each.sight.name: each.hours for each in ranked(sights("messier"), sky(observatory, NEW))}
    later = ranked(sights("messier"), left)
    assert later and all(each.best >= now and each.hours < whole[each.sight.name] + 0.1 for each in later)
    assert whole["M 31"] > 2 and "M 31" not in order(later)
    for over in (left.tonight.dark[-1].end - timedelta(minutes=20), datetime(2026, 12, 11, 9, 0, tzinfo=UTC)):
        after, then = coming(observatory, train, over)
        assert after == NEW + timedelta(days=1) and then is not None and not then.is_begun


def test_a_plan_is_written_for_the_place_that_is_praised(observatory: Observatory) -> None:
    elsewhere = replace(HIGH, name="M 33", ra_deg=80.0)
    (found,) = ranked([elsewhere], sky(observatory, NEW))
    assert wish(found, observatory.instruments[0].train).target == {"ra": "05h20m00.00s", "dec": "+40d00m00.0s"}


def test_the_reason_is_a_sentence_with_the_night_the_moon_and_the_field(observatory: Observatory) -> None:
    at = sky(observatory, FULL, "L", "Ha")
    (found,) = ranked([replace(BESIDE_THE_MOON, kind="nebula")], at)
    said = why(found, at)
    assert ", best" in said and said.endswith("the field's short side; magnitude 9.")
    assert "% lit) is" in said and "and Ha let little of its light through" in said.replace("lets", "let")


def test_what_is_wished_for_is_in_filters_that_the_train_has(observatory: Observatory) -> None:
    at = sky(observatory, FULL, "R", "Ha")
    offered = [HIGH, replace(HIGH, kind="nebula"), replace(HIGH, kind="variable star", swing_mag=1.0)]
    goals = {each.sight.kind: wish(each, at.train).want[0]["filter"] for each in ranked(offered, at)}
    assert goals == {"galaxy": "R", "nebula": "Ha", "variable star": "R"}


@pytest.mark.long
def test_planets_are_ranked_where_they_stand_that_night(observatory: Observatory) -> None:
    found = {each.sight.name: each for each in ranked(sights("planets"), sky(observatory, NEW))}
    assert {"Jupiter", "Saturn"} <= found.keys()
    assert not {"Mercury", "Moon"} & found.keys()
    when, place = found["Jupiter"].best, observatory.site.location
    here = EarthLocation.from_geodetic(place.longitude_deg, place.latitude_deg, place.elevation_m)
    frame = AltAz(obstime=Time(when), location=here)
    assert found["Jupiter"].altitude_deg == pytest.approx(
        get_body("jupiter", Time(when), here).transform_to(frame).alt.deg, abs=0.3
    )
    asked = wish(found["Saturn"], observatory.instruments[0].train)
    assert (asked.target, asked.purpose) == ({"body": "saturn"}, "photometry")
