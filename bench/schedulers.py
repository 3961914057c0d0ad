"""How much more a night is worth as obsy plans it than by the rules of others, as a judge has it that knows none."""

import statistics
import time
from collections.abc import Callable
from functools import partial
from random import Random

from bench._answer import Figures, answer
from bench._peers import Question, astroplan, before, ekos, obsy, slots
from obsy.engine.schedule.request import Schedule
from tests.support.judge import Judge, taken_by
from tests.support.problems import draw

LONG = True
NIGHTS, GOALS = 60, 30
FEW = {"astroplan_priority": 12, "astroplan_sequential": 2}
"""Nights of those that take long: some 5 s and a minute each."""
PEERS: dict[str, Callable[[Question], Schedule]] = {
    "ekos": ekos,
    "before": before,
    "slots": slots,
    "astroplan_priority": partial(astroplan, scheduler="priority"),
    "astroplan_sequential": partial(astroplan, scheduler="sequential"),
}


def gains(nights: int = NIGHTS, peers: tuple[str, ...] = tuple(PEERS)) -> dict[str, list[float]]:
    """Return for each peer, and each night that both could use, obsy's value over its own; and seconds as `NAME_s`."""
    found: dict[str, list[float]] = {"obsy_s": [], **{name + end: [] for name in peers for end in ("", "_s")}}
    seed = asked = 0
    while asked < nights:
        seed += 1
        question = Question.of(draw(Random(seed), GOALS))
        if question is None or not question.asked:
            continue
        asked += 1
        grid, stands = question.timeline.grid, question.problem.observatory
        judge = Judge(stands, question.problem.day, grid.start, grid.end)

        def scored(rule: Callable[[Question], Schedule], name: str) -> float:
            begin = time.perf_counter()
            schedule = rule(question)  # noqa: B023
            found[name + "_s"].append(time.perf_counter() - begin)
            return sum(judge.score(taken_by(schedule, stands)).values())  # noqa: B023

        ours = scored(obsy, "obsy")
        for name in peers:
            if asked <= FEW.get(name, nights):
                theirs = scored(PEERS[name], name)
                found[name].append(ours / theirs if theirs > 0 else 1.0 if ours == 0 else 99.0)
    return found


def figures() -> Figures:
    """The least, the median and the greatest gain over each, in per cent, and the median time of each."""
    told: dict[str, float | int | str] = {"nights": NIGHTS, "goals": GOALS}
    for name, values in gains().items():
        if name.endswith("_s"):
            told[name] = statistics.median(values)
            continue
        percent = [100 * (value - 1) for value in values]
        told |= {f"{name}_nights": len(values), f"{name}_below": sum(value < 1 - 1e-6 for value in values)}
        told |= {f"{name}_least_%": min(percent), f"{name}_median_%": statistics.median(percent)}
        told[f"{name}_most_%"] = max(percent)
    return told


if __name__ == "__main__":
    answer(f"{NIGHTS} nights of {GOALS} goals: by how much obsy's are worth more, by one judge", figures())
