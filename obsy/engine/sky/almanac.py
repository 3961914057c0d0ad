"""What an almanac says of one body in one night: its rising, transit and setting, twilights, the Moon, its windows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from obsy.engine.sky.body import Body, TheSun, radius_deg
from obsy.engine.sky.constraints import Limit, allowed
from obsy.engine.sky.grid import Floats, Grid
from obsy.engine.sky.openings import Opening, openings
from obsy.engine.sky.passages import HORIZON_DEG, Passages, Stand, passages
from obsy.engine.sky.shadow import Shadow, shadow
from obsy.engine.sky.tracks import tracks
from obsy.engine.sky.twilight import Night, night
from obsy.schemas.constraints.sun import DARK
from obsy.schemas.site import Location
from obsy.schemas.target import Planet, Satellite

STEP_S, FAST_STEP_S = 60.0, 10.0
"""The second for what circles the Earth."""
TWILIGHTS_DEG = {"civil": -6.0, "nautical": -12.0, "astronomical": DARK.below}
SUN, MOON = TheSun(), Planet(body="moon")


@dataclass(frozen=True)
class Almanac:
    """One body in one night, from noon to noon of the longitude."""

    twilights: dict[str, Night]
    """By name, with the dusk and the dawn of each."""
    sun: Passages
    moon: Passages
    body: Passages
    openings: tuple[Opening, ...]
    """When it is dark, and the body keeps the limits."""
    best: Stand
    """Highest in these; else in the dark; else of all."""
    moon_apart_deg: float
    moon_lit_percent: float
    """Both at the best moment."""
    shadow: Shadow | None = None
    """The Earth's, on what circles it; None of all else."""

    @property
    def night(self) -> Night:
        """The night, as dark as a plan has it that says nothing of it."""
        return self.twilights["astronomical"]


def almanac(
    body: Body, day: date, place: Location, limits: Sequence[Limit] = (), horizon_deg: float | None = None
) -> Almanac:
    """Return what is to be said of a body in the night that begins on the evening of `day`.

    limits: what its windows keep beside the dark. horizon_deg: the true altitude at which its centre rises and sets;
    unsaid, where its upper limb is seen at a flat horizon through the air.
    """
    twilights = {name: night(day, place, below) for name, below in TWILIGHTS_DEG.items()}
    is_fast = isinstance(body, Satellite)
    grid = Grid.over(twilights["civil"].start, twilights["civil"].end, FAST_STEP_S if is_fast else STEP_S)
    track, sun, moon = tracks([body, SUN, MOON], grid, place)

    def level(of: Body) -> Floats:
        return HORIZON_DEG - radius_deg(of, grid, place)

    offered = [allowed([DARK, *limits], track), allowed([DARK], track), np.ones(grid.count, dtype=np.bool_)]
    among = next(mask for mask in offered if mask.any())
    best = int(np.argmax(np.where(among, track.altitude_deg, -np.inf)))
    return Almanac(
        twilights,
        sun=passages(sun, level(SUN)),
        moon=passages(moon, level(MOON)),
        body=passages(track, level(body) if horizon_deg is None else horizon_deg, is_fast=is_fast),
        openings=openings([DARK, *limits], track),
        best=Stand(grid.at(best), float(track.altitude_deg[best]), float(track.azimuth_deg[best])),
        moon_apart_deg=float(track.moon_separation_deg[best]),
        moon_lit_percent=float(track.moon_illuminated_percent[best]),
        shadow=shadow(body, track, place) if isinstance(body, Satellite) else None,
    )
