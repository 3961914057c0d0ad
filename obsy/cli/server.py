"""The INDI server that a flag names, and what it tells."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from obsy.errors import DeviceError, UserError

if TYPE_CHECKING:
    from obsy.engine.devices.indi.glance import Properties

Address = tuple[str, int]


def address_of(said: str, flag: str) -> Address:
    """Return host and port. Raise BadParameter if they are none."""
    from obsy.engine.devices.indi.glance import PORT
    from obsy.schemas.device import LAST_PORT

    host, _, port = said.partition(":")
    if not host or (port and not (port.isdecimal() and int(port) <= LAST_PORT)):
        raise click.BadParameter(f"'{said}' is no HOST[:PORT]; write 'localhost:{PORT}'", param_hint=flag)
    return host, int(port or PORT)


def told_by(address: Address) -> "Mapping[str, Properties]":
    """Return what the devices of a server tell. Raise UserError if it does not answer, or has none."""
    from obsy.engine.devices.indi.glance import glance

    try:
        seen = glance(*address)
    except DeviceError as fault:
        raise UserError(f"{fault}: begin it with 'indiserver DRIVER…', or start EKOS") from None
    if not seen:
        at = f"{address[0]}:{address[1]}"
        raise UserError(f"the INDI server at {at} tells of no device: begin it with its drivers")
    return seen
