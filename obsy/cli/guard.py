"""Keep the roofs, as a process of its own."""

from pathlib import Path

import click

from obsy.errors import UserError


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=".")
@click.option("--site", metavar="NAME", help="The site whose roofs are kept; the only one if left out.")
@click.option("--while-needed", is_flag=True, help="End when every roof is closed and no night has asked for a minute.")
@click.option("--units", is_flag=True, help="Print units for systemd: guard, night and its timer; start nothing.")
@click.option("--release", is_flag=True, help="Let a roof open again that was closed for the night; start nothing.")
def guard(folder: Path, site: str | None, while_needed: bool, units: bool, release: bool) -> None:
    """Keep the roofs of the observatory that FOLDER lies in, whatever becomes of the nights that have them open.

    `obsy apply` starts one that ends with the night if none runs. ^C and `kill` end it, but not before every roof is
    proven closed.
    """
    said = {"--units": units, "--release": release, "--while-needed": while_needed}
    if len(both := [name for name, is_said in said.items() if is_said]) > 1:
        raise click.UsageError(f"'{both[0]}' and '{both[1]}' are two things: leave one of them out")
    from obsy.engine.declare.equipment import equipment_to_keep, is_unfit
    from obsy.engine.journal import tell_stderr

    root = root_of(folder.resolve())
    equipment_to_keep(root, site)
    if is_unfit(root, site):
        words = "what stands there is not known from the files of site/ and library/, but from the last good night"
        tell_stderr(f"obsy: {words}: run 'obsy validate'")  # which a full disk keeps from nothing
    if units:
        from obsy.engine.runtime.guard.units import unit_files

        click.echo(unit_files(root, site))
        return
    if release:
        _release(root, site)
        return
    from obsy.engine.runtime.guard.process import run_guard

    run_guard(root, site, while_needed=while_needed)


def _release(root: Path, site: str | None) -> None:
    from obsy.engine.runtime.guard.release import release

    for roof, why in release(root, site).items():
        click.echo(f"{roof}: it may open again; it was closed because {why}" if why else f"{roof}: nothing held it")


def root_of(folder: Path) -> Path:
    """Return the nearest folder, this one or one above it, that holds an observatory or what was known of one."""
    for each in (folder, *folder.parents):
        if (each / "site").is_dir() or (each / ".obsy").is_dir():
            return each
    raise UserError(f"no observatory in {folder}, nor above it: name the folder that holds 'site'")
