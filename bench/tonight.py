"""One night of one telescope with 100 goals as obsy plans it: the rules, the search of a dry run, and the bound.

The nights are drawn by lot, with a sky, limits and overheads as people declare them. Seconds are those of one core.
"""

import statistics
import time
from random import Random

from bench._answer import Figures, answer
from bench._peers import Question
from obsy.engine.schedule.at_most import worth
from obsy.engine.schedule.better import better
from obsy.engine.schedule.tonight import tonight
from tests.support.problems import draw

GOALS, NIGHTS = 100, 5


def nights(count: int, goals: int) -> list[Question]:
    """Return so many of the nights drawn in which something can be had."""
    found: list[Question] = []
    seed = 0
    while len(found) < count:
        seed += 1
        question = Question.of(draw(Random(seed), goals))
        if question is not None and question.asked:
            found.append(question)
    return found


def figures(count: int = NIGHTS, goals: int = GOALS) -> Figures:
    """Return medians and the worst of some nights, and the mean gap: what is missing to the bound, per cent of it."""
    tonight([], [])
    found: dict[str, list[float]] = {}
    for question in nights(count, goals):
        asked = question.asked, [question.timeline], question.problem.observatory.value
        begin = time.process_time()
        rules = tonight(*asked)
        by_rules = time.process_time()
        searched = better(rules, *asked)
        by_search = time.process_time()
        bounded = worth(searched, *asked)
        told = {
            "rules_s": by_rules - begin,
            "search_s": by_search - by_rules,
            "bound_s": time.process_time() - by_search,
            "rules_gap_percent": 100 * worth(rules, *asked).gap,
            "gap_percent": 100 * bounded.gap,
        }
        for name, value in told.items():
            found.setdefault(name, []).append(value)
    medians = {name: statistics.median(values) for name, values in found.items()}
    worst = {f"{of}_most": max(values) for of, values in found.items()}
    return {
        "nights": count,
        "goals": goals,
        **medians,
        "gap_percent_mean": statistics.mean(found["gap_percent"]),
        **worst,
    }


if __name__ == "__main__":
    answer(f"{GOALS} goals of one telescope, {NIGHTS} nights", figures())
