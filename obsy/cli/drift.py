"""What is declared, held against what frames say."""

import json
from pathlib import Path

import click

from obsy.cli.locate import at_site


@click.command()
@click.argument("plans", type=click.Path(path_type=Path), default="plans")
@at_site
@click.option("--simulated/--real", default=None, help="Which nights; those that were written last if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")
def drift(plans: Path, site: str | None, simulated: bool | None, as_json: bool) -> None:
    """Hold what is declared against what the store and solved frames say; change nothing.

    Cameras, filters, scale, place and limits are those of each train's newest night; what no plan claims is of all.
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
    realm = data_root.folder.name
    if as_json:
        in_step = not found if is_known else None
        drifts = [each.as_json() for each in found]
        click.echo(json.dumps({"in_step": in_step, "realm": realm, "drift": drifts}, indent=2, ensure_ascii=False))
    else:
        well = f"In step with the {realm} nights." if is_known else "No night has been: nothing to compare."
        click.echo("\n".join(map(str, found)) or well)
    if found:
        raise SystemExit(1)
