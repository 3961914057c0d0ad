"""A place on Earth, as plain numbers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Location:
    """Where an observer stands: geodetic WGS84, north and east positive."""

    latitude_deg: float
    longitude_deg: float
    elevation_m: float = 0.0
