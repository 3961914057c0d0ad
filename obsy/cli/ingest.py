"""Bring a folder of old files into the archive."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from obsy.cli.locate import at_site

if TYPE_CHECKING:
    from obsy.engine.processing.brought_in import BroughtIn


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@at_site
@click.option("--copy", is_flag=True, help="Leave every file where it is (the default).")
@click.option("--move", is_flag=True, help="Remove each file once its copy is proven.")
@click.option("--link", is_flag=True, help="Give each file a second name in the archive: no more room.")
@click.option("--dry-run", is_flag=True, help="Say what would become of each file; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what became of each file for a machine.")
def ingest(paths: tuple[Path, ...], site: str | None, dry_run: bool, as_json: bool, **manners: bool) -> None:
    """Bring FITS files of any program, and folders of them, into the archive of the real nights.

    Each is copied, read back and compared before it counts, and lies in the archive byte for byte, by observing night;
    what gzip has packed is unpacked. What is no frame goes to the quarantine, with its reason beside it. What came
    before is known by its content. However it is ended, give the same command again. A night that
    begins meanwhile ends it within fifty files.
    """
    from obsy.cli.ingest_page import page
    from obsy.engine.declare.folders import rooms
    from obsy.engine.declare.survey import declare
    from obsy.engine.frames.data_root import DataRoot
    from obsy.engine.processing.foresee import foreseen
    from obsy.engine.processing.old_files import Manner, bring_in, found_in
    from obsy.engine.runtime.processing import rules_of_old_files
    from obsy.engine.store.store import Store

    said = [manner for manner, is_said in manners.items() if is_said]
    if len(said) > 1:
        raise click.UsageError(f"--{' and --'.join(sorted(said))} say different things: give one of them")
    manner = said[0] if said else "copy"
    root, plans = rooms(Path("plans"))
    observatory = declare(root, *plans, site=site)
    data_root, rules = DataRoot.of(root, observatory.site, simulated=False), rules_of_old_files(observatory)
    files, others = found_in(paths, data_root.folder)
    if dry_run:
        found = foreseen(files, data_root, rules, _progress)
    else:
        data_root.folder.mkdir(parents=True, exist_ok=True)
        with Store(data_root.store) as store:
            found = list(bring_in(files, store, rules, Manner(manner), _progress))
    if as_json:
        click.echo(json.dumps(_as_json(found, others, dry_run), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(page(found, others, manner, data_root, dry_run=dry_run)))


def _as_json(found: "Sequence[BroughtIn]", others: Counter[str], dry_run: bool) -> dict[str, object]:
    return {
        "dry_run": dry_run,
        "counts": Counter(each.outcome for each in found),
        "left_alone": others,
        "files": [each.as_json() for each in found],
    }


def _progress(paths: Sequence[Path]) -> Iterator[Path]:
    """The files, with a bar on standard error."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    yield from track(paths, "bringing in", console=console, transient=True, disable=not console.is_terminal)
