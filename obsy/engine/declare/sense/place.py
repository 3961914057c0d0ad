"""A site far from the city of its time zone, where a usual slip of latitude and longitude would have it near."""

import re
from collections.abc import Iterator
from math import asin, cos, degrees, radians, sin, sqrt
from pathlib import Path

import tzdata  # type: ignore[import-untyped]

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.schemas.site import Site

KM_PER_DEG = 111.2
FAR_KM, NEAR_KM = 2500.0, 2000.0
"""A site lies farther from the city, or not so far: few countries with one time are as wide."""
_CITY = r"^\S+\t([+-])(\d\d)(\d\d)(?:\d\d)?([+-])(\d{3})(\d\d)(?:\d\d)?\t%s(?:\t|$)"
"""Source: the head of tzdata's zone.tab."""
Place = tuple[float, float]
"""Latitude and longitude, degrees."""


def city_of(zone: str) -> Place | None:
    """Return where the city of a time zone, or of the one it links to, lies; None if it is of none, as UTC."""
    folder = Path(tzdata.__path__[0], "zoneinfo")
    match = re.search(_CITY % re.escape(zone), (folder / "zone.tab").read_text(encoding="utf-8"), re.MULTILINE)
    if match is None:
        link = re.search(rf"^L (\S+) {re.escape(zone)}$", (folder / "tzdata.zi").read_text("utf-8"), re.MULTILINE)
        return city_of(link[1]) if link else None
    south, *north, west, d, m = match.groups()
    latitude, longitude = int(north[0]) + int(north[1]) / 60, int(d) + int(m) / 60
    return round(-latitude if south == "-" else latitude, 2), round(-longitude if west == "-" else longitude, 2)


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Warn of latitudes and longitudes that were exchanged, or lack one minus or both, as the time zone tells."""
    for entry in declared.of(Site):
        site, city = entry.document, city_of(entry.document.timezone)
        here = site.latitude, site.longitude
        if city is None or (far_km := _apart_km(here, city)) < FAR_KM:
            continue
        for meant in ((here[1], here[0]), (here[0], -here[1]), (-here[0], here[1]), (-here[0], -here[1])):
            if abs(meant[0]) <= 90.0 and (near_km := _apart_km(meant, city)) < NEAR_KM:  # noqa: PLR2004 - a pole
                said = {
                    key: f"'{key}: {new:g} deg'" for key, old, new in zip(KEYS, here, meant, strict=True) if old != new
                }
                words = (
                    f"{here[0]:g} deg {here[1]:g} deg is {far_km:,.0f} km from the city of {site.timezone}",
                    f"a place near it, as {meant[0]:g} deg {meant[1]:g} deg, which is {near_km:,.0f} km from it",
                    f"write {' and '.join(said.values())}; or correct 'timezone'",
                )
                yield entry.complain("far-from-its-zone", words, next(iter(said)))
                break


KEYS = ("latitude", "longitude")


def _apart_km(one: Place, other: Place) -> float:
    """The distance of two places along the Earth."""
    north, east = radians(other[0] - one[0]), radians(other[1] - one[1])
    half = sin(north / 2) ** 2 + cos(radians(one[0])) * cos(radians(other[0])) * sin(east / 2) ** 2
    return KM_PER_DEG * degrees(2 * asin(min(1.0, sqrt(half))))
