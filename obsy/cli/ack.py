"""Take care of the alarms of a night, so that nobody else is called."""

import getpass
import json
from pathlib import Path

import click

from obsy.cli.locate import at_site


@click.command()
@click.argument("plans", type=click.Path(path_type=Path), default="plans")
@at_site
@click.option("--by", metavar="NAME", help="Who takes care of it; who is logged in, if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")
def ack(plans: Path, site: str | None, by: str | None, as_json: bool) -> None:
    """Acknowledge every alarm so far: it is not repeated, nobody else is called, and whoever was, is told of it."""
    from obsy.cli.notify import heard_at
    from obsy.engine.disk import write_whole

    name = by or getpass.getuser()
    for data_root in heard_at(plans, site)[1]:
        write_whole(data_root.acknowledged, name.encode())
    said = f"{name} takes care of the alarms so far; a new one calls everybody again."
    click.echo(json.dumps({"by": name}) if as_json else said)
