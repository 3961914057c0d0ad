"""Make the store again from archive, sidecars and journals."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from obsy.cli.locate import at_site


@click.command()
@click.argument("plans", type=click.Path(path_type=Path), default="plans")
@at_site
@click.option("--simulated/--real", default=None, help="Which nights; those that were written last if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found for a machine.")
def rebuild(plans: Path, site: str | None, simulated: bool | None, as_json: bool) -> None:
    """Make the index of what is done again from the archived frames, their sidecars and the journals.

    Nothing but the store is written. The old one stays until the new one is whole; a damaged one is put aside.
    """
    from obsy.cli.locate import data_root_of
    from obsy.engine.declare.folders import rooms
    from obsy.engine.declare.survey import declare
    from obsy.engine.processing.rebuild import rebuild_store
    from obsy.engine.runtime.processing import rules

    root, paths = rooms(plans)
    observatory = declare(root, *paths, site=site)
    data_root = data_root_of(root, observatory.site, simulated)
    found, aside = rebuild_store(data_root, rules(observatory), _progress)
    if as_json:
        said = {"store": str(data_root.store), **asdict(found), "aside": str(aside) if aside else None}
        click.echo(json.dumps(said, indent=2, ensure_ascii=False))
        return
    click.echo(f"{data_root.store}: {found.frames} frames, {found.products} products")
    if aside is not None:
        click.echo(f"the old store could not be opened; it is kept as {aside}")
    for line in found.amiss:
        click.echo(f"  {line}")


def _progress(paths: list[Path]) -> Iterator[Path]:
    """The files, with a bar on standard error."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    yield from track(paths, "reading frames", console=console, transient=True, disable=not console.is_terminal)
