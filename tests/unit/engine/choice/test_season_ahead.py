"""Until when the season of a sight goes on, held against the almanac of each of its last nights."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from obsy.engine.choice.ranking import LEAST_H, Ranked, Sky, ranked, sky_of
from obsy.engine.choice.season_ahead import NIGHTS, season_ends
from obsy.engine.choice.sights import Sight, sights
from obsy.engine.declare.survey import declare
from obsy.engine.schedule.conditions import skyline
from obsy.engine.sky.almanac import almanac
from obsy.engine.sky.body import Fixed
from obsy.schemas.constraints.altitude import Altitude
from obsy.schemas.constraints.downtime import Downtime
from obsy.schemas.constraints.meridian_zone import MeridianZone
from obsy.schemas.horizon import Horizon

FIRST = date(2026, 12, 12)
HIGH = Altitude.model_construct(above=30.0)


@pytest.fixture(scope="module")
def sky(root: Path) -> Sky:
    observatory = declare(root)
    found = sky_of(observatory, observatory.instruments[0].train, FIRST)
    assert found is not None
    return found


def hours(sight: Sight, sky: Sky, day: date) -> float:
    """For how long it is up in the dark of a night, by the almanac of `obsy sky`."""
    place, limits = sky.observatory.site.location, [HIGH, skyline(sky.observatory), sky.mount.altitude]
    told = almanac(Fixed(sight.ra_deg, sight.dec_deg), day, place, limits)
    return sum((each.closes.when - each.opens.when).total_seconds() for each in told.openings) / 3600


def up(sky: Sky, *which: Sight) -> list[Ranked]:
    """Sights as they are ranked, even if they are not up."""
    (like, *_) = ranked(sights("messier"), sky)
    return [like._replace(sight=each) for each in which]


@pytest.mark.slow
@pytest.mark.once
def test_the_last_night_has_half_an_hour_of_it_and_the_next_has_not(sky: Sky) -> None:
    found = ranked(sights("messier"), sky)
    ends = season_ends(found, sky)
    told = [(each, end) for each, end in zip(found, ends, strict=True) if end is not None]
    assert len(told) > 20
    for each, end in told[::6]:
        assert FIRST <= end < FIRST + timedelta(days=NIGHTS)
        assert hours(each.sight, sky, end) >= LEAST_H - 2 / 3600
        assert hours(each.sight, sky, end + timedelta(days=1)) < LEAST_H + 2 / 3600


@pytest.mark.long
def test_what_is_up_for_half_a_year_and_what_moves_is_told_no_end(sky: Sky) -> None:
    pole, star = Sight("pole", 0.0, 85.0), Sight("star", 20.0, 10.0)
    planet = replace(star, name="mars", body="mars")
    ends = season_ends(up(sky, pole, star, planet), sky)
    assert ends[0] is None
    assert ends[1] is not None
    assert ends[2] is None
    assert season_ends(up(sky, planet), sky) == [None]
    assert season_ends([], sky) == []


@pytest.mark.slow
@pytest.mark.once
def test_what_the_mount_does_not_reach_counts_and_downtime_does_not(sky: Sky) -> None:
    star = up(sky, Sight("star", 20.0, 10.0))
    (mine, *others) = sky.observatory.instruments
    zone = MeridianZone.model_validate("above 0 h and below 11 h")
    down = (Downtime.model_validate("after 2026-12-14 and before 2026-12-20"),)
    narrow, closed = (
        replace(
            sky,
            observatory=replace(
                sky.observatory,
                instruments=(replace(mine, mount=mine.mount.model_copy(update=change)), *others),
            ),
        )
        for change in ({"meridian_zone": zone}, {"downtime": down})
    )
    (before,), (sooner,) = season_ends(star, sky), season_ends(star, narrow)
    assert before is not None
    assert sooner is not None
    assert sooner < before - timedelta(days=30)
    assert season_ends(star, closed) == [before]


@pytest.mark.slow
@pytest.mark.once
def test_it_ends_with_the_last_evening_above_the_measured_horizon(sky: Sky) -> None:
    wall = Horizon.model_validate(
        {"kind": "horizon", "name": "wall", "points": [{"azimuth": "0 deg", "altitude": "50 deg"}]}
    )
    walled = replace(sky, observatory=replace(sky.observatory, horizon=wall))
    (star,) = up(sky, Sight("star", 20.0, 10.0))
    (end,) = season_ends([star], walled)
    assert end is not None
    assert hours(star.sight, walled, end) >= LEAST_H - 2 / 3600
    assert hours(star.sight, walled, end + timedelta(days=1)) < LEAST_H + 2 / 3600
    (without,) = season_ends([star], sky)
    assert without is not None
    assert end < without
