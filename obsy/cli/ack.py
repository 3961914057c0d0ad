"""Take care of the alarms of a night, so that nobody else is called."""

import getpass
import json
from pathlib import Path

import click

from obsy.cli.locate import at_site
from obsy.engine.frames.data_root import DataRoot


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
    found = 0
    for data_root in heard_at(plans, site)[1]:
        found += _alarms(data_root)
        write_whole(data_root.acknowledged, name.encode())
    said = f"{name} takes care of the alarms so far; a new one calls everybody again."
    none = "There is no alarm in the last night: nobody was called."
    click.echo(json.dumps({"by": name, "alarms": found}) if as_json else said if found else none)


def _alarms(data_root: DataRoot) -> int:
    """Return how many alarms the last night has raised, or people were called by; that it was cut off is one, too."""
    from obsy.cli.locate import nights
    from obsy.engine.events import ALARM, severity
    from obsy.engine.journal import read
    from obsy.engine.safety.lock import is_held
    from obsy.engine.telling.by_hand import is_cut_off

    night, told = nights(data_root)[-1:], data_root.acknowledged.parent.glob("*.jsonl")
    journals = (*(data_root.journal(each) for each in night), *sorted(told)[-1:])
    entries = (entry for path in journals for entry in read(path))
    loud = [each for each in entries if severity(each) >= ALARM or "ALARM " in each.get("title", "")]
    return len(loud) + any(is_cut_off(data_root, each) and not is_held(data_root.lock) for each in night)
