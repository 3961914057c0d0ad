"""Who is told of the night, whether it reaches them, and what they were told."""

import json
from collections.abc import Iterator
from datetime import date
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
    from obsy.engine.declare.folders import rooms
    from obsy.engine.declare.recipients import audience
    from obsy.engine.declare.survey import declare
    from obsy.engine.frames.data_root import DataRoot

    root, paths = rooms(plans)
    who = audience(root, site) if all(path.exists() for path in paths) else None
    if who is None:
        raise UserError(f"no recipients are known of '{declare(root, *paths, site=site).site.name}'")
    return who, (DataRoot.of(root, who.site, False), DataRoot.of(root, who.site, True))


def _test(who: "Audience", name: str) -> None:
    from obsy.diagnostics import did_you_mean, there_are
    from obsy.engine.telling.by_hand import attempt

    known = {each.name for each in (*who.recipients, *who.heartbeats, *who.outputs)}
    if name not in known:
        mend = did_you_mean(name, known, f"{there_are(known)}; 'obsy validate' says what is unfit")
        raise UserError(f"nobody named '{name}' is told of the nights of '{who.site.name}': {mend}")
    if reason := attempt(who, name):
        raise UserError(f"'{name}' was not reached: {reason}")
    click.echo(f"'{name}' has taken it: look whether it has arrived.")


def _check(who: "Audience", data_root: "DataRoot") -> None:
    """Exit 1, and call everybody who hears of alarms, if nobody answers for a night that has begun and not ended."""
    from obsy.cli.locate import nights
    from obsy.engine.safety.lock import is_held
    from obsy.engine.telling.by_hand import call, is_cared_for, is_cut_off

    newest = next(reversed(nights(data_root)), None)
    if newest is None:
        click.echo("No real night has run here yet.")
        return
    if is_held(data_root.lock) or not is_cut_off(data_root, newest):
        click.echo("The last real night has ended well, or goes on.")
        return
    if is_cared_for(data_root, newest):
        raise UserError(f"the night of {newest} was cut off, and somebody takes care of it")
    for name, reason in call(who, data_root, newest):
        click.echo(f"'{name}' was {f'not reached: {reason}' if reason else 'told'}", err=True)
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
