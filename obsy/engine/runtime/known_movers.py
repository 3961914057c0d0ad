"""Which known asteroid or comet a track in the frames of a night may be: by obsy's tables, own plans and a file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np

from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.orbits import bodies
from obsy.engine.importing.orbit_file import FiledOrbit, filed_orbits
from obsy.engine.runtime.astrometry import moment
from obsy.engine.schedule.conditions import body
from obsy.engine.science.astrometry.straight_tracks import StraightTrack
from obsy.engine.separation import separation_deg
from obsy.engine.sky.body import coordinates
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.instants import ClockTimes
from obsy.engine.sky.many_orbits import EllipticOrbits
from obsy.engine.sky.orbit import Orbit, asteroid
from obsy.schemas.site import Location
from obsy.schemas.target import Asteroid, Comet

INSTALLED = Path("library") / "MPCORB.DAT"
"""A file of orbits in the observatory's folder, if somebody put it there."""
ROUGH_DEG = 1.5
"""How far the rough place of a body may be from its exact one: the planets pull, and the near ones have parallaxes."""
NEAR_ARCMIN, SLACK_SHARE, SLACK_ARCSEC_MIN = 2.0, 0.15, 0.05
"""How near to a track a known body is to be, and how alike its pace."""


@dataclass(frozen=True, slots=True)
class KnownMover:
    """A body whose orbit is known, near a track."""

    name: str
    away_arcsec: float
    same_pace: bool
    """Whether it moves as the track does."""


@dataclass(frozen=True, slots=True, eq=False)
class KnownOrbits:
    """Bodies by name, whose orbits are followed exactly; and those of files, which are looked through roughly first."""

    exact: tuple[tuple[str, Orbit], ...]
    filed: tuple[FiledOrbit, ...]
    rough: EllipticOrbits
    sources: tuple[str, ...]

    def near(self, track: StraightTrack, place: Location) -> list[KnownMover]:
        """Return the bodies near the middle of a track, seen from a place, the nearest first."""
        middle = track.middle
        when, here = moment(middle.jd_utc), (middle.ra_deg, middle.dec_deg)
        found = []
        for name, orbit in self._about(when, here):
            at, later = _places(orbit, when, place)
            away = separation_deg(at, here) * 3600
            if away <= NEAR_ARCMIN * 60:
                found.append(KnownMover(name, away, _alike(at, later, track)))
        return sorted(found, key=lambda each: each.away_arcsec)

    def _about(self, when: datetime, here: tuple[float, float]) -> Iterator[tuple[str, Orbit]]:
        """Yield what may be near a place at a moment."""
        yield from self.exact
        if not self.filed:
            return
        ra, dec = np.radians(here)
        towards = np.array([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)])
        cosine = self.rough.directions(float(ClockTimes.at([when]).tdb.mjd[0])) @ towards
        for index in np.flatnonzero(cosine >= np.cos(np.radians(ROUGH_DEG))):
            one = self.filed[int(index)]
            angles = (one.inclination, one.node, one.argument)
            epoch = float(self.rough.epoch_mjd[int(index)])
            yield one.name, asteroid(one.semi_major_axis, one.eccentricity, angles, one.mean_anomaly, epoch)


def known_orbits(observatory: Observatory, files: Iterable[Path]) -> KnownOrbits:
    """Return all orbits that obsy has: its tables', the plans', and those of files. Raises UserError of a bad file."""
    plans = [
        (f"target of '{plan.name}'", target)
        for plan in observatory.plans
        if isinstance(target := observatory.target(plan), Asteroid | Comet)
    ]
    exact = [(name, orbit) for name, target in plans if isinstance(orbit := body(target), Orbit)]
    comets = [(each.name, orbit) for each in bodies("comets") if isinstance(orbit := body(each.elements), Orbit)]
    filed = [*_packaged(), *(one for path in files for one in filed_orbits(path))]
    sources = ("obsy's tables of 1,300 asteroids and 1,000 comets", "the plans", *(path.name for path in files))
    return KnownOrbits((*exact, *comets), tuple(filed), _rough(filed), sources)


def _packaged() -> Iterator[FiledOrbit]:
    for each in bodies("asteroids"):
        e = each.elements
        if isinstance(e, Asteroid):
            yield FiledOrbit(
                each.name,
                each.epoch,
                e.mean_anomaly,
                e.argument,
                e.node,
                e.inclination,
                e.eccentricity,
                e.semi_major_axis,
            )


def _rough(filed: list[FiledOrbit]) -> EllipticOrbits:
    columns = np.array([each[2:] for each in filed], dtype=np.float64).reshape(-1, 6).T
    anomaly, argument, node, inclination, eccentricity, axis = columns
    epochs = np.array([_mjd(each.epoch) for each in filed])
    return EllipticOrbits(axis, eccentricity, inclination, node, argument, anomaly, epochs)


@cache
def _mjd(day: str) -> float:
    return float(ClockTimes.at([datetime.fromisoformat(f"{day}T00:00:00+00:00")]).tt.mjd[0])


def _places(orbit: Orbit, when: datetime, place: Location) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where a body is at a moment and ten minutes later, degrees."""
    at, later = (coordinates(orbit, Grid(each, 1.0, 1), place) for each in (when, when + timedelta(minutes=10)))
    return (float(at[0][0]), float(at[1][0])), (float(later[0][0]), float(later[1][0]))


def _alike(at: tuple[float, float], later: tuple[float, float], track: StraightTrack) -> bool:
    """Whether a body moves from one place to the other, in ten minutes, as a track does."""
    east = ((later[0] - at[0] + 180) % 360 - 180) * 360 * np.cos(np.radians(at[1]))
    north = (later[1] - at[1]) * 360
    apart = float(np.hypot(east - track.east_arcsec_min, north - track.north_arcsec_min))
    return apart <= SLACK_ARCSEC_MIN + SLACK_SHARE * track.rate_arcsec_min
