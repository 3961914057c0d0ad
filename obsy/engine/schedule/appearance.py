"""How one target goes through one night at a site: when it rises, stands highest and sets, and how high in the dark."""

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from obsy.engine.declare.target import Target
from obsy.engine.schedule.conditions import body
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.passages import passages
from obsy.engine.sky.tracks import tracks
from obsy.engine.sky.twilight import night
from obsy.schemas.site import Site

STEP_S = 120.0


@dataclass(frozen=True)
class Appearance:
    """One target in the night of one date; times are aware UTC, None if that does not happen from noon to noon."""

    night: date
    dusk: datetime | None
    dawn: datetime | None
    rise: datetime | None
    transit: datetime | None
    set: datetime | None
    highest_deg: float
    """Between the two noons."""
    best: datetime | None
    """When it stands highest in the dark; None if there is no dark."""
    best_deg: float | None
    moon_deg: float | None
    """How far the Moon is then."""
    ra_deg: float
    """Where it is then (at midnight, if there is no dark): astrometric, ICRS."""
    dec_deg: float


def appearance(target: Target, site: Site, day: date) -> Appearance:
    """Return how a target is seen from a site in the night that begins on the evening of `day`.

    Rise, transit and set are good to a second, the best moment to two minutes.
    """
    tonight = night(day, site.location)
    grid = Grid.over(tonight.start, tonight.end, STEP_S)
    (track,) = tracks([body(target)], grid, site.location)
    seen = passages(track)
    rise, transit, set_ = (each[0].when if each else None for each in (seen.rises, seen.transits, seen.sets))
    dark = np.array([tonight.is_dark(grid.at(index)) for index in range(grid.count)])
    best = int(np.argmax(np.where(dark, track.altitude_deg, -99.0))) if dark.any() else grid.count // 2
    is_dark = bool(dark.any())

    return Appearance(
        night=day,
        dusk=tonight.dusk,
        dawn=tonight.dawn,
        rise=rise,
        transit=transit,
        set=set_,
        highest_deg=seen.highest_deg,
        best=grid.at(best) if is_dark else None,
        best_deg=float(track.altitude_deg[best]) if is_dark else None,
        moon_deg=float(track.moon_separation_deg[best]) if is_dark else None,
        ra_deg=float(track.ra_deg[best]),
        dec_deg=float(track.dec_deg[best]),
    )
