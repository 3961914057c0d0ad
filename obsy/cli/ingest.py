"""Bring a folder of old files into the archive."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from obsy.cli.locate import at_site

if TYPE_CHECKING:
    from obsy.engine.frames.data_root import DataRoot
    from obsy.engine.processing.brought_in import BroughtIn
    from obsy.engine.processing.old_files import Manner
    from obsy.engine.processing.old_folders import FoundFiles
    from obsy.engine.processing.rules import ProcessingRules
    from obsy.errors import ArchiveError, NightRunning


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@at_site
@click.option("--copy", is_flag=True, help="Leave every file where it is (the default).")
@click.option("--move", is_flag=True, help="Remove each file once its copy is proven.")
@click.option("--link", is_flag=True, help="Give each file a second name in the archive: no more room.")
@click.option("--declare", "declares", is_flag=True, help="First declare a train for each camera that has none.")
@click.option("--dry-run", is_flag=True, help="Say what would become of each file; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what became of each file for a machine.")
def ingest(
    paths: tuple[Path, ...], site: str | None, declares: bool, dry_run: bool, as_json: bool, **manners: bool
) -> None:
    """Bring FITS files of any program, and folders of them, into the archive of the real nights.

    Each is copied, read back and compared before it counts, and lies in the archive byte for byte, by observing night;
    what gzip has packed is unpacked. What is no frame goes to the quarantine, with its reason beside it. What came
    before is known by its content. --declare writes site/CAMERA.yaml for each camera that no train has, of what its
    headers say; what is a guess says so there. However it is ended, give the same command again. A night that
    begins meanwhile ends it within fifty files. What cannot be read is told, and leaves the exit code at 1.
    """
    from obsy.cli.ingest_page import declared, page
    from obsy.engine.declare.folders import rooms
    from obsy.engine.declare.survey import declare
    from obsy.engine.frames.data_root import DataRoot
    from obsy.engine.processing.foresee import foreseen
    from obsy.engine.processing.old_files import Manner
    from obsy.engine.processing.old_folders import found_in
    from obsy.engine.runtime.processing import rules_of_old_files
    from obsy.engine.starting.train_files import proposed
    from obsy.errors import NightRunning

    said = [manner for manner, is_said in manners.items() if is_said]
    if len(said) > 1:
        raise click.UsageError(f"--{' and --'.join(sorted(said))} say different things: give one of them")
    manner = said[0] if said else "copy"
    root, plans = rooms(Path("plans"))
    observatory = declare(root, *plans, site=site)
    met = found_in(paths, *(each for data in sorted(observatory.data) for each in DataRoot.own(root, data)))
    data_root, rules = DataRoot.of(root, observatory.site, simulated=False), rules_of_old_files(observatory)
    headers = _progress(met.files, "reading headers")
    proposal = proposed(headers, observatory, rules, plans) if declares else None
    if proposal is not None and not dry_run:
        proposal.put()
        rules = rules_of_old_files(declare(root, *plans, site=site))
    found, refusal = (
        (foreseen(met.files, data_root, rules, _progress), None)
        if dry_run
        else _brought_in(met.files, data_root, rules, Manner(manner))
    )
    if as_json:
        told = _as_json(found, met, dry_run, refusal) | ({} if proposal is None else {"declared": proposal.as_json()})
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        if proposal is not None:
            click.echo("\n".join([*declared(proposal, dry_run=dry_run), ""]))
        click.echo("\n".join(page(found, met, manner, data_root, dry_run=dry_run)))
    if refusal is not None:
        click.echo(f"obsy: {refusal}", err=True)
        raise SystemExit(1 if isinstance(refusal, NightRunning) else 3)
    if met.unread or any(each.is_amiss for each in found):
        raise SystemExit(1)


def _brought_in(
    files: "Sequence[Path]", data_root: "DataRoot", rules: "ProcessingRules", manner: "Manner"
) -> "tuple[list[BroughtIn], ArchiveError | NightRunning | None]":
    """Return what became of the files, and what ended it before the last; raise that where nothing came before it."""
    from obsy.engine.processing.old_files import bring_in
    from obsy.engine.store.store import Store
    from obsy.errors import ArchiveError, NightRunning

    data_root.folder.mkdir(parents=True, exist_ok=True)
    found: list[BroughtIn] = []
    with Store(data_root.store) as store:
        try:
            found.extend(bring_in(files, store, rules, manner, _progress))
        except (ArchiveError, NightRunning) as fault:  # what came before it is kept, and told first
            if not found:
                raise
            return found, fault
    return found, None


def _as_json(
    found: "Sequence[BroughtIn]", met: "FoundFiles", dry_run: bool, refusal: Exception | None
) -> dict[str, object]:
    ended = {} if refusal is None else {"ended": str(refusal)}
    return ended | {
        "dry_run": dry_run,
        "counts": Counter(each.outcome for each in found),
        "left_alone": met.others,
        "not_looked_at": met.passed,
        "unreadable_folders": met.unread,
        "files": [each.as_json() for each in found],
    }


def _progress(paths: Sequence[Path], what: str = "bringing in") -> Iterator[Path]:
    """The files, with a bar on standard error."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    yield from track(paths, what, console=console, transient=True, disable=not console.is_terminal)
