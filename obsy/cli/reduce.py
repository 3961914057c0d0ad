"""Reduce what lies in the archive, without a night."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from obsy.cli.locate import at_site

if TYPE_CHECKING:
    from obsy.engine.frames.data_root import DataRoot
    from obsy.engine.processing.backlog import WorkedOff
    from obsy.engine.schedule.goal_line import GoalLine
    from obsy.engine.store.record import StoredFrame

SAME_S = 5e-4
"""Exposures that differ by less are the same."""


@click.command()
@click.argument("plans", type=click.Path(path_type=Path), default="plans")
@at_site
@click.option("--json", "as_json", is_flag=True, help="Print what was made for a machine.")
def reduce(plans: Path, site: str | None, as_json: bool) -> None:
    """Reduce, judge and stack what 'obsy ingest' brought in, by PLANS, without a night: no device moves.

    Masters are built of each night's calibration frames; lights that fit a plan by target, filter and exposure
    are calibrated by them, and go through its pipeline. What is done already stays; lights that counted are reduced
    again where conversion, read noise, saturation, scale or aperture of their train is declared otherwise by now.
    However it is ended, give the same command again.
    """
    from obsy.engine.declare.folders import rooms
    from obsy.engine.declare.survey import declare
    from obsy.engine.frames.data_root import DataRoot
    from obsy.engine.processing.backlog import work_off
    from obsy.engine.processing.matching import match_anew
    from obsy.engine.processing.processing import Processing
    from obsy.engine.processing.rules import Crew
    from obsy.engine.processing.stale import reopen_stale
    from obsy.engine.processing.workers import Workers
    from obsy.engine.runtime.processing import rules, rules_of_old_files
    from obsy.engine.runtime.setup import WORKERS
    from obsy.engine.safety.lock import REDUCE, only_one
    from obsy.engine.schedule.claims import Claims
    from obsy.engine.store.store import Store
    from obsy.errors import UserError

    root, paths = rooms(plans)
    observatory = declare(root, *paths, site=site)
    data_root = DataRoot.of(root, observatory.site, simulated=False)
    if not data_root.store.exists() and not data_root.archive.exists():
        raise UserError(f"{data_root.folder} has no frames: bring some in by 'obsy ingest FOLDER'")
    with only_one(data_root.lock, REDUCE), Store(data_root.known_store()) as store, Workers(WORKERS) as pool:
        crew = Crew(store, rules(observatory), pool, lambda event: click.echo(event.words(event.facts()), err=True))
        matched = match_anew(store, rules_of_old_files(observatory))
        stale = reopen_stale(store, crew.rules)
        processing = Processing(crew)
        processing.start()
        try:
            done = work_off(processing, store)
            done.matched.update(matched)
            done.stale.update(stale)
        finally:
            processing.close()
    if as_json:
        click.echo(json.dumps(_as_json(done), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(_page(done, data_root, Claims.of(observatory).lines)))


def _page(done: "WorkedOff", data_root: "DataRoot", wanted: "Sequence[GoalLine]" = ()) -> Iterator[str]:
    """Yield what was made, in words."""
    for train, many in sorted(done.matched.items()):
        frames = "frame that was" if many == 1 else "frames that were"
        yield f"{many} {frames} brought in without a train: now of {train}, as it is declared"
    for why, many in sorted(done.stale.items(), key=lambda each: str(each[0])):
        yield f"{many} light{'s' * (many != 1)} reduced again, with what is declared by now of {why}"
    for master in done.masters:
        of = " ".join(part for part in (master.kind, master.filter, f"{master.exposure_s:g} s") if part)
        yield f"master {of} of {master.night} from {master.frames} frames by {master.train}"
    yield from done.amiss
    told = Counter((str(each.night), _verdict(each, wanted)) for each in done.lights)
    yield from (f"{many} light{'s' * (many != 1)} of {night}: {said}" for (night, said), many in sorted(told.items()))
    for stack in done.stacks:
        yield f"stack of {stack.picture} in {stack.about['filter']}: {data_root.short(stack.path)}"
    if not (done.matched or done.masters or done.amiss or done.lights or done.stale):
        yield "nothing was left to do"


def _verdict(light: "StoredFrame", wanted: "Sequence[GoalLine]") -> str:
    from obsy.engine.processing.jobs import NO_TRAIN

    if light.plan is not None:
        return f"{light.plan} {light.goal}, {'accepted' if light.accepted else f'rejected, {light.reason}'}"
    if light.reason == NO_TRAIN:
        return "taken with no train that is declared: 'obsy ingest --declare' writes one, of the files themselves"
    taken = f"{light.filter or 'without a filter'} {light.exposure_s:g} s"
    if not light.object:
        cure = "write OBJECT, as the plan's target is called, into copies of the files, and 'obsy ingest' those"
        return f"{taken}, whose headers have no OBJECT: no plan can know what they show. To count them, {cure}"
    return f"{light.object} {taken} is wanted by no plan: {_nearest(light, wanted)}, and say it again"


def _nearest(light: "StoredFrame", wanted: "Sequence[GoalLine]") -> str:
    """Return what to declare, with what a plan of the light's object wants instead, if there is one."""
    from obsy.engine.schedule.claims import looks

    same = [each for each in wanted if looks(light.object) in {looks(each.object), looks(each.picture)}]
    if not same:
        return "declare one"
    in_filter = [each for each in same if each.filter == light.filter]
    as_long = [each for each in same if abs(each.goal.exposure - light.exposure_s) < SAME_S]
    differs = (
        "its exposure differs" if in_filter else "its filter differs" if as_long else "its filter and exposure differ"
    )
    near = in_filter or as_long or same
    plan = near[0].plan
    wants = dict.fromkeys(f"{each.filter} {each.goal.exposure:g} s" for each in near if each.plan == plan)
    return f"plan {plan} wants {', '.join(wants)} of it, and {differs}: add a goal to it"


def _as_json(done: "WorkedOff") -> dict[str, Any]:
    return {
        "matched": done.matched,
        "stale": [
            each
            for why, many in sorted(done.stale.items(), key=lambda each: str(each[0]))
            for each in why.as_json(many)
        ],
        "masters": [
            {"kind": each.kind, "filter": each.filter, "exposure_s": each.exposure_s, "night": str(each.night)}
            | {"frames": each.frames, "path": str(each.path)}
            for each in done.masters
        ],
        "lights": [
            {"path": str(each.path), "night": str(each.night), "plan": each.plan, "goal": each.goal}
            | {"accepted": each.accepted, "reason": each.reason}
            for each in done.lights
        ],
        "stacks": [str(each.path) for each in done.stacks],
        "amiss": done.amiss,
    }
