"""The first plan: a showpiece of the sky that is up tonight, where the observatory stands."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from obsy.engine.declare.names import known
from obsy.engine.schedule.conditions import body
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.tracks import tracks
from obsy.engine.sky.twilight import night
from obsy.schemas.site import Site

SHOWPIECES = (
    *("M42", "M31", "M51", "M13", "M27", "M33", "M101", "M81", "NGC 869", "M3", "M57", "M8", "M17", "M22", "M11", "M5"),
    *("M92", "M44", "M67", "M83", "M104", "NGC 2237", "NGC 7000", "NGC 6946", "NGC 253", "NGC 104", "NGC 5139"),
    *("NGC 3372", "NGC 2070", "NGC 6752", "NGC 4755", "NGC 2516"),
)
"""Bright, and all round the sky: one of them is always up."""
ABOVE_DEG, MOON_DEG = 30.0, 30.0
STEP_S = 600.0
ENOUGH_H = 4.0
"""Of two that are up for so long, the first in the list is taken."""


@dataclass(frozen=True, slots=True)
class FirstTarget:
    """A target, and how long it can be had in the night of a date, hours."""

    name: str
    hours: float
    day: date


def first_target(site: Site, day: date) -> FirstTarget:
    """Return the showpiece that is up longest in the dark of that night; without dark, the one that stands highest."""
    tonight = night(day, site.location)
    grid = Grid.over(tonight.start, tonight.end, STEP_S)
    targets = [known(name) for name in SHOWPIECES]
    seen = tracks([body(each) for each in targets if each is not None], grid, site.location)
    dark = np.array([tonight.is_dark(grid.at(index)) for index in range(grid.count)])
    good = [dark & (each.altitude_deg > ABOVE_DEG) & (each.moon_separation_deg > MOON_DEG) for each in seen]
    hours = [min(float(each.sum()) * STEP_S / 3600, ENOUGH_H) for each in good]
    highest = [float(each.altitude_deg.max()) / 1000 for each in seen] if max(hours) == 0 else hours
    best = int(np.argmax(highest))
    return FirstTarget(SHOWPIECES[best], float(good[best].sum()) * STEP_S / 3600, day)
