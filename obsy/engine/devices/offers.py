"""What the servers of a site offer, whichever of the two they speak."""

from obsy.engine.devices.alpaca.offer import alpaca_offers
from obsy.engine.devices.indi.offer import indi_offers
from obsy.engine.devices.offer import Offers
from obsy.schemas.server import DeviceServer


def offers_of(server: DeviceServer) -> Offers:
    """Return the devices of a server, in the order of their names; nothing is connected or moved.

    Raise DeviceError if it does not answer, or what answers there does not speak as it is declared to.
    """
    return alpaca_offers(server.alpaca) if server.alpaca is not None else indi_offers(*server.address)
