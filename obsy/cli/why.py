"""Why a plan gets no time tonight."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from obsy.cli.locate import at_site
from obsy.units import duration

if TYPE_CHECKING:
    from obsy.engine.declare.observatory import Observatory
    from obsy.engine.frames.data_root import DataRoot
    from obsy.engine.runtime.why import GoalWhy, Remedy, Why
    from obsy.schemas.plan import Plan


@click.command()
@click.argument("target")
@click.argument("plans", type=click.Path(path_type=Path), default="plans")
@at_site
@click.option("--night", metavar="DATE", help="The evening's date, such as 2026-11-21; tonight if left out.")
@click.option("--simulate", is_flag=True, help="Of the simulated observatory, with what its nights have done.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")
def why(  # noqa: PLR0913, PLR0917  one argument an option
    target: str, plans: Path, site: str | None, night: str | None, simulate: bool, as_json: bool
) -> None:
    """Say what becomes of TARGET tonight, a plan's name or its target's, and what little change would get it time.

    Told are the limit that is in the way and by how much, who has the time instead, and the smallest change of a limit
    or of the priority that would get some: each is planned anew before it is told. Of a night that is over, its journal
    tells what was planned. A name that means several plans is answered for each. Nothing is changed.
    """
    from obsy.cli.apply import which_night
    from obsy.engine.declare.folders import rooms
    from obsy.engine.declare.survey import declare

    root, paths = rooms(plans)
    observatory = declare(root, *paths, site=site)
    meant = _meant(target, observatory.plans)
    day = which_night(night, observatory, simulate, dry_run=True)
    told = _told((observatory, root, day, simulate), meant)
    if as_json:
        about: list[dict[str, Any]] = [
            {"plan": plan.name, "night": day.isoformat(), **each.facts} for plan, each in zip(meant, told, strict=True)
        ]
        shape = about[0] if len(about) == 1 else {"night": day.isoformat(), "plans": about}
        click.echo(json.dumps(shape, indent=2, ensure_ascii=False, default=str))
        return
    for plan, each in zip(meant, told, strict=True):
        click.echo("\n".join([f"{plan.name} on the night of {day} at {observatory.site.name}", *each.lines]))


def _meant(said: str, plans: "Sequence[Plan]") -> "list[Plan]":
    """Return the plan of exactly that name; else all that are called so, by their list too, or point at it."""
    from obsy.diagnostics import did_you_mean
    from obsy.engine.declare.spelling import key
    from obsy.errors import UserError
    from obsy.schemas.target import short

    if exact := [each for each in plans if each.name == said]:
        return exact
    called = [
        (each, {each.name, each.name.removesuffix(f"-{short(each.target)}"), getattr(each.target, "name", each.name)})
        for each in plans
    ]
    if meant := [each for each, names in called if key(said) in map(key, names)]:
        return meant
    names = [each.name for each in plans]
    raise UserError(f"no plan is named '{said}', nor points at it: {did_you_mean(said, names, ', '.join(names))}")


def _told(where: "tuple[Observatory, Path, date, bool]", meant: "Sequence[Plan]") -> "list[WhyAnswer]":
    """Return what becomes of each: what its journal says of a night that is over, else planned anew."""
    from obsy.cli.apply import going_on
    from obsy.engine.frames.data_root import DataRoot

    observatory, root, day, simulate = where
    data_root, is_past = DataRoot.of(root, observatory.site, simulate), False
    if not simulate:
        is_past = day < going_on(observatory, datetime.now(UTC))
    over = [_remembered(data_root, day, plan.name, is_past) for plan in meant]
    told = [each for each in over if each is not None]
    if not told:
        from obsy.engine.runtime.planner import standing
        from obsy.engine.runtime.why import why as answer

        stands = standing(observatory, root, day, simulate)
        found = [answer(stands.planner, stands.known, stands.begin, plan) for plan in meant]
        told = [WhyAnswer(asdict(each), [*_page(each)]) for each in found]
    return told


class WhyAnswer(NamedTuple):
    """What is said, for machines and for people."""

    facts: dict[str, Any]
    lines: list[str]


def _remembered(data_root: "DataRoot", day: date, plan: str, is_past: bool) -> WhyAnswer | None:
    """Return what was planned for a night that is finished or past, as its journal has it; None of any other night."""
    from obsy.engine.fold import fold
    from obsy.engine.journal import moment, read

    record = fold(read(data_root.journal(day)))
    wanted = record.begin.get("intent")
    if not wanted or not (record.finished or is_past):
        return None
    mine = {each["goal"]: each for each in wanted["unplaced"] if each["plan"] == plan}
    lines = [f"  {goal}: nothing: {each['reason']} ({each['code']})" for goal, each in mine.items()]
    taken = Counter[str]()
    for each in wanted["blocks"]:
        if each["plan"] == plan:
            lines.append(f"  {each['goal']}: {each['count']} frames were planned")
        taken[each["plan"]] += int((moment(each["end"]) - moment(each["start"])).total_seconds())
    lines = lines or ["  Nothing was left to do, or it was not declared then."]
    others = {name: float(seconds) for name, seconds in taken.most_common() if name != plan}
    lines += [f"  The night was planned for {_shares(others)}"] * bool(mine and others)
    return WhyAnswer({"unplaced": [*mine.values()], "taken_s": others, "commit": record.begin.get("commit")}, lines)


def _page(told: "Why") -> Iterator[str]:
    if not told.goals:
        yield "  Nothing is left to do: all that it wants is done."
    alike: dict[str, list[str]] = {}
    for each in told.goals:
        alike.setdefault("\n".join(_goal(each)), []).append(each.goal)
    yield from (f"  {', '.join(goals)}: {said}" for said, goals in alike.items())
    if any(each.reason and each.reason.code not in _WHATEVER for each in told.goals):
        yield "What would get it time, each planned anew:" if told.remedies else _NOTHING
        yield from map(_remedy, told.remedies)


_WHATEVER = {"night-over", "never-dark", "paused", "not-chosen", "not-built-yet", "no-train"}
"""Codes of reasons that no limit and no priority takes away."""
_NOTHING = (
    "No one change of altitude, air mass, Moon or priority would get it time; several at once have not been tried."
)


def _goal(each: "GoalWhy") -> Iterator[str]:
    if each.reason is None:
        yield f"{each.placed} of the {each.wanted} frames that it still wants"
        return
    yield f"nothing: {each.reason.words} ({each.reason.code})"
    for miss in each.misses:
        near = "never holds"
        if miss.margin is not None:
            near = f"misses by {_amount(-miss.margin)} {miss.unit}".rstrip() + f", at best at {miss.at:%H:%M} UTC"
        yield f"    where all else holds, '{miss.limit}' {near}: {miss.words}"
    if each.rivals:
        yield f"    while it could be had, the mount takes {_shares(each.rivals)}"


def _amount(number: float) -> str:
    return f"{number:.0f}" if number >= 10 else f"{max(number, 0.01):.2g}"  # noqa: PLR2004  two digits


def _remedy(each: "Remedy") -> str:
    costs = f", and takes from {_shares(each.costs)}" if each.costs else ""
    of = f"{', '.join(each.goals)}: " if each.goals else ""
    return f"  {of}'{each.key} {each.old}' → '{each.new}' gets it {duration(each.gained_s)}{costs}"


def _shares(seconds: Mapping[str, float]) -> str:
    return ", ".join(f"{plan} {duration(each)}" for plan, each in list(seconds.items())[:3])
