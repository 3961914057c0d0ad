"""The time zone of this machine, and where that is: a place to begin with, and to be corrected."""

import os

from obsy.engine.declare.sense.place import city_of
from obsy.schemas.site import known_timezone

GREENWICH = (51.48, 0.0)


def own_zone() -> str:
    """Return the time zone of this machine by its IANA name; UTC if it has none."""
    linked = os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
    return next(filter(_is_known, (os.environ.get("TZ", "").lstrip(":"), linked)), "UTC")


def place_of(zone: str) -> tuple[float, float]:
    """Return latitude and longitude of the city that a time zone is named by, degrees; Greenwich if it is of none."""
    return city_of(zone) or GREENWICH


def _is_known(zone: str) -> bool:
    try:
        return bool(zone) and known_timezone(zone) == zone
    except ValueError:  # what `unfit` makes
        return False
