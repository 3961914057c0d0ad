"""What astropy and astroplan say of a night, a minute at a time, and what a plan's own words allow in it.

Nothing here comes from obsy's sky or its windows: it judges them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

import astropy.units as u
import numpy as np
from astroplan import moon_illumination
from astropy.coordinates import AltAz, EarthLocation, SkyCoord, get_body
from astropy.time import Time
from numpy.typing import NDArray

from obsy.engine.sky.earth import turning
from obsy.schemas.constraints.altitude import Altitude
from obsy.schemas.constraints.sun import DARK
from obsy.schemas.plan import Goal, Plan
from obsy.schemas.site import Location

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

    def seen(self, ra_deg: float | Floats, dec_deg: float | Floats) -> "Seen":
        """Return how a place on the sky, or one for each time, is seen."""
        with turning(self.when[0]):
            there = SkyCoord(ra_deg * u.deg, dec_deg * u.deg).transform_to(self._frame)
            apart = there.separation(self._moon).deg
        altitude, azimuth, latitude = there.alt.rad, there.az.rad, np.radians(self.place.latitude_deg)
        north = np.sin(altitude) * np.cos(latitude) - np.cos(altitude) * np.cos(azimuth) * np.sin(latitude)
        hour_angle = np.degrees(np.arctan2(-np.sin(azimuth) * np.cos(altitude), north)) / 15
        return Seen(np.asarray(there.alt.deg), np.asarray(apart), hour_angle)


@dataclass(frozen=True)
class Seen:
    """A target at each time."""

    altitude_deg: Floats
    moon_apart_deg: Floats
    hour_angle_h: Floats


def dark_deg(plan: Plan, goal: Goal, roof_deg: float) -> float:
    """How low the Sun must stand: as the goal or plan asks, -18 deg unsaid, and as safety asks of the roof."""
    return min((goal.when.over(plan.when).sun or DARK).below, roof_deg)


def margins(plan: Plan, goal: Goal, reach: Altitude, sky: Almanac, seen: Seen) -> Iterator[tuple[str, Floats]]:
    """Yield, for each word of a goal's `when` and of the mount, by how much it is kept: negative where it is broken."""
    when, altitude = goal.when.over(plan.when), seen.altitude_deg
    for name, limits in (("mount", reach), ("altitude", when.altitude)):
        if limits is not None and limits.above is not None:
            yield name, altitude - limits.above
        if limits is not None and limits.below is not None:
            yield name, limits.below - altitude
    if when.airmass is not None and when.airmass.below is not None:
        yield "airmass", altitude - np.degrees(np.arcsin(1 / when.airmass.below))
    if when.moon is not None and when.moon.farther_than is not None:
        kept = seen.moon_apart_deg - when.moon.farther_than
        yield "moon", np.where(sky.moon_deg < 0, np.maximum(kept, -sky.moon_deg), kept)
    if when.hour_angle is not None:
        yield (
            "hour angle",
            15
            * np.minimum(
                seen.hour_angle_h - (when.hour_angle.above or -12.0),
                (when.hour_angle.below or 12.0) - seen.hour_angle_h,
            ),
        )
    if when.dates is not None and isinstance(when.dates.before, date):
        last = datetime.combine(when.dates.before, datetime.min.time(), sky.when[0].tzinfo) + timedelta(
            days=1, hours=12 - sky.place.longitude_deg / 15
        )
        yield "dates", np.array([(last - each).total_seconds() for each in sky.when])
