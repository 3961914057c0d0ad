"""Says, before anything is done, what would be lost, what is not carried out yet, and what may come at another time."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from obsy.engine.declare.target import FixedTarget
from obsy.engine.frames.data_root import DataRoot
from obsy.errors import UserError
from obsy.units import duration

ENOUGH = 3
"""A baseline of so many standard deviations holds whatever comes."""
JD_OF_DAY_0 = 1721425.5
"""What Python's count of a day lacks to the Julian date of the midnight after it."""

if TYPE_CHECKING:
    from collections.abc import Iterable

    from obsy.engine.declare.observatory import Observatory
    from obsy.engine.schedule.request import Block


def tell_forgotten(observatory: "Observatory") -> list[dict[str, Any]]:
    """Print a notice for what the nights, real and simulated, have that counts for nothing any more; return them.

    A store that cannot be read says nothing here.
    """
    told: list[dict[str, Any]] = []
    for simulated in (False, True):
        data_root = DataRoot.of(observatory.root, observatory.site, simulated=simulated)
        if not data_root.store.exists():
            continue
        from obsy.engine.schedule.claims import Claims
        from obsy.engine.schedule.forgotten import forgotten
        from obsy.engine.store.record import ACCEPTED
        from obsy.engine.store.store import Store, StoreError

        with suppress(StoreError, UserError), Store(data_root.store) as store:
            accepted = [(light, sum(1 for each in alike if each[ACCEPTED])) for light, alike in store.lights()]
            for each in forgotten(Claims.of(observatory), accepted, observatory.all_plans):
                mark = observatory.mark("plan", each.heir)
                realm = data_root.folder.name
                click.echo(f"{mark}: notice: {each.words} ({realm} nights)", err=True)
                told.append({**mark.as_json(), "realm": realm, "frames": each.frames, "words": each.words})
    return told


def tell_uncertain(observatory: "Observatory", day: date) -> list[dict[str, Any]]:
    """Print a notice for each event of a night that a plan is to cover, and whose ephemeris is wrong by minutes.

    Of a night in whose dark none falls nothing is said.
    """
    from obsy.engine.schedule.cover import TOLD

    told: list[dict[str, Any]] = []
    for plan in observatory.plans:
        wanted = {goal.cover.of: goal.cover.sides_s for goal in plan.want if goal.cover is not None}
        target = observatory.target(plan) if wanted else None
        for name, each in target.events.items() if isinstance(target, FixedTarget) else ():
            error = timedelta(days=each.error_d(day.toordinal() + JD_OF_DAY_0))
            is_wide = name in wanted and error > TOLD and min(wanted[name]) < ENOUGH * error.total_seconds()
            if (
                is_wide
                and isinstance(target, FixedTarget)
                and _is_tonight(observatory, day, target, name, wanted[name])
            ):
                mark, wrong = observatory.mark("plan", plan.name), duration(error.total_seconds())
                words = f"the ephemeris of '{name}' may be wrong by {wrong} on {day}: look for a newer one, or ask for"
                words += " baselines that are longer"
                click.echo(f"{mark}: notice: {words}", err=True)
                told.append({**mark.as_json(), "words": words})
    return told


def tell_saturating(observatory: "Observatory", data_root: DataRoot) -> list[dict[str, Any]]:
    """Print a notice for each goal whose target will saturate, as the frames of these nights tell; return them.

    A store that cannot be read says nothing here.
    """
    told: list[dict[str, Any]] = []
    if not data_root.store.exists():
        return told
    from obsy.engine.runtime.saturating import saturating
    from obsy.engine.store.store import Store, StoreError

    with suppress(StoreError, UserError), Store(data_root.store) as store:
        for each in saturating(observatory, store):
            mark = observatory.mark("plan", each.plan)
            click.echo(f"{mark}: notice: {each.words}", err=True)
            told.append({**mark.as_json(), "words": each.words})
    return told


def _is_tonight(
    observatory: "Observatory", day: date, target: FixedTarget, name: str, sides_s: tuple[float, float]
) -> bool:
    """Return whether an event, or a baseline of it (seconds before and after), falls between dusk and dawn."""
    from obsy.engine.schedule.conditions import observing_night
    from obsy.engine.sky.body import Fixed
    from obsy.engine.sky.transit import transits

    night = observing_night(observatory, day)
    if night.dusk is None or night.dawn is None:
        return False
    star, place = Fixed(target.ra_deg, target.dec_deg), observatory.site.location
    begin, end = night.dusk - timedelta(seconds=sides_s[0]), night.dawn + timedelta(seconds=sides_s[1])
    return bool(transits(target.events[name], star, place, begin, end))


def tell_trailing(observatory: "Observatory", blocks: "Iterable[Block]") -> list[dict[str, Any]]:
    """Print a notice for each plan whose target leaves trails: EKOS is told where it is, and not how it moves."""
    from obsy.engine.schedule.trailing import WIDE_ARCSEC, trail_arcsec

    trails: dict[str, float] = {}
    for block in blocks:
        trails[block.request.line.plan] = max(trails.get(block.request.line.plan, 0.0), trail_arcsec(block))
    told: list[dict[str, Any]] = []
    for plan, trail in trails.items():
        if trail > WIDE_ARCSEC:
            mark = observatory.mark("plan", plan)
            words = f"its target moves by {trail:.1f} arcsec in one exposure, and the mount is not told its pace: take"
            words += " shorter exposures"
            click.echo(f"{mark}: notice: {words}", err=True)
            told.append({**mark.as_json(), "words": words})
    return told


def tell_reserved(observatory: "Observatory") -> list[dict[str, Any]]:
    """Print a notice of each document that nothing is done with yet, and of what waits for an alert; return them."""
    from obsy.schemas.kinds import KINDS

    told: list[dict[str, Any]] = []
    for (kind, name), mark in observatory.marks.items():
        if kind == "rule" and observatory.rules[name].trigger.alert is not None:
            words = f"rule '{name}': {observatory.rules[name].aloud()}"
        elif KINDS[kind].is_reserved:
            words = f"not-built-yet: {kind} '{name}' is read, and nothing is done with it in this version"
            if kind == "rule":
                words += f"; {observatory.rules[name].aloud()}"
        else:
            continue
        click.echo(f"{mark}: notice: {words}", err=True)
        told.append({**mark.as_json(), "words": words})
    return told


def tell_alerts(
    observatory: "Observatory", data_root: DataRoot, day: date | None
) -> tuple["Observatory", list[dict[str, Any]]]:
    """Print a notice of each plan that an alert wants now; return the observatory with these plans, and the notices.

    day: a rehearsal's now is where the journal of that night ends, or its noon.
    """
    if not data_root.alerts.is_dir():
        return observatory, []
    from obsy.engine.alerts.joined import in_force, joined
    from obsy.engine.alerts.record import records
    from obsy.engine.journal import read
    from obsy.moments import noon

    now = datetime.now(UTC)
    if data_root.folder.name == "simulated" and day is not None:
        last = max((each["time"] for each in read(data_root.journal(day))), default="")
        now = datetime.fromisoformat(last) if last else noon(day, observatory.site.longitude)
    found = joined(observatory, in_force(records(data_root.alerts), now)).observatory
    told = []
    for plan, wanted in found.wanted.items():
        ahead = f", ahead of plans with a priority below {wanted.below}" if wanted.below else ""
        words = f"alert {wanted.alert} wants '{plan}' until {wanted.until:%Y-%m-%d %H:%M} UTC{ahead}"
        click.echo(f"{data_root.alerts}: notice: {words}", err=True)
        told.append({"file": str(data_root.alerts), "words": words})
    return found, told
