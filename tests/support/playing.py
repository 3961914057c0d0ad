"""A night as it is planned at dusk, and as it goes on where all succeeds: planned anew before each block."""

from dataclasses import replace

from obsy.engine.night.tally import Tally
from obsy.engine.runtime.planner import prepare
from obsy.engine.runtime.seeking import AtOnce
from obsy.engine.schedule.request import Block, Schedule
from tests.support.judge import Taken, taken_by
from tests.support.problems import Problem


def planned(problem: Problem, steps: int = 0) -> list[Taken]:
    """What obsy plans for a night, in order of time; steps: for how many it looks for a better one."""
    planner = replace(prepare(problem.observatory, problem.day), seeking=AtOnce(steps))
    if planner.night.dusk is None:
        return []
    return sorted(taken_by(planner.schedule(Tally(), planner.night.start), problem.observatory), key=lambda t: t.start)


def recurs(problem: Problem) -> bool:
    """Whether something is wanted more than once in the night, so that one plan does not tell all of it."""
    return any((goal.every or 1.0) < 1.0 for plan in problem.observatory.plans for goal in plan.want)


def played(problem: Problem) -> list[Taken]:
    """What is taken in a night where each block succeeds and what follows is planned when it ends."""
    planner, tally = prepare(problem.observatory, problem.day), Tally()
    if planner.night.dusk is None:
        return []
    mounts = {each.name: each.mount.name for each in problem.observatory.instruments}
    now, blocks = planner.night.start, list[Block]()
    while now < planner.night.end:
        tally.busy = {mount: until for mount, until in tally.busy.items() if until > now}
        asked = planner.schedule(tally, now).blocks
        free = [each for each in asked if mounts[each.request.train] not in tally.busy]
        if free:
            block = min(free, key=lambda each: (each.start, each.request.train))
            _take(tally, block)
            blocks.append(block)
            tally.busy[mounts[block.request.train]] = block.end
        if not tally.busy:
            break
        if not free or set(mounts.values()) <= set(tally.busy):
            now = min(tally.busy.values())
    return sorted(taken_by(Schedule(tuple(blocks), ()), problem.observatory), key=lambda each: each.start)


def _take(tally: Tally, block: Block) -> None:
    line, train = block.request.line, block.request.train
    for number in range(block.count):
        tally.take((line.plan, line.key), block.start + number * (block.end - block.start) / block.count)
    tally.trains[line.plan] = train
