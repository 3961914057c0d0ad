"""The KStars that a person runs, held against what is declared: whether a night could have its frames taken there."""

import asyncio
from typing import NamedTuple

from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.servers import server_of
from obsy.engine.devices.ekos.bus import Bus, open_bus
from obsy.engine.devices.ekos.connections import addresses, connected_to
from obsy.engine.devices.ekos.dialects import Dialect, dialect_of
from obsy.engine.devices.ekos.found import find_kstars
from obsy.engine.devices.ekos.installed import kstars_version
from obsy.engine.devices.ekos.place import check_place
from obsy.engine.devices.ekos.profile import EkosEquipment
from obsy.engine.devices.ekos.readiness import hindrance
from obsy.engine.devices.ekos.user_list import check_empty
from obsy.engine.devices.ekos.user_profile import UserProfile, at_work, profiles_of
from obsy.engine.runtime.attach import Attach
from obsy.engine.runtime.ekos import equipment_of, only
from obsy.engine.runtime.named_devices import named_devices
from obsy.engine.runtime.server_lines import programs
from obsy.errors import DeviceError, UserError


class Host(NamedTuple):
    """The KStars that was found fit for a night."""

    equipment: EkosEquipment
    dialect: Dialect
    profile: UserProfile


def check_attachable(observatory: Observatory, attach: Attach) -> None:
    """Raise DeviceError or UserError, with its cure, unless a KStars is there that a night could use."""

    async def look() -> None:
        async with open_bus() as bus:
            await fit(bus, observatory, attach)

    asyncio.run(look())


async def fit(bus: Bus, observatory: Observatory, attach: Attach) -> Host:
    """Return the KStars that runs. Raise DeviceError or UserError if it does not fit what is declared."""
    equipment = equipment_of(only(observatory))
    found = await find_kstars(bus)
    dialect = dialect_of(await asyncio.to_thread(kstars_version, found.program))
    if why := await hindrance(bus, equipment):
        raise DeviceError(why)
    await check_place(bus, observatory.site.location)
    profile = at_work(profiles_of(found.database), connected_to(found.process))
    check_server(observatory, profile)
    await check_empty(bus, dialect.version, promised=attach.list_is_empty)
    return Host(equipment, dialect, profile)


def check_server(observatory: Observatory, profile: UserProfile) -> None:
    """Raise UserError unless KStars is on the server that is declared, and ends no other where its profile is begun."""
    site, instrument = observatory.site, only(observatory)
    camera = instrument.train.camera.device
    server = server_of(camera, site) if camera is not None else None
    known = f"KStars' profile '{profile.name}' is on the INDI server {profile.server}"
    add = f"'servers: [{{name: …, indi: {profile.server}}}]' to the site"
    if server is None:
        raise UserError(f"{known}, and obsy would begin the camera's driver itself: add {add}, and leave out 'driver'")
    if not addresses(server.address) & addresses(profile.server):
        raise UserError(f"{known}, and the site's '{server.name}' is {server.address}: make them one")
    devices = [each.device for each in named_devices(observatory, "ekos") if each.device is not None]
    if profile.is_local and (begun := programs(devices, site)):
        raise UserError(
            f"{known}, which KStars begins itself, and ends any other when it does; but obsy begins the drivers of "
            f"{', '.join(begun)} on one of its own: put them on that server, or give the profile a remote host"
        )
