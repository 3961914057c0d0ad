"""What an INDI server offers, and how it would be declared."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from obsy.cli.server import Address, address_of, told_by

if TYPE_CHECKING:
    from obsy.engine.starting.offers import OfferedDevice

HERE = "localhost"


@click.command()
@click.option("--server", metavar="HOST[:PORT]", help="Which one; those of the site here, else this computer's.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine, with every property.")
def devices(server: str | None, as_json: bool) -> None:
    """List what INDI servers offer, and print the YAML that would declare it; connect, move and write nothing.

    What a device can do it says itself; a camera that is not connected tells no size, and a wheel no filters.
    """
    from obsy.engine.starting.offers import declaration, offered

    found = {at: offered(told_by(at)) for at in ([address_of(server, "--server")] if server else _declared())}
    if as_json:
        told = [
            {
                "host": host,
                "port": port,
                "devices": [each.as_json() for each in its],
                "yaml": declaration(its, host, port),
            }
            for (host, port), its in found.items()
        ]
        click.echo(json.dumps({"servers": told}, indent=2, ensure_ascii=False))
        return
    for (host, port), its in found.items():
        click.echo(f"The INDI server at {host}:{port} has {len(its)} devices.\n")
        click.echo("\n".join(_lines(its)))
        click.echo("\nWhat declares them, each part to be put into the document that it names:\n")
        click.echo(declaration(its, host, port), nl=False)


def _declared() -> list[Address]:
    """Return the servers of the site in this folder, or this computer's."""
    from obsy.engine.declare.survey import survey
    from obsy.schemas.site import Site

    sites = survey(Path()).declared.of(Site) if Path("site").is_dir() else ()
    known = [each.address for entry in sites for each in entry.document.servers if each.indi is not None]
    return list(dict.fromkeys(known)) or [address_of(HERE, "--server")]


def _lines(found: "list[OfferedDevice]") -> Iterator[str]:
    from obsy.engine.starting.offers import is_connected

    width = max(len(each.name) for each in found)
    for each in found:
        state = "" if is_connected(each.said) else ", not connected"
        does = ", ".join(each.abilities) or "nothing that obsy knows"
        yield f"  {each.name:{width}}  {does} ({each.driver or 'its driver does not say'}{state})"
        yield from (f"  {'':{width}}    {key}: {said}" for key, said in each.facts.items())
