"""Keep the roofs, as a process of its own."""

from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=".")
@click.option("--site", metavar="NAME", help="The site whose roofs are kept; the only one if left out.")
@click.option("--while-needed", is_flag=True, help="End when every roof is closed and no night has asked for a minute.")
@click.option("--units", is_flag=True, help="Print units for systemd: guard, night and its timer; start nothing.")
def guard(folder: Path, site: str | None, while_needed: bool, units: bool) -> None:
    """Keep the roofs of the observatory in FOLDER, whatever becomes of the nights that have them open.

    `obsy apply` starts one that ends with the night if none runs. ^C and `kill` end it, but not before every roof is
    proven closed.
    """
    if units:
        from obsy.engine.runtime.units import unit_files

        click.echo(unit_files(folder.resolve(), site))
        return
    from obsy.engine.runtime.keep import run_guard

    run_guard(folder.resolve(), site, while_needed=while_needed)
