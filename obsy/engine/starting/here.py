"""The time zone of this machine, and where that is: a place to begin with, and to be corrected."""

import os
import re
from importlib.resources import files

from obsy.schemas.site import known_timezone

_PLACE = re.compile(r"([+-])(\d\d)(\d\d)(?:\d\d)?([+-])(\d{3})(\d\d)(?:\d\d)?")
"""Source: the head of tzdata's zone.tab."""
GREENWICH = "+5129+00000"


def own_zone() -> str:
    """Return the time zone of this machine by its IANA name; UTC if it has none."""
    linked = os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
    return next(filter(_is_known, (os.environ.get("TZ", "").lstrip(":"), linked)), "UTC")


def place_of(zone: str) -> tuple[float, float]:
    """Return latitude and longitude of the city that a time zone is named by, degrees; Greenwich if it is of none."""
    table = files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    match = _PLACE.fullmatch(next((row[1] for row in rows if row[2] == zone), GREENWICH))
    assert match is not None  # noqa: S101 - it is tzdata's
    south, *north, west, d, m = match.groups()
    latitude, longitude = int(north[0]) + int(north[1]) / 60, int(d) + int(m) / 60
    return round(-latitude if south == "-" else latitude, 2), round(-longitude if west == "-" else longitude, 2)


def _is_known(zone: str) -> bool:
    try:
        return bool(zone) and known_timezone(zone) == zone
    except ValueError:  # what `unfit` makes
        return False
