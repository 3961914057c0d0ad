"""Another's opinion of tonight: the Sun, the Moon and what recurs by astroplan, beside what obsy plans by.

It stands on astropy's clocks, Sun and Moon and on its reading of the Earth's turning, by none of which obsy plans. No
network is asked, and only who asks the doctor waits until all that is loaded.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import astropy.units as u
import erfa
from astroplan import EclipsingSystem, Observer
from astroplan.exceptions import AstroplanWarning
from astropy.coordinates import EarthLocation, SkyCoord
from astropy.time import Time
from astropy.utils import iers
from astropy.utils.exceptions import AstropyWarning

from obsy.engine.declare.declared import Declared
from obsy.engine.declare.join import join
from obsy.engine.declare.sense.place import city_of
from obsy.engine.declare.target import Ephemeris
from obsy.engine.doctor.facts import Midnight, SecondOpinion
from obsy.engine.schedule.conditions import events as recurring
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.moon import moon
from obsy.engine.sky.transit import transits
from obsy.engine.sky.twilight import SUNSET_DEG, Night, night
from obsy.moments import night_of
from obsy.schemas.constraints.sun import DARK
from obsy.schemas.site import Location, Site

SUN_S, EVENT_S, MOON_DEG = 180.0, 5.0, 0.05
"""By how much they may differ. astroplan draws straight lines between times of every three minutes: it is a minute and
a half off where the Sun grazes a limit, and what is shorter it may not see."""
_FINE = {"which": "next", "n_grid_points": 481}
_DAY_S = 86_400.0
_CLOCK_H = 12.0
_SHORTEST_D, _LONGEST_D = 0.01, 36_525.0
"""Periods of events whose next one somebody waits for."""
Pair = tuple[datetime | None, datetime | None]
"""When the Sun sinks below a limit, and when it is above it again; None if it does not that night."""


def opinions(declared: Declared, now: datetime, events: bool) -> tuple[tuple[SecondOpinion, ...], tuple[Midnight, ...]]:
    """Return by how much the opinions of the night of a moment (aware) differ, and when the Sun is lowest, by site.

    events: whether those of plans are asked for; only of what has no complaint.
    """
    apart, midnights = list[SecondOpinion](), list[Midnight]()
    for site in (entry.document for entry in declared.of(Site)):
        tonight = night(night_of(now, site.longitude), site.location)
        apart += sun_and_moon_apart(site, tonight)
        midnights += filter(None, [midnight_by_the_clock(site, tonight)])
        for plan, (star, its) in recurring(join(declared, site.name)) if events else ():
            apart += (
                event_apart(f"the next '{each}' of {plan} over {site.name}", event, star, site.location, now)
                for each, event in its.items()
                if _SHORTEST_D < event.period_d < _LONGEST_D
            )
    return tuple(apart), tuple(midnights)


def sun_and_moon_apart(site: Site, tonight: Night) -> tuple[SecondOpinion, ...]:
    """Return by how much the opinions differ of a night over a site; dark is what is dark to astronomers."""
    here = Observer(_located(site.location))
    midnight = tonight.start + timedelta(seconds=_DAY_S / 2)
    ours_deg = moon(Grid(midnight, 60.0, 1), site.location).altitude_deg[0]
    with _known_rotation():
        theirs_deg = here.moon_altaz(Time(midnight)).alt.deg
        sun = _pair(here, tonight, SUNSET_DEG), _pair(here, tonight, DARK.below)
    return (
        *_times_apart(("sunset", "sunrise"), (tonight.sunset, tonight.sunrise), sun[0], site.name),
        *_times_apart(("dusk", "dawn"), (tonight.dusk, tonight.dawn), sun[1], site.name),
        SecondOpinion(f"the Moon's height over {site.name}", float(abs(ours_deg - theirs_deg)), MOON_DEG, "deg"),
    )


def midnight_by_the_clock(site: Site, tonight: Night) -> Midnight | None:
    """Return when the Sun is lowest by the clocks of a site, by which a longitude of the wrong sign shows.

    None where it goes round at one height, as at the poles.
    """
    with _known_rotation():
        lowest = Observer(_located(site.location)).midnight(Time(tonight.start), **_FINE)
    if lowest.masked:
        return None
    clock = lowest.to_datetime(ZoneInfo(site.timezone))
    since_h = clock.hour + clock.minute / 60
    off_h = min(since_h, 2 * _CLOCK_H - since_h)
    return Midnight(site.name, site.timezone, f"{clock:%H:%M}", off_h if city_of(site.timezone) else 0.0)


def event_apart(what: str, ephemeris: Ephemeris, star: Fixed, place: Location, now: datetime) -> SecondOpinion:
    """Return by how much the opinions of the next event differ, as it is seen from a place; `now` is aware."""
    soon, half = timedelta(minutes=1), timedelta(hours=ephemeris.duration_h / 2)
    last = now + timedelta(days=ephemeris.period_d)
    ours = transits(ephemeris, star, place, now - half - soon, last + half + soon)
    here, towards = _located(place), SkyCoord(star.ra_deg, star.dec_deg, unit="deg")
    with _known_rotation():
        system = EclipsingSystem(_barycentric_epoch(ephemeris, towards), ephemeris.period_d * u.day)
        theirs = system.next_primary_eclipse_time(_barycentric(Time(now), towards, here))[0]
        seen = theirs - theirs.utc.light_travel_time(towards, location=here, ephemeris="builtin")
        by_s = min(abs((Time(each.middle) - seen).to_value("s")) for each in ours)
    return SecondOpinion(what, float(by_s), EVENT_S, "s")


def _pair(here: Observer, tonight: Night, limit_deg: float) -> Pair:
    found: list[datetime | None] = []
    when = Time(tonight.start)
    for find in (here.sun_set_time, here.sun_rise_time):
        at = find(when, horizon=limit_deg * u.deg, **_FINE)
        is_there = not at.masked and at.to_datetime(UTC) < tonight.end
        found.append(at.to_datetime(UTC) if is_there else None)
        when = at if is_there else when
    return found[0], found[1]


def _times_apart(names: tuple[str, str], ours: Pair, theirs: Pair, where: str) -> Iterator[SecondOpinion]:
    """Yield how far their times are from ours; of what one of both does not see, for how long the other does."""
    for name, one, other in zip(names, ours, theirs, strict=True):
        if one is not None and other is not None:
            by_s = abs((one - other).total_seconds())
        else:
            by_s = 0.0 if one is other else _shortly_s(ours if other is None else theirs)
        yield SecondOpinion(f"{name} over {where}", by_s, SUN_S, "s")


def _shortly_s(pair: Pair) -> float:
    """Return for how long the Sun is beyond a limit, or short of it."""
    begins, ends = pair
    if begins is None or ends is None:
        return _DAY_S
    below_s = (ends - begins).total_seconds()
    return min(below_s, _DAY_S - below_s)


def _barycentric_epoch(ephemeris: Ephemeris, towards: SkyCoord) -> Time:
    where, clock = ephemeris.scale.split("_")
    said, centre = Time(ephemeris.epoch_jd, format="jd", scale=clock.lower()), EarthLocation(0 * u.m, 0 * u.m, 0 * u.m)
    if where == "BJD":
        return said.tdb
    if where == "HJD":
        said = said - said.utc.light_travel_time(towards, "heliocentric", centre, ephemeris="builtin")
    return _barycentric(said, towards, centre)


def _barycentric(when: Time, towards: SkyCoord, place: EarthLocation) -> Time:
    return when.tdb + when.utc.light_travel_time(towards, location=place, ephemeris="builtin")


def _located(place: Location) -> EarthLocation:
    return EarthLocation.from_geodetic(place.longitude_deg, place.latitude_deg, place.elevation_m)


@contextmanager
def _known_rotation() -> Iterator[None]:
    """Let astropy turn the Earth by the table that it brings, and by UTC beyond it, ask no network and not warn."""
    with warnings.catch_warnings():
        for each in (AstropyWarning, AstroplanWarning, erfa.ErfaWarning):
            warnings.simplefilter("ignore", each)
        with (
            iers.earth_orientation_table.set(_table()),
            iers.conf.set_temp("iers_degraded_accuracy", "ignore"),
            iers.conf.set_temp("auto_download", False),
        ):
            yield


@cache
def _table() -> iers.IERS_A:
    return iers.IERS_A.open(iers.IERS_A_FILE)
