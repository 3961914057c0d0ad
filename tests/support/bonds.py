"""Plans that count only together, drawn by lot, and what a schedule tears of them, by their own words."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from random import Random

from obsy.engine.declare.observatory import Observatory
from obsy.schemas.plan import Goal, Plan
from obsy.schemas.target import Satellite
from obsy.schemas.together import Together
from tests.support.judge import Taken, total_frames
from tests.support.problems import Problem


def draw_bonds(chance: Random, problem: Problem) -> Problem:
    """Let most plans of a night count only as a whole, alone or with others."""
    plans = tuple(_bound(chance, plan) for plan in problem.observatory.plans)
    return replace(problem, observatory=replace(problem.observatory, plans=plans))


def _bound(chance: Random, plan: Plan) -> Plan:
    of = chance.choice((None, None, "pair", "few", "few", "alone"))
    countable = all(goal.cover is None and goal.until is None for goal in plan.want)
    if of == "alone" or not countable or isinstance(plan.target, Satellite):
        return plan
    return plan.model_copy(update={"together": Together(within="one night", of=of)})


def torn(stands: Observatory, schedule: Sequence[Taken]) -> list[str]:
    """What a schedule has of plans that count only together, where it has not all of them."""
    members: defaultdict[str, list[Plan]] = defaultdict(list)
    for plan in stands.plans:
        if plan.together is not None:
            members[plan.together.of or plan.name].append(plan)
    taken = Counter((each.plan, each.goal, each.filter, each.tile) for each in schedule for _ in range(each.count))
    found = []
    for name, plans in members.items():
        asked = [(key, total_frames(goal)) for plan in plans for key, goal in _counted(plan)]
        lacking = [f"{key} has {taken[key]} of {most}" for key, most in asked if taken[key] < most]
        if lacking and any(taken[key] for key, _ in asked):
            found.append(f"'{name}' is torn: {'; '.join(lacking)}")
    return found


def _counted(plan: Plan) -> Iterable[tuple[tuple[str, int, str, str], Goal]]:
    """Each thing of a plan that is counted, as a schedule says it: of each goal, filter and tile."""
    tiles = [""]
    if plan.mosaic is not None:
        rows, columns = range(1, plan.mosaic.rows + 1), range(1, plan.mosaic.columns + 1)
        tiles = [f"_{column}-{row}" for row in rows for column in columns]
    for number, goal in enumerate(plan.want):
        for role in goal.filter:
            for tile in tiles:
                yield (plan.name, number, role, tile), goal
