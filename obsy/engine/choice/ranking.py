"""Sights in the order of what a night can give of them, each with its reason."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

import numpy as np

from obsy.engine.choice.depth import SIGNIFICANT, StarSeen, faintest_mag, scatter
from obsy.engine.choice.sights import Sight
from obsy.engine.choice.small_bodies import Vantage, placed
from obsy.engine.declare.observatory import Observatory
from obsy.engine.schedule.conditions import skyline
from obsy.engine.sky.body import Fixed, coordinates
from obsy.engine.sky.constraints import Limit, allowed, allows
from obsy.engine.sky.grid import Floats, Grid, Mask
from obsy.engine.sky.heights import apart_deg, directions, heights
from obsy.engine.sky.moon import moon
from obsy.engine.sky.moonlight import darkness, shielded
from obsy.engine.sky.track import Track
from obsy.engine.sky.transit import Transit, transits
from obsy.engine.sky.twilight import Night, night
from obsy.moments import night_of
from obsy.schemas.mount import Mount
from obsy.schemas.target import Planet
from obsy.schemas.train import Train

STEP_S = 300.0
ABOVE_DEG = 30.0
"""Lower, the air takes more than half a magnitude, and its unrest doubles."""
LEAST_H = 0.5
"""What is up for less is not offered."""
UNKNOWN = 0.3
"""The worth of a size or a brightness that nobody says."""
SMALL = 0.2
"""A thing is large enough if it takes this share of the field's short side."""
NARROW = ("Ha", "OIII", "SII")
GLOWS = ("nebula", "planetary", "remnant")
"""Kinds that shine in few lines, which these filters let through, and little of the Moon's light."""
SPREAD = ("galaxy", "comet", "nebula", "planetary", "remnant", "dark-nebula")
OF_SKY, STARRY = 0.5, 0.25
"""The powers of the sky's darkness that signal to noise goes by: of what is fainter than the sky, and of stars."""
SHORT_S = 60.0
"""Stars and what moves are offered for frames like this."""
STAR_ROLES, HOST_ROLES = ("V", "G"), ("R", "V")
"""The filters in which stars, and hosts of planets, are asked for; else the first that there is."""
BRIGHT_MAG = 6.0
"""Below it most cameras saturate."""
SPREAD_MAG = 2.0
"""A comet's light lies over so much sky that one as bright as a star that only just shows does not show."""
PLAIN = 50.0
"""A transit that stands so many times over its noise is as good as any."""
GLARE_DEG = 30.0
"""Nearer to a full Moon, or by its lit share to another one, its stray light is in every frame: a rule of thumb."""


WEIGHTS = {
    "above_deg": ABOVE_DEG,
    "least_h": LEAST_H,
    "glare_deg": GLARE_DEG,
    "unknown": UNKNOWN,
    "small": SMALL,
    "plain": PLAIN,
    "sky_power": OF_SKY,
    "sky_power_of_stars": STARRY,
}
"""What the order rests on, by name."""


class Ranked(NamedTuple):
    """A sight, what the night gives of it, and why."""

    sight: Sight
    score: float
    """From 0, hours of the best sky at the zenith."""
    hours: float
    best: datetime
    altitude_deg: float
    """Then."""
    moon_deg: float
    moon_up: bool
    narrow: bool
    """Whether narrow filters are meant."""
    transit: Transit | None = None
    significance: float | None = None
    """How many times over its noise all of the transit stands; None without one, or if nobody knows."""


@dataclass(frozen=True, eq=False)
class Sky:
    """The dark of a night at a site, for one train."""

    tonight: Night
    grid: Grid
    dark: Mask
    """When it is dark and there is no downtime."""
    observatory: Observatory
    train: Train

    @property
    def is_begun(self) -> bool:
        """Return whether some of the dark is over, and not in it."""
        return self.grid.start > self.tonight.dark[0].start

    @property
    def mount(self) -> Mount:
        """Return what the train rides on."""
        return next(each.mount for each in self.observatory.instruments if each.name == self.train.name)

    @property
    def faintest_mag(self) -> float | None:
        """Return the faintest star that shows in a short frame; None if nobody knows."""
        role = first(self.train.roles, *STAR_ROLES)
        return faintest_mag(self.train, role, SHORT_S, self.observatory.site.sky)

    @property
    def lit_percent(self) -> float:
        """Return how much of the Moon is lit in the middle of it."""
        return float(moon(self.grid, self.observatory.site.location).illuminated_percent[self.grid.count // 2])


def coming(observatory: Observatory, train: Train, now: datetime) -> tuple[date, Sky | None]:
    """Return the night whose dark is not over, by its evening's date, and what is left of it; None if it has none."""
    day = night_of(now, observatory.site.longitude)
    dark = night(day, observatory.site.location).dark
    if dark and dark[-1].end < now + timedelta(hours=LEAST_H):
        day += timedelta(days=1)
    return day, sky_of(observatory, train, day, now)


def sky_of(observatory: Observatory, train: Train, day: date, now: datetime | None = None) -> Sky | None:
    """Return the dark of the night of a date, from now on if that is said; None if there is none."""
    tonight = night(day, observatory.site.location)
    if not tonight.dark:
        return None
    begin = max(tonight.dark[0].start, now or tonight.dark[0].start)
    grid = Grid.over(begin, tonight.dark[-1].end, STEP_S)
    edges = [[(each - grid.start).total_seconds() for each in (span.start, span.end)] for span in tonight.dark]
    dark = np.any([(first <= grid.seconds) & (grid.seconds <= last) for first, last in edges], axis=0)
    sky = Sky(tonight, grid, dark, observatory, train)
    clock = replace(Track.partly(grid, altitude_deg=grid.seconds), longitude_deg=observatory.site.longitude)
    return replace(sky, dark=dark & allowed([*observatory.site.downtime, *sky.mount.downtime], clock))


def ranked(sights: Sequence[Sight], sky: Sky) -> list[Ranked]:
    """Return the sights that are up long enough, the best first.

    The worth of a sight is the sum over the dark of the sine of its altitude, times what the Moon leaves of its signal
    to noise, times how it fills the field and how bright it is; of a planet's host, over its transit alone, which must
    be whole.
    """
    place, sights = sky.observatory.site.location, [*_placed(sights, sky)]
    ra, dec = (np.array([getattr(each, key) for each in sights]) for key in ("ra_deg", "dec_deg"))
    near = np.flatnonzero(np.abs(dec - place.latitude_deg) < 90.0 - ABOVE_DEG).tolist()
    if not near:
        return []
    altitude, azimuth = heights(ra[near], dec[near], sky.grid, place)
    free = sky.dark & (altitude > ABOVE_DEG) & _reached(altitude, azimuth, sky)
    moonlight = moon(sky.grid, place)
    toward = directions(moonlight.ra_deg, moonlight.dec_deg)
    apart = apart_deg(directions(ra[near], dec[near]).T @ toward)
    of_site = sky.observatory.site.sky
    dark = darkness(altitude, apart, moonlight.altitude_deg, moonlight.illuminated_percent, of_site)
    is_up = moonlight.altitude_deg > 0
    free &= ~is_up | (apart > GLARE_DEG * moonlight.illuminated_percent / 100)
    mine = [sights[index] for index in near]
    narrow = np.array([each.kind in GLOWS and bool(set(NARROW) & set(sky.train.roles)) for each in mine])
    dark = np.where(narrow[:, None], shielded(dark), dark)
    power = np.array([OF_SKY if each.kind in SPREAD else STARRY for each in mine])
    crossings, signs = [_crossing(each, sky) for each in mine], [_significance(each, sky) for each in mine]
    free &= np.stack([_during(each, sky.grid) for each in crossings])
    worth = free * np.sin(np.radians(altitude)) * dark ** power[:, None]
    light = [
        _light(each, sky) if sign is None else min(1.0, sign / PLAIN) for each, sign in zip(mine, signs, strict=True)
    ]
    score = worth.sum(axis=1) * STEP_S / 3600 * np.array(light) * np.array([_fit(each, sky.train) for each in mine])
    hours = free.sum(axis=1) * STEP_S / 3600
    best = np.argmax(worth, axis=1)
    found = [
        Ranked(
            mine[row], float(score[row]), float(hours[row]), sky.grid.at(int(at)), float(altitude[row, at]),
            float(apart[row, at]), bool(is_up[at]), bool(narrow[row]), crossings[row], signs[row],
        )
        for row, at in enumerate(best)
        if hours[row] >= _least_h(mine[row]) and ((sign := signs[row]) is None or sign >= SIGNIFICANT)
    ]  # fmt: skip
    return sorted(found, key=lambda each: -each.score)


def _reached(altitude_deg: Floats, azimuth_deg: Floats, sky: Sky) -> Mask:
    """Return when the horizon and the mount let places be pointed at; all of them (places, times).

    Source of the hour angle: Meeus, Astronomical Algorithms, ch. 13, azimuth turned to north.
    """
    up, along, north = np.radians(altitude_deg), np.radians(azimuth_deg), np.radians(sky.observatory.site.latitude)
    west, south = -np.sin(along) * np.cos(up), np.sin(up) * np.cos(north) - np.cos(along) * np.cos(up) * np.sin(north)
    hours = np.arctan2(west, south) * 12 / np.pi
    seen = Track.partly(sky.grid, altitude_deg=altitude_deg, azimuth_deg=azimuth_deg, hour_angle_h=hours)
    zone = sky.mount.meridian_zone
    limits: list[Limit] = [skyline(sky.observatory), sky.mount.altitude, *([zone] if zone else [])]
    return np.asarray(np.all([allows(each, seen) for each in limits], axis=0))


def _placed(sights: Sequence[Sight], sky: Sky) -> Iterator[Sight]:
    """Yield what is not too faint; what moves, where it stands in the middle of the dark: good to a degree."""
    middle, faintest = sky.grid.count // 2, sky.faintest_mag
    for each in sights:
        if each.body:
            planet = Planet.model_validate({"body": each.body})
            ra, dec = coordinates(planet, sky.grid, sky.observatory.site.location)
            yield replace(each, ra_deg=float(ra[middle]), dec_deg=float(dec[middle]))
        elif each.elements is None and not (faintest and each.mag and "star" in each.kind and each.mag > faintest):
            yield each
    if moving := [each for each in sights if each.elements is not None]:
        here = Vantage.at(sky.grid.at(middle))
        for each in placed(moving, here, faintest):
            if not (faintest and each.mag and each.kind == "comet" and each.mag > faintest - SPREAD_MAG):
                yield each


def _least_h(sight: Sight) -> float:
    """Return for how long it must be up, hours: a transit whole, but for a step at each end."""
    return LEAST_H if sight.transit is None else sight.transit[1].duration_h - 2 * STEP_S / 3600


def _significance(sight: Sight, sky: Sky) -> float | None:
    """Return how many times over its noise a transit stands; None for what is none, or if nobody knows."""
    if sight.transit is None or sight.swing_mag is None or sight.mag is None or sight.mag <= BRIGHT_MAG:
        return None
    site, role = sky.observatory.site, first(sky.train.roles, *HOST_ROLES)
    noise = scatter(sky.train, role, SHORT_S, sight.mag, StarSeen(site.sky, site.elevation))
    frames = sight.transit[1].duration_h * 3600 / (SHORT_S + sky.train.camera.download)
    return None if noise is None else sight.swing_mag * frames**0.5 / noise


def _crossing(sight: Sight, sky: Sky) -> Transit | None:
    if sight.transit is None:
        return None
    star, dark = Fixed(sight.ra_deg, sight.dec_deg), (sky.grid.start, sky.grid.end)
    found = transits(sight.transit[1], star, sky.observatory.site.location, *dark)
    never = dark[0] - timedelta(days=1)
    return next(iter(found), Transit(never, never, never))  # one that nobody can see


def _during(transit: Transit | None, grid: Grid) -> Mask:
    """Return when a transit is under way; always, where none is asked for."""
    if transit is None:
        return np.ones(grid.count, dtype=bool)
    first, last = ((each - grid.start).total_seconds() for each in (transit.ingress, transit.egress))
    return np.asarray((first <= grid.seconds) & (grid.seconds <= last))


def covers(sight: Sight, train: Train) -> float | None:
    """Return how much of the field's short side a sight takes; None if nobody says its size."""
    return sight.size_arcmin[0] / 60 / min(train.field) if sight.size_arcmin else None


def _fit(sight: Sight, train: Train) -> float:
    """Return how well a sight fills the field, up to 1: a point does, and what is larger is seen in part."""
    share = covers(sight, train)
    if share is None:
        return 1.0 if "star" in sight.kind or sight.kind == "asteroid" else UNKNOWN
    return min(1.0, share / SMALL) if share <= 1 else 1 / share


def first(roles: Sequence[str], *wanted: str) -> str:
    """Return the first of these filters that there is, else the first of all."""
    return next((role for role in (*wanted, *roles) if role in roles), roles[0])


def _light(sight: Sight, sky: Sky) -> float:
    """Return the worth of a brightness, up to 1; of a star that changes, also of how much it does."""
    if sight.mag is None:
        return UNKNOWN
    if sight.swing_mag is not None:
        bright = min(1.0, max(0.05, (16 - sight.mag) / 8)) if sight.mag > BRIGHT_MAG else UNKNOWN
        return bright * min(1.0, sight.swing_mag if sight.transit is None else sight.swing_mag * 50)
    shows = 15.0 if sight.elements is None or (faintest := sky.faintest_mag) is None else faintest
    return min(1.0, max(0.05, (shows - sight.mag) / 10))
