"""Who is told of the night, whether it reaches them, and what they were told."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING

import click

from obsy.cli.locate import at_site
from obsy.engine.report.words import clock
from obsy.errors import UserError
from obsy.units import duration

if TYPE_CHECKING:
    from obsy.engine.declare.observatory import Observatory
    from obsy.engine.declare.recipients import Audience
    from obsy.engine.frames.data_root import DataRoot


@click.command()
@click.argument("plans", type=click.Path(path_type=Path), default="plans")
@at_site
@click.option("--test", metavar="NAME", help="Try one recipient, heartbeat or output, and say what became of it.")
@click.option("--check", is_flag=True, help="Call people if the last real night has ended without a word; for a timer.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")
def notify(plans: Path, site: str | None, test: str | None, check: bool, as_json: bool) -> None:
    """Show who is told of the night, and what the newest one gave them to read."""
    who, roots = heard_at(plans, site)
    if test is not None:
        _test(who, test)
    elif check:
        _check(who, next(each for each in roots if each.folder.name == "real"))
    else:
        _show(who, roots, as_json)


def heard_at(plans: Path, site: str | None) -> tuple["Audience", tuple["DataRoot", "DataRoot"]]:
    """Return who is told of a site's nights, and its real and simulated data; a fault in a plan changes nothing.

    Raise UserError, with every complaint, if the site cannot be known.
    """
    from obsy.engine.declare.recipients import audience
    from obsy.engine.declare.survey import declare, rooms
    from obsy.engine.frames.data_root import DataRoot

    root, paths = rooms(plans)
    who = audience(root, site) if all(path.exists() for path in paths) else None
    if who is None:
        raise UserError(f"no recipients are known of '{declare(root, *paths, site=site).site.name}'")
    return who, (DataRoot.of(root, who.site, False), DataRoot.of(root, who.site, True))


def _test(who: "Audience", name: str) -> None:
    from obsy.diagnostics import did_you_mean

    known = {each.name for each in (*who.recipients, *who.heartbeats, *who.outputs)}
    if name not in known:
        mend = did_you_mean(name, known, f"there are {', '.join(known) or 'none'}; 'obsy validate' says what is unfit")
        raise UserError(f"nobody named '{name}' is told of the nights of '{who.site.name}': {mend}")
    if reason := _why_not(_trial(who, name)):
        raise UserError(f"'{name}' was not reached: {reason}")
    click.echo(f"'{name}' has taken it: look whether it has arrived.")


def _why_not(call: Callable[[], None]) -> str:
    """Return why a service did not take it, or did not answer in time; empty if it did."""
    from obsy.engine.telling.errand import Errand

    errand = Errand(call)
    while not errand.over:
        time.sleep(0.02)
    return errand.reason


def _trial(who: "Audience", name: str) -> Callable[[], None]:
    """Return what tries a recipient, a heartbeat or an output; an output is told that it is unsafe."""
    from obsy.engine.telling.note import Message
    from obsy.engine.telling.outputs import Outputs
    from obsy.engine.telling.service import ask, send
    from obsy.engine.telling.situation import Outlook

    for output in (each for each in who.outputs if each.name == name):
        ways = Outputs([output], who.root, who.site.timezone)
        return ways.way(output, Outlook(False, "tried by hand"), datetime.now(UTC))
    for beat in (each for each in who.heartbeats if each.name == name):
        return partial(ask, beat.address.get_secret_value())
    test = Message(f"{who.site.name}: a test", "obsy can reach you. Nothing has happened.")
    return partial(send, next(each.address.get_secret_value() for each in who.recipients if each.name == name), test)


def _check(who: "Audience", data_root: "DataRoot") -> None:
    """Exit 1, and call everybody who hears of alarms, if nobody answers for a night that has begun and not ended."""
    from obsy.cli.locate import nights
    from obsy.engine.events import words
    from obsy.engine.events.telling import ObsyDied
    from obsy.engine.fold import fold
    from obsy.engine.journal import read
    from obsy.engine.safety.lock import is_held
    from obsy.engine.telling.desk import ASKS
    from obsy.engine.telling.note import Note, Sender, message
    from obsy.engine.telling.service import send

    newest = next(reversed(nights(data_root)), None)
    record = fold(read(data_root.journal(newest)) if newest else ())
    if not record.begun or record.ended or is_held(data_root.lock):
        click.echo("The last real night has ended well, or goes on.")
        return
    journal, cared_for = data_root.journal(newest), data_root.acknowledged  # type: ignore[arg-type]
    if cared_for.exists() and cared_for.stat().st_mtime > journal.stat().st_mtime:
        raise UserError(f"the night of {newest} was cut off, and somebody takes care of it")
    note = Note(datetime.now(UTC), ObsyDied.severity, words({"event": ObsyDied.name}), urgent=True)
    told = message(Sender(who.site.name, who.site.timezone), [note], (note.at, record), ASKS)
    for each in (each for each in who.recipients if "alarm" in each.hears):
        reason = _why_not(partial(send, each.address.get_secret_value(), told))
        click.echo(f"'{each.name}' was {f'not reached: {reason}' if reason else 'told'}", err=True)
    raise UserError(f"the night of {newest} was cut off: give 'obsy apply' again, and the roof is closed first")


def messages(observatory: "Observatory", root: Path, day: date) -> int:
    """Return how many messages a rehearsal makes."""
    from obsy.engine.declare.recipients import audience
    from obsy.engine.frames.data_root import DataRoot
    from obsy.engine.journal import read
    from obsy.engine.telling.desk import rehearsed
    from obsy.engine.telling.note import Sender

    who, journal = audience(root, observatory.site.name), DataRoot.of(root, observatory.site, True).journal(day)
    return len(list(rehearsed(read(journal), Sender("", "UTC"), who.recipients))) if who and who.recipients else 0


def _show(who: "Audience", roots: tuple["DataRoot", ...], as_json: bool) -> None:
    from obsy.cli.locate import nights
    from obsy.engine.journal import read, stamp
    from obsy.engine.telling.desk import rehearsed
    from obsy.engine.telling.note import Sender

    found = [(each.journal(night), night, each) for each in roots for night in nights(each)[-1:]]
    journal, night, data_root = max(found, key=lambda each: each[0].stat().st_mtime, default=(None, None, roots[0]))
    sender = Sender(who.site.name, who.site.timezone, rehearsal=data_root is roots[1])
    made = list(rehearsed(read(journal) if journal else (), sender, who.recipients))
    if as_json:
        told = [{"at": stamp(at), "to": to, "title": each.title, "body": each.body} for at, to, each in made]
        hears = [{"recipient": each.name, "hears": each.hears, "after_s": each.after} for each in who.recipients]
        click.echo(json.dumps({"recipients": hears, "night": str(night), "messages": told}, indent=2))
        return
    click.echo("\n".join(_hears(who)))
    if made:
        click.echo(f"\nThe {data_root.folder.name} night of {night} makes this to read:")
    for at, to, each in made:
        body = indent(each.body, "    ")
        click.echo(f"\n{clock(at, who.site.timezone)}  {to}: {each.title}\n{body}")


def _hears(who: "Audience") -> Iterator[str]:
    if who.is_empty:
        yield f"Nobody is told of the nights of '{who.site.name}': declare a recipient, as docs/language.md says."
    for each in who.recipients:
        later = f", {duration(each.after)} after an alarm that nobody acknowledges" if each.after else ""
        yield f"{each.name} hears of {', '.join(each.hears)}{later}"
    for beat in who.heartbeats:
        yield f"{beat.name} is asked every {duration(beat.every)} while a night is awake"
    for output in who.outputs:
        yield f"{output.name} is written by {output.write.way}: {getattr(output.write, output.write.way)}"
