"""How high the night's targets, the Moon and the Sun stood, from before sunset to after sunrise."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from obsy.engine.declare.observatory import Observatory
from obsy.engine.schedule.conditions import body, observing_night, skyline
from obsy.engine.sky import flyover
from obsy.engine.sky.body import Body, sun
from obsy.engine.sky.grid import Floats, Grid
from obsy.engine.sky.horizon import Skyline
from obsy.engine.sky.moon import moon
from obsy.engine.sky.satellite import over
from obsy.engine.sky.tracks import tracks
from obsy.engine.sky.twilight import Night
from obsy.schemas.site import Location
from obsy.schemas.target import Satellite

STEP_S = 300.0
"""Of all but what circles the Earth, which crosses the sky in minutes."""
AROUND = timedelta(minutes=25)
"""How much is shown before sunset and after sunrise."""


@dataclass(frozen=True, slots=True)
class Curve:
    """How high something stood: altitudes in degrees at UTC times, five minutes apart, or less of what crosses fast."""

    name: str
    times: tuple[datetime, ...]
    altitude_deg: tuple[float, ...]
    skyline_deg: tuple[float, ...] = ()
    """The lowest free altitude in its direction at each time; empty for Sun and Moon."""

    def at(self, when: datetime) -> float:
        """Return how high it stood, on a straight line between two times."""
        after = next((i for i, at in enumerate(self.times) if at >= when), len(self.times) - 1)
        before = max(after - 1, 0)
        step = (self.times[after] - self.times[before]).total_seconds()
        share = min(max((when - self.times[before]).total_seconds() / step, 0.0), 1.0) if step else 0.0
        return self.altitude_deg[before] + share * (self.altitude_deg[after] - self.altitude_deg[before])


@dataclass(frozen=True, slots=True)
class Curves:
    """The night's sky: one curve a plan, the Sun and the Moon."""

    plans: tuple[Curve, ...] = ()
    sun: Curve | None = None
    moon: Curve | None = None
    moon_illuminated_percent: float | None = None
    """Of its disc, in the middle of the night."""
    reach_deg: float | None = None
    """The lowest altitude at which the mount points."""


def curves_of(observatory: Observatory, day: date) -> Curves:
    """Return the curves of every plan in the night that begins on the evening of `day`."""
    bodies = {plan.name: body(observatory.target(plan)) for plan in observatory.plans}
    lowest = min((mount.altitude.above or 0.0 for mount in observatory.mounts), default=None)
    return curves(bodies, observing_night(observatory, day), observatory.site.location, skyline(observatory), lowest)


def curves(
    bodies: Mapping[str, Body],
    night: Night,
    place: Location,
    skyline: Skyline,
    reach_deg: float | None = None,
) -> Curves:
    """The curves of a night, one for each body by its plan's name; `reach_deg` is the mount's lowest altitude."""
    start, end = night.sunset or night.start, night.sunrise or night.end
    grid = Grid.over(start - AROUND, end + AROUND, STEP_S)
    lit, followed = moon(grid, place), tracks(list(bodies.values()), grid, place)
    return Curves(
        plans=tuple(
            _flight(name, each, (grid, place), skyline)
            if isinstance(each, Satellite)
            else _curve(name, grid, track.altitude_deg, skyline.altitude_deg(track.azimuth_deg))
            for (name, each), track in zip(bodies.items(), followed, strict=True)
        ),
        sun=_curve("Sun", grid, sun(grid, place).altitude_deg),
        moon=_curve("Moon", grid, lit.altitude_deg),
        moon_illuminated_percent=float(lit.illuminated_percent[grid.count // 2]),
        reach_deg=reach_deg,
    )


def _curve(name: str, grid: Grid, altitude_deg: Floats, skyline_deg: Floats | None = None) -> Curve:
    times = tuple(grid.at(index) for index in range(grid.count))
    low = () if skyline_deg is None else tuple(skyline_deg.tolist())
    return Curve(name, times, tuple(altitude_deg.tolist()), low)


def _flight(name: str, satellite: Satellite, seen: tuple[Grid, Location], skyline: Skyline) -> Curve:
    """Return the curve of what circles the Earth, as closely followed as the plan of the night does where it is up."""
    wide, place = seen
    grid = Grid.over(wide.start, wide.end, flyover.STEP_S)
    altitude, azimuth = over(satellite, grid, place)
    every = max(1, round(wide.step_s / grid.step_s))
    near = np.convolve(altitude > 0, (1, 1, 1), "same") > 0
    shown = np.flatnonzero(near | (np.arange(grid.count) % every == 0))
    low = skyline.altitude_deg(azimuth)[shown]
    times = tuple(grid.at(index) for index in shown.tolist())
    return Curve(name, times, tuple(altitude[shown].tolist()), tuple(low.tolist()))
