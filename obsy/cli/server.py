"""The INDI servers that a flag or the site in this folder names, and what they tell."""

from collections.abc import Collection, Mapping
from itertools import chain, count
from pathlib import Path
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


def declared_here() -> dict[Address, str]:
    """Return the servers of the site in this folder, and what it calls them."""
    from obsy.engine.declare.survey import survey
    from obsy.schemas.site import Site

    names = dict[Address, str]()
    for site in survey(Path()).declared.of(Site) if Path("site").is_dir() else ():
        for each in site.document.servers:
            if each.indi is not None:
                names.setdefault(each.address, each.name)
    return names


def free_name(taken: Collection[str]) -> str:
    """Return a name that no server has: 'indi', 'indi2'…"""
    numbered = (f"indi{number}" for number in count(2))
    return next(name for name in chain(("indi",), numbered) if name not in taken)
