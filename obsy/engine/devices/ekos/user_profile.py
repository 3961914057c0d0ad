"""The profile of EKOS that is at work: the one to whose INDI server KStars is connected."""

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from obsy.engine.devices.ekos.connections import addresses
from obsy.engine.devices.ekos.database import copied
from obsy.errors import DeviceError
from obsy.schemas.address import ServerAddress
from obsy.schemas.server import INDI_PORT

HERE = "localhost"


class UserProfile(NamedTuple):
    """A profile as KStars keeps it."""

    name: str
    server: ServerAddress
    is_local: bool
    """Whether KStars begins the INDI server itself, and ends it with EKOS."""


def profiles_of(database: Path) -> list[UserProfile]:
    """Return the profiles in KStars' userdb.sqlite. Raise UserError if it cannot be read."""
    with copied(database) as rows:
        return [_profile(each["name"], each["host"], each["port"]) for each in rows("SELECT * FROM profile")]


def at_work(profiles: Collection[UserProfile], connected: Collection[ServerAddress]) -> UserProfile:
    """Return the profile that is at work; of several on one server a local one. Raise DeviceError if none is.

    connected: to which servers KStars is. That is asked of the kernel: 3.6.2 does not tell which profile it has
    started, and has not always written it down.
    """
    found = [each for each in profiles if addresses(each.server) & set(connected)]
    if not found:
        known = ", ".join(f"'{each.name}' on {each.server}" for each in profiles) or "none"
        raise DeviceError(f"KStars is on the INDI server of none of its profiles ({known}): start one in EKOS")
    return max(found, key=lambda each: each.is_local)


def _profile(name: str, host: str | None, port: int | None) -> UserProfile:
    return UserProfile(str(name), ServerAddress(host or HERE, int(port or INDI_PORT)), not host)
