"""How well requests are placed on telescopes over days: value, proven bound and gap, at sizes that others measured.

The recipe is synthetic: lengths log-normal from 5 to 90 minutes, nights of 9.5 h, the same windows on every telescope
each night, values that grow with length. `recorded` is what an integer program in slots of time reached on it (CBC or
SCIP, a gap of 1 %; 86504 is all there is), and `recorded_s` how long that took, on another machine. Ours are seconds of
one core.
"""

import resource
import time
from math import ceil, floor
from random import Random

from bench._answer import Figures, answer
from obsy.engine.solver.problem import Machine, Problem, Starts, Task, Way
from obsy.engine.solver.solve import solve

DAY_S, DUSK_S, NIGHT_S = 86400, 3600, 34200
SIZES = ((200, 1, 2, 32174, 702.0), (200, 3, 7, 86504, 298.0), (500, 3, 2, 90049, 344.0))
EFFORTS = (0.0, 1.0, 3.0)


def network(requests: int, telescopes: int, days: int) -> Problem:
    """Return so many requests, each of which any telescope could take in any night."""
    dice = Random(1)
    nights = [DAY_S * day + DUSK_S for day in range(days)]
    tasks = []
    for _ in range(requests):
        length = int(min(max(dice.lognormvariate(6.9, 0.9), 300), 5400))
        offset, visible = dice.uniform(0, 0.7) * NIGHT_S, dice.uniform(3, 8) * 3600
        rank = dice.choice((5, 10, 15, 20, 25, 30)) * dice.uniform(0.95, 1.1)
        value = rank * length / 60 * (1 + dice.uniform(-0.005, 0.005))
        spans = [(ceil(dusk + offset), floor(min(dusk + offset + visible, dusk + NIGHT_S) - length)) for dusk in nights]
        starts = tuple(Starts(first, last, value) for first, last in spans if first <= last)
        tasks.append(Task(tuple(Way(telescope, length, starts) for telescope in range(telescopes))))
    day = tuple((dusk + NIGHT_S, dusk + DAY_S) for dusk in nights[:-1])
    return Problem(tuple(tasks), (Machine(DUSK_S, nights[-1] + NIGHT_S, day),) * telescopes)


def figures(requests: int, telescopes: int, days: int) -> Figures:
    """Return how the value grows with what is spent."""
    problem = network(requests, telescopes, days)
    found: dict[str, float | int | str] = {}
    for effort in EFFORTS:
        begin = time.process_time()
        answered = solve(problem, effort)
        of = f"effort_{effort:g}"
        found |= {
            f"{of}_s": time.process_time() - begin,
            f"{of}_value": answered.value,
            f"{of}_bound": answered.bound,
            f"{of}_gap_percent": 100 * answered.gap,
        }
    return found


def main() -> None:
    """Measure each size and tell."""
    solve(network(20, 1, 1), 0.1)  # loads OR-Tools
    for requests, telescopes, days, recorded, seconds in SIZES:
        found = dict(figures(requests, telescopes, days))
        best = float(found[f"effort_{EFFORTS[-1]:g}_value"])
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        found |= {"recorded": recorded, "recorded_s": seconds, "of_recorded": best / recorded, "peak_mb": memory}
        answer(f"{requests} requests on {telescopes} telescopes for {days} days", found)


if __name__ == "__main__":
    main()
