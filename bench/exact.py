"""The exact solver on 100 requests of one telescope with set-ups between: how soon, and how near to its bound.

No night of obsy's is planned so, which `tonight` measures: the problem is the solver's own, numbers alone. The requests
are anywhere in the sky that is up, 5 to 90 minutes long, worth a tenth less at the ends than between. A set-up is a
slew of 3 degrees a second, settling, a focus run, and a change of filter where there is one. Seconds are those of one
core.
"""

import statistics
import time
from math import acos, ceil, cos, degrees, floor, radians, sin
from random import Random

from bench._answer import Figures, answer
from obsy.engine.solver.problem import Machine, Problem, Starts, Task, Way
from obsy.engine.solver.solve import solve

REQUESTS, NIGHTS, NIGHT_S = 100, 5, 34200
SLEW_DEG_S, SETTLE_S, FOCUS_S, FILTER_S = 3.0, 10, 90, 8
EFFORTS = (1.0, 3.0, 8.0)
DEG_PER_S = 360 / 86164


def night(dice: Random, requests: int = REQUESTS) -> Problem:
    """Return one telescope's night."""
    aims = [(dice.uniform(0, 220), dice.uniform(-10, 80), dice.randrange(4)) for _ in range(requests)]
    rest = (0, *(FOCUS_S + SETTLE_S for _ in aims))
    setups = (rest, *((0, *(_setup(one, other) for other in aims)) for one in aims))
    tasks = tuple(_request(dice, aim, pose) for pose, aim in enumerate(aims, start=1))
    return Problem(tasks, (Machine(0, NIGHT_S, (), setups),))


def _request(dice: Random, aim: tuple[float, float, int], pose: int) -> Task:
    """Return a request: up while its hour angle allows, worth a tenth less at the ends than in the middle."""
    length = int(min(max(dice.lognormvariate(6.9, 0.9), 300), 5400))
    value = dice.choice((5, 10, 15, 20, 25, 30)) * length / 60
    middle, reach = (aim[0] - 40) / DEG_PER_S - length / 2, dice.uniform(2, 4) * 3600
    ends = (max(0, ceil(middle - reach)), floor(middle), min(NIGHT_S - length, floor(middle + reach)))

    def worth(start: float) -> float:
        return value * (1 - 0.1 * abs(start - middle) / reach)

    rising = Starts(ends[0], min(ends[1], ends[2]), worth(ends[0]), worth(min(ends[1], ends[2])))
    setting = Starts(max(ends[0], ends[1] + 1), ends[2], worth(max(ends[0], ends[1] + 1)), worth(ends[2]))
    starts = tuple(each for each in (rising, setting) if each.first <= each.last)
    return Task((Way(0, length, starts, pose),))


def _setup(one: tuple[float, float, int], other: tuple[float, float, int]) -> int:
    """Return the seconds between two aims, each (ra, dec, filter) in degrees."""
    d1, d2, turn = radians(one[1]), radians(other[1]), radians(one[0] - other[0])
    apart = degrees(acos(max(-1.0, min(1.0, sin(d1) * sin(d2) + cos(d1) * cos(d2) * cos(turn)))))
    return ceil(apart / SLEW_DEG_S + SETTLE_S + FOCUS_S + (FILTER_S if one[2] != other[2] else 0))


def figures() -> Figures:
    """Return medians and the worst of some nights."""
    solve(night(Random(0), 10), 0.1)  # loads OR-Tools
    problems = [night(Random(seed)) for seed in range(1, NIGHTS + 1)]
    found: dict[str, float | int | str] = {}
    for effort in (0.0, *EFFORTS):
        seconds, gaps, values = [], [], []
        for problem in problems:
            begin = time.process_time()
            answered = solve(problem, effort)
            seconds.append(time.process_time() - begin)
            gaps.append(100 * answered.gap)
            values.append(answered.value)
        of = f"effort_{effort:g}"
        found |= {f"{of}_s": statistics.median(seconds), f"{of}_longest_s": max(seconds)}
        found |= {f"{of}_value": statistics.mean(values)}
        found |= {f"{of}_gap_percent": statistics.median(gaps), f"{of}_widest_gap_percent": max(gaps)}
    return found


if __name__ == "__main__":
    answer(f"{REQUESTS} requests of one telescope, {NIGHTS} nights", figures())
