"""What is done of each plan, and how the night stands: answered at once, while a night runs or before any."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from obsy.cli.locate import at_site

if TYPE_CHECKING:
    from obsy.engine.declare.observatory import Observatory
    from obsy.engine.frames.data_root import DataRoot
    from obsy.engine.report.status import EnclosureStatus, GoalStatus, Status

_BAR = 24


@click.command()
@click.argument("plans", type=click.Path(path_type=Path), default="plans")
@at_site
@click.option("--simulated/--real", default=None, help="Which nights; those that were written last if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")
def status(plans: Path, site: str | None, simulated: bool | None, as_json: bool) -> None:
    """Show what is done of PLANS, and where the newest night stands; change nothing."""
    from obsy.cli.locate import data_root_of, nights
    from obsy.cli.notices import tell_alerts, tell_forgotten
    from obsy.engine.declare.folders import rooms
    from obsy.engine.declare.survey import declare
    from obsy.engine.runtime.guard.begin import journal_of

    root, paths = rooms(plans)
    observatory = declare(root, *paths, site=site)
    data_root = data_root_of(root, observatory.site, simulated)
    notices = tell_forgotten(observatory)
    observatory, alerts = tell_alerts(observatory, data_root, next(reversed(nights(data_root)), None))
    notices += alerts
    found = _status(observatory, data_root, journal_of(root, observatory.site.name))
    if as_json:
        told = {"realm": data_root.folder.name, **found.as_json(), "notices": notices}
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        several = len(observatory.instruments) > 1
        click.echo(page(found, data_root.folder.name, observatory.site.timezone, several))


def _status(observatory: "Observatory", data_root: "DataRoot", guard: Path) -> "Status":
    """What the newest journal and the store say; a store that is not there is not made.

    guard: what the guard did while no night heard it; what came after the journal's last word counts.
    """
    from obsy.cli.locate import nights
    from obsy.engine.declare.instrument import serving
    from obsy.engine.fold import fold
    from obsy.engine.journal import read
    from obsy.engine.progress import trains
    from obsy.engine.report.status import override_status, plan_status, status_of
    from obsy.engine.safety.lock import is_held
    from obsy.engine.schedule.claims import Claims
    from obsy.engine.schedule.shares import Shares
    from obsy.engine.schedule.torn_nights import credited
    from obsy.moments import night_of

    done, aside = {}, tuple[str, ...]()
    if data_root.known_store().exists():
        from obsy.engine.store.store import Store

        with Store(data_root.store) as store:
            claims = Claims.of(observatory)
            done = store.done(claims.now, proofs=claims.proofs, colour=claims.colour)
            aside = tuple(store.left_aside.values())
    newest = next(reversed(nights(data_root)), None)
    said = list(read(data_root.journal(newest))) if newest else []
    if said and data_root.folder.name == "real":
        said += [entry for entry in read(guard) if entry["time"] > said[-1]["time"]]
    record = fold(said)
    night = newest.isoformat() if newest else None
    of = partial(night_of, longitude_deg=observatory.site.longitude)
    done = credited(done, observatory.plans, of, None if record.finished else newest)
    begun = trains(done)
    plans = tuple(
        plan_status(plan, serving(plan, observatory.instruments, begun.get(plan.name)), done)
        for plan in observatory.plans
    )
    now = datetime.now(UTC)
    overrides = tuple(override_status(each, now) for each in observatory.overrides.honoured)
    debts = Shares.of(observatory).debts(done, now)
    found = status_of(plans, night, record, is_held(data_root.lock))
    return replace(found, left_aside=aside, overrides=overrides, shares=debts)


def page(found: "Status", kind: str, timezone: str, several_trains: bool) -> str:
    """Return the status for people.

    several_trains: whether there is more than one, so that they are named.
    """
    from obsy.engine.report.words import by_local_clocks, stamped

    if found.night is None or found.last is None:
        lines = [f"No {kind} night has run here yet."]
    else:
        head, at = f"The {kind} night of {found.night}", stamped(found.last, timezone)
        several = len(found.enclosures) > 1
        heads = [f"{head}, {each.enclosure}" if several else head for each in found.enclosures]
        lines = [f"{own}: {_stand(each)} ({at})" for own, each in zip(heads, found.enclosures, strict=True)]
        lines = [by_local_clocks(line, timezone, found.last) for line in lines]
    for each in found.overrides:
        when = "until" if each["in_force"] else f"from {each['since'][:16]}Z until"
        words = f"{each['what']} {when} {each['until'][:16]}Z ({each['owner']}: {each['reason']})"
        lines.append(f"override {each['name']}: {words}")
    lines += [f"share {each.share.name}: {each.words}" for each in found.shares]
    lines += [f"left aside: {why}" for why in found.left_aside]
    for plan in found.plans:
        whose = f", with {' or '.join(plan.trains) or 'no train'}" if several_trains else ""
        lines += ["", f"{plan.plan}{whose}", *(f"  {_line(goal, plan.trains)}" for goal in plan.goals)]
    return "\n".join(lines)


def _stand(each: "EnclosureStatus") -> str:
    """'observing; roof open; safe: …'; what was said of the weather last no longer holds once nobody looks."""
    parts = [each.state, f"mount {each.mount}" if each.mount else "", f"roof {each.roof}" if each.roof else ""]
    if each.state not in ("interrupted", "finished"):
        word = {True: "safe: ", False: "not safe: ", None: ""}[each.verdict.safe]
        parts.append(each.verdict.reason if each.verdict.reason.startswith("not yet: ") else word + each.verdict.reason)
    return "; ".join(filter(None, parts))


def _line(goal: "GoalStatus", trains: tuple[str, ...]) -> str:
    """'L-180s ███░ 1 h of 3 h, 2 rejected'; the trains that took it where it is not the one of the plan."""
    from obsy.engine.report.words import bar, so_far

    more = f", {goal.rejected} rejected" if goal.rejected else ""
    if set(goal.trains) - set(trains[:1]):
        more += f" ({', '.join(f'{frames} by {train}' for train, frames in goal.trains.items())})"
    for reason, count in Counter(goal.unstacked).items():
        more += f"; {count} accepted, not in the stack: {reason.partition(': ')[2]}"
    if goal.torn:
        more += f"; {goal.torn} more count for nothing: their night has too little of what it counts together with"
    if goal.proof is not None:
        share = min(1.0, (goal.proof["snr"] / goal.proof["asked"]) ** 2)
        return f"{goal.goal:<16} {bar(_BAR, share)} {goal.proof['words']}; {goal.accepted} accepted{more}"
    if goal.wanted_s is None:
        return f"{goal.goal:<16} {'':{_BAR}} {goal.accepted} accepted, {goal.asked} wanted{more}"
    share = goal.done_s / goal.wanted_s if goal.count is None else goal.accepted / goal.count
    return f"{goal.goal:<16} {bar(_BAR, share)} {so_far(goal.accepted, goal.done_s, goal.count, goal.wanted_s)}{more}"
