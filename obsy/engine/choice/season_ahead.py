"""Until when the season of what is up goes on: the nights ahead of all of it at once, whatever the Moon."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from obsy.engine.choice.ranking import ABOVE_DEG, LEAST_H, Ranked, Sky
from obsy.engine.schedule.conditions import skyline
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.constraints import Limit
from obsy.engine.sky.nights import many_nights
from obsy.engine.sky.season import season
from obsy.schemas.constraints.altitude import Altitude
from obsy.schemas.constraints.sun import DARK

NIGHTS = 183
"""So far it is looked at: what lasts longer presses nobody."""


def season_ends(found: Sequence[Ranked], sky: Sky) -> list[date | None]:
    """Return of each sight the last night in a row, from this one on, in which it is up long enough to be offered.

    None if that is half a year away or more, and of what moves among the stars.
    """
    still = [row for row, each in enumerate(found) if not each.sight.body and each.sight.elements is None]
    stars = [Fixed(found[row].sight.ra_deg, found[row].sight.dec_deg) for row in still]
    ends: list[date | None] = [None] * len(found)
    if not stars:
        return ends
    first = sky.tonight.date
    hours = season(stars, _limits(sky), many_nights(first, NIGHTS, sky.observatory.site.location)).hours
    for row, ahead in zip(still, hours, strict=True):
        if (short := np.flatnonzero(ahead[1:] < LEAST_H)).size:
            ends[row] = first + timedelta(days=int(short[0]))
    return ends


def _limits(sky: Sky) -> list[Limit]:
    """Return what a sight keeps in any night: downtime passes."""
    reach = (each for each in sky.mount.limits if each.rests_on == "place")
    return [DARK, Altitude.model_construct(above=ABOVE_DEG), skyline(sky.observatory), *reach]
