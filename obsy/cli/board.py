"""Print the firmware of a board that closes a roof by itself."""

from pathlib import Path

import click

from obsy.cli.guard import root_of


@click.command()
@click.argument("roof")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=".")
@click.option("--site", metavar="NAME", help="The site that the roof stands on; the only one if left out.")
def board(roof: str, folder: Path, site: str | None) -> None:
    """Print ESPHome's YAML for a relay board that closes ROOF by itself when obsy falls silent; docs/hardware.md."""
    from obsy.engine.declare.survey import declare
    from obsy.engine.runtime.guard.board import firmware

    root = root_of(folder.resolve())
    declare(root, site=site)  # what is flashed stays: it is not made of what was known last
    click.echo(firmware(root, site, roof), nl=False)
