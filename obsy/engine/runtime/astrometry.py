"""Where a plan's moving target was in a night, as the verb tells it: store, files and ephemeris together."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np

from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.orbits import old, orbit
from obsy.engine.reduce.star_table import StarTable
from obsy.engine.runtime.photometry import NightTables
from obsy.engine.schedule.conditions import body
from obsy.engine.science.astrometry.along_ephemeris import MovingTarget, along_ephemeris
from obsy.engine.science.astrometry.position import WIDEST, WIDEST_COMA
from obsy.engine.science.same_stars import Floats
from obsy.engine.sky.body import Body, coordinates
from obsy.engine.sky.catalogue import cone
from obsy.engine.sky.grid import Grid
from obsy.errors import UserError
from obsy.schemas.plan import Plan
from obsy.schemas.site import Location
from obsy.schemas.target import Asteroid, Comet, NamedTarget

UNIX_JD = 2440587.5
"""The Julian date of 1970-01-01."""


def moves(observatory: Observatory, plan: Plan) -> bool:
    """Return whether a plan's target has an orbit."""
    return isinstance(observatory.target(plan), Asteroid | Comet)


def moving_target(observatory: Observatory, plan: Plan, night: NightTables, within_arcsec: float) -> MovingTarget:
    """Return the positions of a plan's target in the frames of a night, looked for so near to its computed place.

    Raises UserError if its target is no body with an orbit.
    """
    target = observatory.target(plan)
    if not isinstance(target, Asteroid | Comet):
        raise UserError(
            f"the target of '{plan.name}' is no asteroid or comet: 'obsy photometry' measures stars, and '--unknown' "
            "looks for what moves in its frames"
        )
    tables = every_table(night)
    places = computed(body(target), tables, observatory.site.location)
    widest = WIDEST_COMA if isinstance(target, Comet) else WIDEST
    return along_ephemeris(tables, places, within_arcsec, cone, widest)


def every_table(night: NightTables) -> list[StarTable]:
    """Return the tables of all filters by time, those without a time left out."""
    every = [each for tables in night.tables.values() for each in tables if each.observation.jd_utc is not None]
    return sorted(every, key=lambda each: each.observation.jd_utc or 0.0)


def computed(moving: Body, tables: Sequence[StarTable], place: Location) -> Floats:
    """Return where a body is computed at the middle of each exposure, seen from a place, (tables, 2), degrees, ICRS."""
    places = [coordinates(moving, Grid(moment(each.observation.jd_utc), 1.0, 1), place) for each in tables]
    return np.array([(float(ra[0]), float(dec[0])) for ra, dec in places]).reshape(-1, 2)


def moment(jd_utc: float | None) -> datetime:
    """Return the moment of a Julian date, to 40 microseconds."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=(jd_utc or UNIX_JD) - UNIX_JD)


def catalogue_name(plan: Plan) -> str | None:
    """Return what tables call a plan's target, as '1 Ceres' or '161P/Hartley-IRAS'; None if it is given by elements."""
    known = orbit(plan.target.name) if isinstance(plan.target, NamedTarget) else None
    return known.name if known else None


def old_elements(observatory: Observatory, plan: Plan, night: date) -> str | None:
    """Return what is to be said of elements that are old on a night; None if they are not, or nobody says when."""
    target = observatory.target(plan)
    if not isinstance(target, Asteroid | Comet) or target.epoch is None:
        return None
    day = target.epoch.date()
    return old(str(day), abs((night - day).days), target)
