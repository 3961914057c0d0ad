"""Which transits of known planets can be had from here in the coming nights, and what stands in the way of others."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

import numpy as np

from obsy.engine.choice.ranking import ABOVE_DEG, GLARE_DEG
from obsy.engine.choice.transits.exposure import TransitExposure, suggested
from obsy.engine.choice.transits.parts import accepted, flip, highest, share_of
from obsy.engine.choice.transits.worth import LEAST, TransitWorth, at_best, worth
from obsy.engine.declare.instrument import Instrument
from obsy.engine.declare.observatory import Observatory
from obsy.engine.importing.transiting_planet import TransitingPlanet
from obsy.engine.schedule.conditions import limits, observing_conditions, observing_night
from obsy.engine.schedule.cover import CONTACT, CoverGoal
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.constraints import Limit, allowed
from obsy.engine.sky.grid import Window, windows
from obsy.engine.sky.moonlight import darkness
from obsy.engine.sky.track import Track
from obsy.engine.sky.tracks import tracks
from obsy.engine.sky.transit import Transit
from obsy.moments import night_of, noon
from obsy.schemas.constraints.altitude import Altitude
from obsy.schemas.goal import BASELINE_S
from obsy.schemas.when import When

ABOVE = f"above {ABOVE_DEG:.0f} deg"
WHEN = When.model_construct(altitude=Altitude.model_validate(ABOVE))
OF_ORDINAL_JD = 1_721_425.0
"""Added to Python's count of days: the Julian date of that day's noon."""
LEFT = {
    "never-up": f"never stands {ABOVE} in reach of the mount",
    "too-shallow": f"would not stand {LEAST:.0f} times over its noise, even in the best sky",
    "lost": "may come at any time: its ephemeris is wrong by half a period or more",
    "no-dark": "crosses by day, or while it stands low or out of reach",
    "cut-off": "has neither half, with its baseline, in the dark and in reach",
    "glare": "stands in the glare of the Moon",
    "weak": f"would not stand {LEAST:.0f} times over its noise in the part that can be had",
    "begun": "has begun already",
}
"""Why planets, and transits, are not listed."""


class MoonThen(NamedTuple):
    """The Moon in the middle of a transit."""

    is_up: bool
    apart_deg: float
    lit_percent: float


class ComingTransit(NamedTuple):
    """A transit that can be had, and what it is worth."""

    planet: TransitingPlanet
    night: date
    """By its evening's date."""
    transit: Transit
    window: Window
    """With its baselines."""
    parts: dict[str, float]
    """Of each part the share that can be had, 0 to 1."""
    accept: str
    """What can be had: 'whole', 'ingress', 'egress' or 'either', as a goal's `cover` has it."""
    altitude_deg: float
    """In its middle, or when it is highest where that is cut off."""
    airmass: float
    moon: MoonThen
    exposure: TransitExposure
    worth: TransitWorth
    flip: datetime | None = None
    """When it crosses the meridian in this window, where the mount must change sides for that."""


@dataclass(frozen=True, eq=False)
class ComingTransits:
    """All of them, the most worthwhile first."""

    listed: list[ComingTransit] = field(default_factory=list)
    dark_nights: int = 0
    left: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How many transits are not listed, by reason and planet; 1 of a planet that has none."""


@dataclass(frozen=True, eq=False)
class TransitSearch:
    """What is asked: for which instrument, in which nights."""

    observatory: Observatory
    instrument: Instrument
    first: date
    nights: int
    now: datetime
    """What began earlier cannot be had whole any more."""

    def exposure(self, planet: TransitingPlanet) -> TransitExposure:
        """Return the exposure that is suggested for a planet's star."""
        contact_s = CONTACT * planet.ephemeris.duration_h * 3600
        return suggested(self.instrument.train, planet.mag, contact_s, self.observatory.site.sky)


def coming_transits(planets: Sequence[TransitingPlanet], search: TransitSearch) -> ComingTransits:
    """Return the transits of so many nights that are worth taking, in the order of their worth, and why not others."""
    found = ComingTransits()
    due: dict[date, list[_Due]] = {}
    for planet in _hopeful(planets, search, found.left):
        for day, each in _by_night(planet, search):
            due.setdefault(day, []).append(each)
    days = [search.first + timedelta(days=number) for number in range(search.nights)]
    dark = sum(_night(due.get(day, []), day, search, found) for day in days)
    found.listed.sort(key=lambda each: (-each.worth.score, each.transit.middle))
    return ComingTransits(found.listed, dark, found.left)


def _hopeful(
    planets: Sequence[TransitingPlanet], search: TransitSearch, left: Counter[tuple[str, str]]
) -> Iterator[TransitingPlanet]:
    """Yield the planets that are known well, and stand high enough, and over their noise, in the best of nights."""
    site, train = search.observatory.site, search.instrument.train
    begin_jd = search.first.toordinal() + OF_ORDINAL_JD
    for each in planets:
        if abs(each.dec_deg - site.latitude) >= 90.0 - ABOVE_DEG:
            left["never-up", each.name] += 1
        elif each.ephemeris.error_d(begin_jd) >= each.ephemeris.period_d / 2:
            left["lost", each.name] += 1
        elif at_best(each, search.exposure(each), train, site) < LEAST:
            left["too-shallow", each.name] += 1
        else:
            yield each


class _Due(NamedTuple):
    """A transit that comes, as a goal wants it."""

    planet: TransitingPlanet
    goal: CoverGoal
    transit: Transit


def _by_night(planet: TransitingPlanet, search: TransitSearch) -> Iterator[tuple[date, _Due]]:
    """Yield the transits of a planet with the night, from noon to noon, that their middles fall into."""
    longitude = search.observatory.site.longitude
    start, end = (noon(search.first + timedelta(days=number), longitude) for number in (0, search.nights))
    goal = cover_of(planet, search.observatory, search.exposure(planet).exposure_s)
    for transit in goal.transits(start, end):
        yield night_of(transit.middle, longitude), _Due(planet, goal, transit)


def _night(due: Sequence[_Due], day: date, search: TransitSearch, found: ComingTransits) -> bool:
    """Add what a night has; return whether it has any dark."""
    observatory = search.observatory
    tonight = observing_night(observatory, day)
    if not tonight.dark or not due:
        return bool(tonight.dark)
    conditions = observing_conditions(observatory, tonight)
    grid, kept = conditions.grid, limits(WHEN, conditions, search.instrument.mount.limits)
    in_dark = [each for each in due if grid.start <= each.transit.middle <= grid.end]
    for by_day in (each for each in due if each not in in_dark):
        found.left["no-dark", by_day.planet.name] += 1
    followed = tracks([each.goal.star for each in in_dark], grid, observatory.site.location)
    for each, track in zip(in_dark, followed, strict=True):
        had = _had(each, day, (track, kept), search)
        if isinstance(had, str):
            found.left[had, each.planet.name] += 1
        else:
            found.listed.append(had)
    return True


def cover_of(planet: TransitingPlanet, observatory: Observatory, exposure_s: float) -> CoverGoal:
    """Return a planet's transits as the goal of a plan wants them."""
    star = Fixed(planet.ra_deg, planet.dec_deg)
    baseline = timedelta(seconds=BASELINE_S)
    return CoverGoal(planet.ephemeris, star, observatory.site.location, baseline, exposure_s, accept="either")


def _had(due: _Due, day: date, sky: tuple[Track, Sequence[Limit]], search: TransitSearch) -> ComingTransit | str:
    """Return what can be had of a transit, or why nothing of it is listed."""
    (planet, goal, transit), (track, kept), site = due, sky, search.observatory.site
    window, open_ = goal.window(transit), windows(allowed(kept, track), track.grid)
    free = [Window(max(each.start, search.now), each.end) for each in open_ if each.end > search.now]
    accept = accepted(goal, transit, free)
    if accept is None:
        touched = any(each.start < transit.egress and transit.ingress < each.end for each in open_)
        return "begun" if accepted(goal, transit, open_) else "cut-off" if touched else "no-dark"
    at = highest(track, window, free, transit.middle)
    moon = MoonThen(
        bool(track.moon_altitude_deg[at] > 0),
        float(track.moon_separation_deg[at]),
        float(track.moon_illuminated_percent[at]),
    )
    if moon.apart_deg < GLARE_DEG * moon.lit_percent / 100:
        return "glare"
    shares = {name: share_of(part, free) for name, part in goal.parts(transit).items()}
    exposure, airmass = search.exposure(planet), float(track.airmass[at])
    where = (site, airmass, _dark_share(track, at, site.sky))
    valued = worth(planet, (transit, shares), exposure, search.instrument.train, where)
    if valued.snr is not None and valued.snr < LEAST:
        return "weak"
    high, flips = float(track.altitude_deg[at]), flip(track, window, search.instrument.mount)
    return ComingTransit(planet, day, transit, window, shares, accept, high, airmass, moon, exposure, valued, flips)


def _dark_share(track: Track, at: int, sky_mag: float) -> float:
    """Return which share of the sky's light there is not the Moon's."""
    here, away = np.asarray(track.altitude_deg[at]), np.asarray(track.moon_separation_deg[at])
    moon, lit = np.asarray(track.moon_altitude_deg[at]), np.asarray(track.moon_illuminated_percent[at])
    return float(darkness(here, away, moon, lit, sky_mag))
