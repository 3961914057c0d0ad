"""What is declared, held against what frames say."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from obsy.cli.locate import at_site

if TYPE_CHECKING:
    from obsy.engine.declare.observatory import Observatory
    from obsy.engine.frames.data_root import DataRoot
    from obsy.engine.schedule.learned import LearnedOverheads


@click.command()
@click.argument("plans", type=click.Path(path_type=Path), default="plans")
@at_site
@click.option("--simulated/--real", default=None, help="Which nights; those that were written last if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")
def drift(plans: Path, site: str | None, simulated: bool | None, as_json: bool) -> None:
    """Hold what is declared against what the store and solved frames say; change nothing.

    Cameras, filters, scale, place and limits are those of each train's newest night; what no plan claims is of all.
    Below stands how long slews, flips, focus runs and downloads took, beside what is declared of them.
    Exits 0 if all is in step, 1 if not.
    """
    from obsy.cli.locate import data_root_of
    from obsy.engine.declare.folders import rooms
    from obsy.engine.declare.join import join
    from obsy.engine.declare.survey import survey
    from obsy.errors import UnfitFiles

    root, paths = rooms(plans)
    seen = survey(root, *paths)
    if seen.complaints:
        raise UnfitFiles(seen.complaints)
    observatory = join(seen.declared, site)
    data_root = data_root_of(root, observatory.site, simulated)
    found = []
    if is_known := data_root.known_store().exists():
        from obsy.engine.drift.drift import drift as compare
        from obsy.engine.store.store import Store

        with Store(data_root.store) as store:
            found = compare(observatory, seen.declared, store)
    realm, overheads = data_root.folder.name, _overheads(observatory, data_root)
    if as_json:
        told = {"in_step": not found if is_known else None, "realm": realm, "drift": [each.as_json() for each in found]}
        counted = {"counted": observatory.overheads, "trains": {name: _json(each) for name, each in overheads.items()}}
        click.echo(json.dumps({**told, "overheads": counted}, indent=2, ensure_ascii=False))
    else:
        well = f"In step with the {realm} nights." if is_known else "No night has been: nothing to compare."
        click.echo("\n".join(map(str, found)) or well)
        if is_known:
            click.echo("\n".join(_table(overheads, observatory.overheads)))
    if found:
        raise SystemExit(1)


def _overheads(observatory: "Observatory", data_root: "DataRoot") -> "dict[str, LearnedOverheads]":
    """Return by train how long its steps took, in all nights that count."""
    from datetime import date

    from obsy.engine.runtime.overheads import known

    return known(observatory, date.max, data_root)


def _json(learned: "LearnedOverheads") -> dict[str, Any]:
    return {"mount": learned.mount, "steps": [each.as_json() for each in learned.estimates]}


def _table(overheads: "Mapping[str, LearnedOverheads]", counted: str) -> Iterator[str]:
    from obsy.engine.schedule.learned import ENOUGH, HEADER

    how = "what is declared counts ('overheads: declared')"
    if counted == "learned":
        how = f"what is learned counts, and of fewer than {ENOUGH} samples what is declared"
    yield f"\nBetween frames, as the journals tell it; {how}:"
    for train, each in overheads.items():
        yield f"\n{train} on {each.mount}\n{HEADER}"
        yield from each.table
