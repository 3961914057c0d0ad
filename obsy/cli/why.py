"""Why a plan gets no time tonight."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from obsy.cli.locate import at_site
from obsy.cli.uncollected import uncollected

if TYPE_CHECKING:
    from obsy.engine.declare.observatory import Observatory
    from obsy.engine.night_record import Capture
    from obsy.schemas.plan import Plan


@click.command()
@click.argument("target")
@click.argument("plans", type=click.Path(path_type=Path), default="plans")
@at_site
@click.option("--night", metavar="DATE", help="The evening's date, such as 2026-11-21; tonight if left out.")
@click.option("--simulate", is_flag=True, help="Of the simulated observatory, with what its nights have done.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")
@uncollected()
def why(  # noqa: PLR0913, PLR0917  one argument an option
    target: str, plans: Path, site: str | None, night: str | None, simulate: bool, as_json: bool
) -> None:
    """Say what becomes of TARGET tonight, a plan's name or its target's, and what little change would get it time.

    Told are the limit that is in the way and by how much, who has the time instead, and the smallest change of a limit
    or of the priority that would get some, or of two where no one does: each is planned anew before it is told. A night
    that is over is planned anew too, with the files of its commit and what was done before it; where those are gone,
    its journal tells what was planned. A name that means several plans is answered for each. Nothing is changed.
    """
    from obsy.cli.apply import which_night
    from obsy.engine.declare.folders import rooms
    from obsy.engine.declare.survey import declare

    root, paths = rooms(plans)
    may_be_over = night is not None or simulate
    observatory = declare(
        root, *(() if may_be_over else paths), site=site
    )  # of a night that is over, other plans count
    day = which_night(night, observatory, simulate, dry_run=True)
    _tell_realm(root, observatory, simulate)
    told = _over(target, (observatory, root, paths), day, simulate)
    if told is None:
        observatory = declare(root, *paths, site=site) if may_be_over else observatory
        told = _tonight(observatory, root, day, simulate, meant(target, observatory.plans))
    if as_json:
        about: list[dict[str, Any]] = [{"plan": each.plan, "night": day.isoformat(), **each.facts} for each in told]
        shape = about[0] if len(about) == 1 else {"night": day.isoformat(), "plans": about}
        click.echo(json.dumps(shape, indent=2, ensure_ascii=False, default=str))
        return
    for each in told:
        click.echo("\n".join([f"{each.plan} on the night of {day} at {observatory.site.name}", *each.lines]))


def _tell_realm(root: Path, observatory: "Observatory", simulate: bool) -> None:
    """Say on standard error that real nights are meant, where only simulated ones have run."""
    from obsy.cli.locate import nights
    from obsy.engine.frames.data_root import DataRoot

    real, simulated = (nights(DataRoot.of(root, observatory.site, simulated=each)) for each in (False, True))
    if not simulate and simulated and not real:
        words = f"of the real observatory, where no night has run; {len(simulated)} simulated"
        click.echo(f"{words}: '--simulate' reckons with what they have done", err=True)


class WhyAnswer(NamedTuple):
    """What is said of one plan, for machines and for people."""

    plan: str
    facts: dict[str, Any]
    lines: list[str]


def meant(said: str, plans: "Sequence[Plan]", of: str = "") -> "list[Plan]":
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
    if found := [each for each, names in called if key(said) in map(key, names)]:
        return found
    names = [each.name for each in plans]
    raise UserError(f"no plan{of} is named '{said}', nor points at it: {did_you_mean(said, names, ', '.join(names))}")


def _tonight(
    observatory: "Observatory", root: Path, day: date, simulate: bool, plans: "Sequence[Plan]"
) -> list[WhyAnswer]:
    from obsy.cli.apply import going_on
    from obsy.cli.why_page import page
    from obsy.engine.runtime.planner import standing
    from obsy.engine.runtime.why.answer import why as answer

    if day < going_on(observatory, datetime.now(UTC)):
        observatory = observatory.as_of(day)
    stands = standing(observatory, root, day, simulate)
    found = [answer(stands.planner, stands.known, stands.begin, plan) for plan in plans]
    return [WhyAnswer(plan.name, asdict(each), [*page(each)]) for plan, each in zip(plans, found, strict=True)]


def _over(
    target: str, where: "tuple[Observatory, Path, Sequence[Path]]", day: date, simulate: bool
) -> list[WhyAnswer] | None:
    """Return what became of a night that is finished or past, by its journal and planned anew; None of any other.

    where: the site as it stands now, and where its files lie.
    """
    from obsy.cli.apply import going_on
    from obsy.cli.locate import nights
    from obsy.cli.why_page import planned_then
    from obsy.engine.declare.survey import declare
    from obsy.engine.fold import fold
    from obsy.engine.frames.data_root import DataRoot
    from obsy.engine.journal import read
    from obsy.engine.runtime.opening import planned_first
    from obsy.engine.runtime.why.past import as_it_was, named_in
    from obsy.errors import UserError

    observatory, root, paths = where
    data_root = DataRoot.of(root, observatory.site, simulate)
    record = fold(read(data_root.journal(day)))
    coming = going_on(observatory, datetime.now(UTC))
    is_past = not simulate and day < coming
    if is_past and not record.begin.get("intent"):
        kept = min(nights(data_root), key=lambda each: abs(each - day), default=None)
        mend = f"ask of {f'{kept}, the nearest that is, or of ' if kept else ''}{coming} or a later one"
        raise UserError(f"no night of {day} is on record at {observatory.site.name}, and it is over: {mend}")
    if not record.begin.get("intent") or not (record.finished or is_past):
        return None
    if (wanted := planned_first(record.begin)) is None:
        raise UserError(f"{data_root.journal(day)} does not tell what was planned when its night began")
    past = as_it_was((root, paths, observatory.site.name), day, record.begin, named_in(wanted), data_root)
    of = f" of commit {past.sha[:12]}" if past.stands else ""
    plans = past.plans if past.stands else declare(root, *paths, site=observatory.site.name).plans
    told = (WhyAnswer(*planned_then(plan, past, wanted)) for plan in meant(target, plans, of))
    return [_with_frames(each, record.captures) for each in told]


def _with_frames(told: WhyAnswer, captures: "Sequence[Capture]") -> WhyAnswer:
    """Return what is said of a plan with what its night took of it, which its first plan may not have had."""
    took = Counter(each.goal for each in captures if each.goal and each.plan == told.plan)
    line = f"  taken that night: {', '.join(f'{goal} {many}' for goal, many in sorted(took.items()))}"
    return told._replace(facts=told.facts | {"took": took}, lines=[*([line] if took else ()), *told.lines])
