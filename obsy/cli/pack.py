"""Bring the packs that are declared, and lock them."""

import json
from typing import TYPE_CHECKING, Any

import click

from obsy.diagnostics import did_you_mean
from obsy.errors import UserError
from obsy.schemas.pack import Pack

if TYPE_CHECKING:
    from obsy.engine.declare.packs.bring import BroughtPack


@click.command()
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--online", is_flag=True, help="Ask the network for packs that are not on this machine.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")
def pack(names: tuple[str, ...], online: bool, dry_run: bool, as_json: bool) -> None:
    """Bring the packs called NAME, or all that are declared, in their declared version, and say what changes.

    Their files are copied to packs/NAME and their hashes written to packs.lock; commit both. No network is asked,
    unless `--online` says so. A pack that was changed here is left alone: what is to differ stands under its `change`.
    """
    from obsy.engine.declare.folders import rooms
    from obsy.engine.declare.packs.bring import bring, keep
    from obsy.engine.declare.survey import survey

    root, plans = rooms()
    declared = {entry.document.name: entry.document for entry in survey(root, *plans).declared.of(Pack)}
    for name in names:
        if name not in declared:
            mend = did_you_mean(name, declared, f"there is {', '.join(declared)}" if declared else "declare it first")
            raise UserError(f"no pack is named '{name}': {mend}")
    found = [bring(declared[name], root, online=online) for name in names or declared]
    for each in found if not dry_run else ():
        keep(each, root)
    click.echo(json.dumps([_shape(each) for each in found], indent=2) if as_json else "\n".join(map(_page, found)))
    if any(each.changes for each in found) and not (dry_run or as_json):
        click.echo("Look through what is new, and commit packs/ and packs.lock.")


def _shape(brought: "BroughtPack") -> dict[str, Any]:
    locked = brought.locked
    said = {"name": brought.pack.name, "source": locked.source, "version": locked.version, "commit": locked.commit}
    return {**said, "changes": [{"sign": sign, "file": path} for sign, path in brought.changes]}


def _page(brought: "BroughtPack") -> str:
    at = f" at commit {brought.locked.commit[:12]}" if brought.locked.commit else ""
    lines = [f"    {sign} {path}" for sign, path in brought.changes] or ["    nothing changes"]
    return "\n".join([f"{brought.pack.name} {brought.pack.version}, from {brought.pack.source}{at}", *lines])
