"""Requests on telescopes over days, drawn by lot, and what an answer breaks of them: by the problem alone."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import islice
from random import Random

from obsy.engine.solver.problem import Choice, Machine, Placed, Problem, Starts, Task, Way

DAY_S, NIGHT_S = 86400, 34200


def draw_network(chance: Random) -> Problem:
    """Draw requests as a hub has them: each on the telescopes that suit it, some in groups; some run already."""
    telescopes, days = chance.randint(1, 4), chance.randint(1, 5)
    sites = [chance.randrange(DAY_S // 2) for _ in range(telescopes)]
    machines = tuple(_telescope(chance, dusk, days) for dusk in sites)
    tasks = [_request(chance, machines, sites, days) for _ in range(chance.randint(5, 60))]
    for number in chance.sample(range(telescopes), chance.randint(0, telescopes)):
        tasks.append(_running(chance, number, machines[number]))
    free = [number for number, task in enumerate(tasks) if task.kept is None]
    chance.shuffle(free)
    together, choices = [], []
    while len(free) > 4 and chance.random() < 0.7:
        members = tuple(free.pop() for _ in range(chance.randint(2, 4)))
        if chance.random() < 0.5:
            together.append(members)
            continue
        options = tuple(1000 + number for number in members)
        choices.append(Choice(options, chance.randint(1, 2)))
        for option, number in zip(options, members, strict=True):
            ways = (Way(w.machine, w.length, w.starts, w.pose, option) for w in tasks[number].ways)
            tasks[number] = Task(tuple(ways))
    return Problem(tuple(tasks), machines, tuple(together), tuple(choices))


def _telescope(chance: Random, dusk: int, days: int) -> Machine:
    """Draw one that is busy by day, and now and then for a part of a night; some have to move from pose to pose."""
    busy = [(dusk + NIGHT_S + DAY_S * day, dusk + DAY_S * (day + 1)) for day in range(days - 1)]
    if chance.random() < 0.4:
        begin = dusk + DAY_S * chance.randrange(days) + chance.randrange(NIGHT_S - 3600)
        busy.append((begin, begin + chance.randint(600, 3600)))
    poses = [(chance.random(), chance.random()) for _ in range(3)] if chance.random() < 0.5 else []
    setups = tuple(tuple(round(300 * abs(complex(*a) - complex(*b))) + 60 * (a != b) for b in poses) for a in poses)
    return Machine(dusk, dusk + DAY_S * (days - 1) + NIGHT_S, tuple(sorted(busy)), setups)


def _request(chance: Random, machines: Sequence[Machine], sites: Sequence[int], days: int) -> Task:
    length = round(min(max(chance.lognormvariate(6.9, 0.9), 300), 5400))
    value, rises, up = chance.randint(1, 30) * length / 60, chance.randrange(NIGHT_S // 2), chance.randint(3, 8) * 3600
    ways = []
    for number in chance.sample(range(len(machines)), chance.randint(1, len(machines))):
        starts = []
        for day in range(days):
            first = sites[number] + DAY_S * day + rises
            last = min(first + up, sites[number] + DAY_S * day + NIGHT_S) - length
            if first <= last:
                starts.append(Starts(first, last, value, value * chance.choice((1.0, 0.8))))
        pose = chance.randrange(3) if machines[number].setups else 0
        ways.append(Way(number, length, tuple(starts), pose))
    return Task(tuple(ways))


def _running(chance: Random, number: int, telescope: Machine) -> Task:
    """Return what has begun on a telescope and stays there to its end."""
    begin, end = next(telescope.open())
    length = min(chance.randint(60, 3600), end - begin)
    pose = chance.randrange(3) if telescope.setups else 0
    return Task((Way(number, length, (Starts(begin, begin, 10.0),), pose),), (0, begin))


def broken(problem: Problem, placed: Sequence[Placed]) -> list[str]:
    """What an answer breaks, in words."""
    found = [f"{task} is placed {many} times" for task, many in Counter(p.task for p in placed).items() if many > 1]
    on, options = defaultdict[int, list[tuple[int, int, int, int]]](list), set[int]()
    for each in placed:
        way = problem.tasks[each.task].ways[each.way]
        if not any(span.first <= each.start <= span.last for span in way.starts):
            found.append(f"{each.task} begins at {each.start}, where it may not")
        on[way.machine].append((each.start, each.start + way.length, way.pose, each.task))
        options |= {way.option} - {None}  # type: ignore[operator]
    for number, mine in on.items():
        found += [f"on {number}: {said}" for said in _crowded(problem.machines[number], sorted(mine))]
    tasks = {each.task for each in placed}
    found += [f"{group} is torn apart" for group in problem.together if 0 < len(tasks & set(group)) < len(group)]
    found += [f"more than {each.most} of {each.options}" for each in problem.choices if _over(each, options)]
    kept = {Placed(number, *task.kept) for number, task in enumerate(problem.tasks) if task.kept is not None}
    return found + [f"{each.task} is moved, which runs" for each in kept - set(placed)]


def _over(choice: Choice, options: set[int]) -> bool:
    return len(options & set(choice.options)) > choice.most


def _crowded(machine: Machine, mine: Sequence[tuple[int, int, int, int]]) -> list[str]:
    found, last = [], None
    for begin, end, pose, task in mine:
        shut = [
            (a, b) for a, b in ((0, machine.opens), *machine.busy, (machine.closes, end + 1)) if a < end and b > begin
        ]
        found += [f"{task} from {begin} to {end} while it is busy from {a} to {b}" for a, b in shut]
        if last is not None:
            rested = any(last[0] <= a and b <= begin for a, b in machine.busy)
            needed = machine.setups[last[1]][pose] if machine.setups and not rested else 0
            if begin < last[0] + needed:
                found.append(f"{task} begins at {begin}, {needed} s after {last[0]} at the soonest")
        last = (end, pose)
    return found


def in_order(problem: Problem) -> float:
    """What single requests are worth, taken one after the other, the dearest first, wherever that breaks nothing."""
    grouped = {task for group in problem.together for task in group}
    answer = [Placed(number, *task.kept) for number, task in enumerate(problem.tasks) if task.kept is not None]
    singles = [n for n, task in enumerate(problem.tasks) if task.kept is None and n not in grouped]
    for number in sorted(
        singles, key=lambda n: -max((s.value for w in problem.tasks[n].ways for s in w.starts), default=0)
    ):
        tries = (
            Placed(number, which, start)
            for which, way in enumerate(problem.tasks[number].ways)
            for span in way.starts
            for start in range(span.first, span.last + 1, 600)
        )
        answer += islice((each for each in tries if not broken(problem, [*answer, each])), 1)
    return problem.value(tuple(answer))
