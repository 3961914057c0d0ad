"""What this machine says of itself: its time zone, where that is, and where its obsy is from."""

import os
import re
import subprocess
from contextlib import suppress
from importlib.resources import files

import obsy
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


def own_repository() -> str | None:
    """Return the clone that this obsy runs from, as OWNER/REPOSITORY@COMMIT; None if it is none of GitHub's."""
    said = []
    for words in (["remote", "get-url", "origin"], ["rev-parse", "HEAD"]):
        with suppress(OSError):
            command = ["git", "-C", str(files(obsy)), *words]
            said.append(subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip())  # noqa: S603
    match = re.search(r"github\.com[:/]([\w.-]+/[\w.-]+?)(\.git)?$", said[0]) if said else None
    return f"{match[1]}@{said[1]}" if match and said[1] else None


def _is_known(zone: str) -> bool:
    try:
        return bool(zone) and known_timezone(zone) == zone
    except ValueError:  # what `unfit` makes
        return False
