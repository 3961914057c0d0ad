"""What an INDI or an Alpaca server offers, and how it would be declared."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from obsy.cli.server import address_of, alpaca_at, declared_here, free_name, offered_by

if TYPE_CHECKING:
    from obsy.engine.devices.offer import DeviceOffer
    from obsy.engine.starting.offers import OfferingServer
    from obsy.schemas.server import DeviceServer

HERE = "localhost"


@click.command()
@click.option(
    "--server",
    metavar="HOST[:PORT]|URL",
    help="Which one, Alpaca's by 'http://…'; those of the site here, else this computer's INDI server.",
)
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine, with every property.")
def devices(server: str | None, as_json: bool) -> None:
    """List what INDI and Alpaca servers offer, and print the YAML for it; connect, move and write nothing.

    What a device can do it says itself; a camera that is not connected tells no size, and a wheel no filters.
    """
    from obsy.engine.starting.offers import declaration

    found = [(each, offered_by(each.declared)) for each in _asked(server)]
    if as_json:
        told = [
            {
                "name": each.declared.name,
                "host": each.declared.address[0],
                "port": each.declared.address[1],
                "devices": [device.as_json() for device in its],
                "yaml": declaration(its, each),
            }
            for each, its in found
        ]
        click.echo(json.dumps({"servers": told}, indent=2, ensure_ascii=False))
        return
    for number, (each, its) in enumerate(found):
        apart, many = "\n" * (number > 0), "s" * (len(its) != 1)
        click.echo(f"{apart}The {each.declared.kind} server at {each.declared.at} has {len(its)} device{many}.\n")
        click.echo("\n".join(_lines(its)))
        click.echo("\nWhat declares them, each part to be put into the document that it names:\n")
        click.echo(declaration(its, each), nl=False)


def _asked(flag: str | None) -> "list[OfferingServer]":
    """Return the server of the flag, or those of the site in this folder, or this computer's, as they are called."""
    from obsy.engine.starting.offers import OfferingServer
    from obsy.schemas.server import BEGINS, DeviceServer

    known = declared_here()
    if flag is None:
        wanted = known or [DeviceServer(name=free_name("indi", known), indi=HERE)]
    elif "://" in flag or re.match(BEGINS, flag):
        wanted = [_at(known, alpaca_at(flag, free_name("alpaca", known), "--server"))]
    else:
        host, port = address_of(flag, "--server")
        wanted = [_at(known, DeviceServer(name=free_name("indi", known), indi=f"{host}:{port}"))]
    ways = Counter(each.way for each in {each.name: each for each in (*known, *wanted)}.values())
    return [OfferingServer(each, ways[each.way] > 1) for each in wanted]


def _at(known: "list[DeviceServer]", asked: "DeviceServer") -> "DeviceServer":
    """Return the server of the site at the address of another, which may be the same under its own name."""
    same = (each for each in known if (each.way, each.address) == (asked.way, asked.address))
    return next(same, asked)


def _lines(found: "list[DeviceOffer]") -> Iterator[str]:
    width = max(len(each.name) for each in found)
    for each in found:
        state = "" if each.is_connected else ", not connected"
        does = ", ".join(each.abilities) or "nothing that obsy knows"
        yield f"  {each.name:{width}}  {does} ({each.driver or 'its driver does not say'}{state})"
        yield from (f"  {'':{width}}    {key}: {said}" for key, said in each.facts.items())
