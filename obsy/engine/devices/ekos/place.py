"""Where KStars believes to stand: it tells the mount so when it connects, and a mount elsewhere has another horizon."""

import json
from math import isfinite

from obsy.engine.devices.ekos.bus import Bus
from obsy.errors import DeviceError
from obsy.schemas.site import Location

KSTARS = ("/KStars", "org.kde.kstars")
OFF_DEG = 0.2
"""So far apart a town and an observatory beside it may be, in latitude and in longitude."""


async def check_place(bus: Bus, site: Location) -> None:
    """Raise DeviceError unless KStars stands where the site is, or if it does not say where it does."""
    said = await bus.call(*KSTARS, "location")
    try:
        told = json.loads(str(said))
        latitude_deg, longitude_deg = float(told["latitude"]), float(told["longitude"])
    except (ValueError, KeyError, TypeError, OverflowError):
        raise DeviceError(f"KStars was asked where it stands and answered {said!r}") from None
    apart_deg = (longitude_deg - site.longitude_deg + 180.0) % 360.0 - 180.0
    near = abs(latitude_deg - site.latitude_deg) <= OFF_DEG and abs(apart_deg) <= OFF_DEG
    if not near or not isfinite(latitude_deg + longitude_deg):
        stands = f"latitude {latitude_deg:.2f} deg and longitude {longitude_deg:.2f} deg"
        raise DeviceError(
            f"KStars stands at {stands}, which it tells the mount too, and the site at {site.latitude_deg:.2f} deg and "
            f"{site.longitude_deg:.2f} deg: set KStars' location, and start its profile anew"
        )
