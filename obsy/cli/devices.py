"""What an INDI server offers, and how it would be declared."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from obsy.cli.server import address_of, declared_here, free_name, told_by

if TYPE_CHECKING:
    from obsy.engine.starting.offers import OfferedDevice, OfferingServer

HERE = "localhost"


@click.command()
@click.option("--server", metavar="HOST[:PORT]", help="Which one; those of the site here, else this computer's.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine, with every property.")
def devices(server: str | None, as_json: bool) -> None:
    """List what INDI servers offer, and print the YAML that would declare it; connect, move and write nothing.

    What a device can do it says itself; a camera that is not connected tells no size, and a wheel no filters.
    """
    from obsy.engine.starting.offers import declaration, offered

    found = [(each, offered(told_by((each.host, each.port)))) for each in _asked(server)]
    if as_json:
        told = [
            {
                "name": each.name,
                "host": each.host,
                "port": each.port,
                "devices": [device.as_json() for device in its],
                "yaml": declaration(its, each),
            }
            for each, its in found
        ]
        click.echo(json.dumps({"servers": told}, indent=2, ensure_ascii=False))
        return
    for number, (each, its) in enumerate(found):
        apart, many = "\n" * (number > 0), "s" * (len(its) != 1)
        click.echo(f"{apart}The INDI server at {each.host}:{each.port} has {len(its)} device{many}.\n")
        click.echo("\n".join(_lines(its)))
        click.echo("\nWhat declares them, each part to be put into the document that it names:\n")
        click.echo(declaration(its, each), nl=False)


def _asked(flag: str | None) -> "list[OfferingServer]":
    """Return the server of the flag, or those of the site in this folder, or this computer's, as they are called."""
    from obsy.engine.starting.offers import OfferingServer

    known = declared_here()
    wanted = [address_of(flag, "--server")] if flag else [*known] or [address_of(HERE, "--server")]
    names = {address: known.get(address) or free_name(known.values()) for address in wanted}
    several = len({**known, **names}) > 1
    return [OfferingServer(name, *address, several) for address, name in names.items()]


def _lines(found: "list[OfferedDevice]") -> Iterator[str]:
    from obsy.engine.starting.offers import is_connected

    width = max(len(each.name) for each in found)
    for each in found:
        state = "" if is_connected(each.said) else ", not connected"
        does = ", ".join(each.abilities) or "nothing that obsy knows"
        yield f"  {each.name:{width}}  {does} ({each.driver or 'its driver does not say'}{state})"
        yield from (f"  {'':{width}}    {key}: {said}" for key, said in each.facts.items())
