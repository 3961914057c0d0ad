"""An alert of a broker is held against the rules and kept for the night; without one, all that came are listed."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from obsy.cli.locate import at_site
from obsy.errors import UserError

if TYPE_CHECKING:
    from obsy.engine.alerts.record import AlertRecord
    from obsy.engine.declare.observatory import Observatory
    from obsy.engine.frames.data_root import DataRoot


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--plans", type=click.Path(path_type=Path), default="plans", help="The folder of the plans.")
@at_site
@click.option("--simulate", is_flag=True, help="For rehearsals: it comes at its own time, not now.")
@click.option("--at", metavar="TIME", help="With --simulate: when it comes, such as 2026-11-21T22:00:00Z.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")
def alert(  # noqa: PLR0913, PLR0917  one argument an option
    file: Path | None, plans: Path, site: str | None, simulate: bool, at: str | None, as_json: bool
) -> None:
    """Take the alert in FILE to the rules: GCN's unified JSON, or VOEvent 2.0. Without FILE, list what came.

    What a rule asks for is kept before this returns; a night that runs takes it up within ten seconds.
    """
    from obsy.engine.declare.folders import rooms
    from obsy.engine.declare.join import join
    from obsy.engine.declare.survey import survey
    from obsy.engine.frames.data_root import DataRoot
    from obsy.errors import UnfitFiles

    if at is not None and not (simulate and file):
        raise click.UsageError("--at is for an alert of a rehearsal: add --simulate and its file")
    root, paths = rooms(plans)
    seen = survey(root, *paths)
    if seen.complaints:
        raise UnfitFiles(seen.complaints)
    observatory = join(seen.declared, site)
    data_root = DataRoot.of(root, observatory.site, simulate)
    if file is None:
        _list(observatory, data_root, as_json)
        return
    from obsy.engine.alerts.answer import answer
    from obsy.engine.alerts.notice import moment
    from obsy.engine.alerts.read import read
    from obsy.engine.alerts.record import keep, records

    notice = read(file)
    now = moment("--at", at, "the call") if at else notice.sent if simulate else datetime.now(UTC)
    before = next((each for each in records(data_root.alerts) if each.id == notice.id and not each.refused), None)
    if before is not None:
        words = f"{notice.id} is known since {before.came:%Y-%m-%d %H:%M:%S} UTC, and acts once"
        _tell(before, observatory, as_json, words)
        return
    record = answer(notice, seen.declared, now)
    keep(data_root.alerts, record)
    if record.refused and record.role == "observation":
        raise UserError(f"{file}: nothing is done about {record.id}: {record.refused}")
    _tell(record, observatory, as_json, _running(data_root, record))


def _running(data_root: "DataRoot", record: "AlertRecord") -> str:
    from obsy.engine.safety.lock import is_held

    if record.refused:
        return ""
    if is_held(data_root.lock):
        return "A night runs, and takes it up within ten seconds."
    verb = "obsy apply --simulate" if data_root.folder.name == "simulated" else "obsy apply"
    return f"No night runs; it is taken up by '{verb}' while it lasts."


def _list(observatory: "Observatory", data_root: "DataRoot", as_json: bool) -> None:
    from obsy.engine.alerts.record import records

    found = list(records(data_root.alerts))
    if as_json:
        click.echo(json.dumps([_shape(each, observatory) for each in found], indent=2, ensure_ascii=False))
        return
    lines = [line for each in found for line in _lines(each, observatory)]
    click.echo("\n".join(lines) or f"No alert came to the {data_root.folder.name} nights.")


def _tell(record: "AlertRecord", observatory: "Observatory", as_json: bool, words: str) -> None:
    if as_json:
        told = {**_shape(record, observatory), "words": words}
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    click.echo("\n".join(filter(None, (*_lines(record, observatory), words))))


def _shape(record: "AlertRecord", observatory: "Observatory") -> dict[str, Any]:
    told = record.as_json()
    for wish in told["wishes"]:
        rule = observatory.rules.get(wish["rule"])
        wish["mode"] = rule.mode if rule is not None else None
    return told


def _lines(record: "AlertRecord", observatory: "Observatory") -> list[str]:
    place = f"{record.ra_deg:.4f} {record.dec_deg:+.4f} deg"
    bright = "" if record.magnitude is None else f", {record.magnitude:g} mag"
    lines = [f"{record.called} ({record.source}, {record.id}) at {place}{bright}, {record.at:%Y-%m-%d %H:%M:%S} UTC"]
    if record.refused:
        return [*lines, f"  nothing is done: {record.refused}"]
    for wish in record.wishes:
        rule = observatory.rules.get(wish.rule)
        names = ", ".join(f"'{each['name']}'" for each in wish.plans) or f"'{wish.named}'"
        is_wanted = "is wanted" if rule is not None and rule.mode == "live" else "would be wanted"
        until = f"{wish.until:%Y-%m-%d %H:%M} UTC"
        why = "is not declared any more" if rule is None else "live" if rule.mode == "live" else "a rehearsal"
        lines.append(f"  {names} {is_wanted} until {until} (rule '{wish.rule}', {why})")
    return lines
