"""The servers that a flag or the site in this folder names, and what they tell."""

from collections.abc import Collection, Mapping
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

import click

from obsy.errors import DeviceError, UserError

if TYPE_CHECKING:
    from obsy.engine.devices.indi.glance import Properties
    from obsy.engine.devices.offer import DeviceOffer
    from obsy.schemas.address import ServerAddress
    from obsy.schemas.server import DeviceServer

BEGIN = "begin it with 'indiserver DRIVER…', or start EKOS; an Alpaca server is named by '--server http://…'"
MEND = "begin it there, or mend its address"


def address_of(said: str, flag: str) -> "ServerAddress":
    """Return host and port. Raise BadParameter if they are none."""
    from obsy.engine.devices.indi.glance import PORT
    from obsy.schemas.address import ServerAddress

    try:
        return ServerAddress.of(said, PORT)
    except ValueError:
        alpaca = f"; what an Alpaca server has, 'obsy devices --server {said}' lists" if "://" in said else ""
        words = f"{said!r} is no HOST[:PORT]; write 'localhost:{PORT}'{alpaca}"
        raise click.BadParameter(words, param_hint=flag) from None


def alpaca_at(url: str, name: str, flag: str) -> "DeviceServer":
    """Return the Alpaca server at an address. Raise BadParameter with the cure if it is none."""
    from pydantic import ValidationError

    from obsy.schemas.server import EXAMPLE, DeviceServer

    if not url.isprintable():
        raise click.BadParameter(f"{url!r}: expected an address of http; {EXAMPLE}", param_hint=flag)
    try:
        return DeviceServer(name=name, alpaca=url)
    except ValidationError as fault:
        told = fault.errors()[0]["ctx"]
        said = told["found"] or repr(url)
        raise click.BadParameter(f"{said}: expected {told['expected']}; {told['mend']}", param_hint=flag) from None


def told_by(address: "ServerAddress") -> "Mapping[str, Properties]":
    """Return what the devices of a server tell. Raise UserError if it does not answer, or has none."""
    from obsy.engine.devices.indi.glance import glance

    try:
        seen = glance(*address)
    except DeviceError as fault:
        raise UserError(f"{fault}: begin it with 'indiserver DRIVER…', or start EKOS") from None
    if not seen:
        raise UserError(
            f"the INDI server at {address} tells of no device: begin it with its drivers{_if_alpaca(address)}"
        )
    return seen


def offered_by(server: "DeviceServer") -> "list[DeviceOffer]":
    """Return the devices of a server. Raise UserError if it does not answer, or has none."""
    from obsy.engine.devices.offers import offers_of

    try:
        offers = offers_of(server)
    except DeviceError as fault:
        cure = BEGIN if server.indi is not None else MEND
        raise UserError(f"{fault}: {cure}") from None
    if not offers:
        other = _if_alpaca(server.at) if server.indi is not None else ""
        raise UserError(f"the {server.kind} server at {server.at} tells of no device: begin it with its drivers{other}")
    return list(offers.values())


def _if_alpaca(at: object) -> str:
    """Return the cure for an Alpaca server that is taken for one of INDI's, which it answers with silence."""
    return f"; if it speaks Alpaca, 'obsy devices --server http://{at}' asks it"


def declared_here() -> "list[DeviceServer]":
    """Return the servers of the site in this folder, each address once."""
    from obsy.engine.declare.survey import survey
    from obsy.schemas.site import Site

    found: dict[tuple[str, ServerAddress], DeviceServer] = {}
    for site in survey(Path()).declared.of(Site) if Path("site").is_dir() else ():
        for each in site.document.servers:
            found.setdefault((each.way, each.address), each)
    return list(found.values())


def free_name(usual: str, known: "Collection[DeviceServer]") -> str:
    """Return a name that no server has: 'indi', 'indi2'…"""
    taken = {each.name for each in known}
    numbered = (f"{usual}{number}" for number in count(2))
    return next(name for name in chain((usual,), numbered) if name not in taken)
