"""How far one pointing lies from another, as an observer would say it."""

from math import cos, radians

from obsy.engine.devices.ports import Pointing


def missed(measured: Pointing, wanted: Pointing) -> tuple[float, float]:
    """Return how far the wanted place lies from the measured one, degrees east and north, over short ways."""
    east = (wanted.ra_deg - measured.ra_deg + 180.0) % 360.0 - 180.0
    return east * cos(radians((measured.dec_deg + wanted.dec_deg) / 2)), wanted.dec_deg - measured.dec_deg
