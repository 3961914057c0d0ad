"""What astropy and astroplan say of a night, a minute at a time, and what a plan's own words allow in it.

Nothing here comes from obsy's sky or its windows: it judges them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

import astropy.units as u
import numpy as np
from astroplan import moon_illumination, moon_phase_angle
from astropy.coordinates import AltAz, EarthLocation, SkyCoord, get_body
from astropy.time import Time
from numpy.typing import NDArray

from obsy.schemas.constraints.altitude import Altitude
from obsy.schemas.constraints.sun import DARK
from obsy.schemas.plan import Goal, Plan
from obsy.schemas.site import Location
from obsy.schemas.when import When
from tests.support.turning import turning

Floats = NDArray[np.float64]


@dataclass
class Almanac:
    """Sun, Moon and targets at given times, as they are seen from a place without refraction."""

    place: Location
    when: list[datetime]

    @cached_property
    def _frame(self) -> AltAz:
        here = EarthLocation.from_geodetic(self.place.longitude_deg, self.place.latitude_deg, self.place.elevation_m)
        return AltAz(obstime=Time(self.when), location=here)

    @cached_property
    def sun_deg(self) -> Floats:
        """The Sun's altitude."""
        return np.asarray(self._body("sun").alt.deg)

    @cached_property
    def _moon(self) -> SkyCoord:
        return self._body("moon")

    def _body(self, name: str) -> SkyCoord:
        with turning(self.when[0]):
            return get_body(name, self._frame.obstime, self._frame.location).transform_to(self._frame)

    @cached_property
    def moon_deg(self) -> Floats:
        """The Moon's altitude."""
        return np.asarray(self._moon.alt.deg)

    @cached_property
    def moon_lit(self) -> Floats:
        """The lit share of the Moon's disc, 0 to 1."""
        with turning(self.when[0]):
            return np.asarray(moon_illumination(self._frame.obstime))

    @cached_property
    def from_full_d(self) -> Floats:
        """How long before or past full Moon it is, days, at the steady pace of the mean month (Meeus, ch. 49)."""
        with turning(self.when[0]):
            return np.asarray(moon_phase_angle(self._frame.obstime).to_value("rad")) / (2 * np.pi) * 29.530589

    def seen(self, ra_deg: float | Floats, dec_deg: float | Floats) -> "Seen":
        """Return how a place on the sky, or one for each time, is seen."""
        with turning(self.when[0]):
            there = SkyCoord(ra_deg * u.deg, dec_deg * u.deg).transform_to(self._frame)
            apart = there.separation(self._moon).deg
        altitude, azimuth, latitude = there.alt.rad, there.az.rad, np.radians(self.place.latitude_deg)
        north = np.sin(altitude) * np.cos(latitude) - np.cos(altitude) * np.cos(azimuth) * np.sin(latitude)
        hour_angle = np.degrees(np.arctan2(-np.sin(azimuth) * np.cos(altitude), north)) / 15
        return Seen(np.asarray(there.alt.deg), np.asarray(apart), hour_angle, np.asarray(there.az.deg))


@dataclass(frozen=True)
class Seen:
    """A target at each time."""

    altitude_deg: Floats
    moon_apart_deg: Floats
    hour_angle_h: Floats
    azimuth_deg: Floats


def dark_deg(plan: Plan, goal: Goal, roof_deg: float) -> float:
    """How low the Sun must stand: as the goal or plan asks, -18 deg unsaid, and as safety asks of the roof."""
    return min((goal.when.over(plan.when).sun or DARK).below, roof_deg)


def margins(plan: Plan, goal: Goal, reach: Altitude, sky: Almanac, seen: Seen) -> Iterator[tuple[str, Floats]]:
    """Yield, for each word of a goal's `when` and of the mount, by how much it is kept: negative where it is broken."""
    when = goal.when.over(plan.when)
    yield from _height(when, reach, seen)
    yield from _moon(when, sky, seen)
    yield from _hour_angle(when, seen)
    yield from _calendar(when, sky)
    if plan.paused is not None:
        yield "pause", _since(plan.paused.until, sky)


def _height(when: When, reach: Altitude, seen: Seen) -> Iterator[tuple[str, Floats]]:
    altitude = seen.altitude_deg
    for name, limits in (("mount", reach), ("altitude", when.altitude)):
        if limits is not None and limits.above is not None:
            yield name, altitude - limits.above
        if limits is not None and limits.below is not None:
            yield name, limits.below - altitude
    if when.airmass is not None and when.airmass.below is not None:
        yield "airmass", altitude - _altitude_deg(when.airmass.below)
    if when.airmass is not None and when.airmass.above is not None:
        yield "airmass", np.minimum(_altitude_deg(when.airmass.above) - altitude, altitude)


def _altitude_deg(air: float) -> float:
    """The true altitude at which there is so much air, by another formula than obsy's: Young (1994)."""
    altitude = np.linspace(0.0, 90.0, 90_001)
    z = np.sin(np.radians(altitude))
    airs = (1.002432 * z**2 + 0.148386 * z + 0.0096467) / (z**3 + 0.149864 * z**2 + 0.0102963 * z + 0.000303978)
    return float(np.interp(-air, -airs, altitude))


def _moon(when: When, sky: Almanac, seen: Seen) -> Iterator[tuple[str, Floats]]:
    moon = when.moon
    if moon is not None and moon.farther_than is not None:
        needed = np.full_like(seen.moon_apart_deg, moon.farther_than)
        if moon.width is not None:
            needed /= 1 + (sky.from_full_d / moon.width) ** 2
        if moon.relaxed_below is not None:
            needed *= np.clip(sky.moon_deg / moon.relaxed_below, 0, 1)
        kept = seen.moon_apart_deg - needed
        yield "moon", np.where(sky.moon_deg < 0, np.maximum(kept, -sky.moon_deg), kept)
    if moon is not None and moon.fainter_than is not None:
        yield "moon", np.where(sky.moon_deg < 0, -sky.moon_deg, moon.fainter_than - 100 * sky.moon_lit)
    if moon is not None and moon.below is not None:
        yield "moon", moon.below - sky.moon_deg


def _hour_angle(when: When, seen: Seen) -> Iterator[tuple[str, Floats]]:
    if when.meridian is not None:
        yield "meridian", 15 * (when.meridian.within - np.abs(seen.hour_angle_h))
    if when.hour_angle is not None:
        above = seen.hour_angle_h - (when.hour_angle.above or -12.0)
        yield "hour angle", 15 * np.minimum(above, (when.hour_angle.below or 12.0) - seen.hour_angle_h)


def _calendar(when: When, sky: Almanac) -> Iterator[tuple[str, Floats]]:
    noon, day = timedelta(hours=12 - sky.place.longitude_deg / 15), timedelta(days=1)
    if when.season is not None:
        evenings = [each - noon for each in sky.when]
        inside = [_within((each.month, each.day), when.season.after, when.season.before) for each in evenings]
        yield "season", np.where(inside, 0.0, -np.inf)
    if when.dates is not None and when.dates.after is not None:
        yield "dates", _since(when.dates.after, sky)
    if when.dates is not None and when.dates.before is not None:
        last = when.dates.before
        yield "dates", -_since(last if isinstance(last, datetime) else last + day, sky)


def _since(said: date, sky: Almanac) -> Floats:
    """Seconds since a moment; of a day, since the noon of the longitude that begins its night."""
    begin = said
    if not isinstance(begin, datetime):
        noon = timedelta(hours=12 - sky.place.longitude_deg / 15)
        begin = datetime.combine(begin, datetime.min.time(), sky.when[0].tzinfo) + noon
    return np.array([(each - begin).total_seconds() for each in sky.when])


def _within(day: tuple[int, int], first: tuple[int, int], last: tuple[int, int]) -> bool:
    """Whether a day of the year is in a part of it that may go over New Year."""
    return first <= day <= last if first <= last else day >= first or day <= last
