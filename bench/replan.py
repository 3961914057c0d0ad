"""How long the night itself waits for a new plan when reality has left the old one: by the rules, with its sky known.

It has run for three hours and taken something of every third goal. Seconds are those of one core, the least of some.
"""

import time
from datetime import timedelta

from bench._answer import Figures, answer
from bench.forecast import FIRST, crowded
from obsy.engine.night.tally import Tally
from obsy.engine.progress import Progress
from obsy.engine.runtime.planner import prepare

GOALS = (30, 100, 1200)
RUNS, HOURS = 3, 3


def figures(goals: int, runs: int = RUNS) -> Figures:
    """Return the seconds until a night of so many goals is planned again; and of its first plan, for its sky too."""
    observatory = crowded(goals)
    begin = time.process_time()
    planner = prepare(observatory, FIRST)
    first = planner.schedule(Tally(), planner.night.start)
    evening_s, found = time.process_time() - begin, []
    for number in range(runs):
        now = first.blocks[0].start + timedelta(hours=HOURS, minutes=number)
        asked = planner.asked(Tally(), now)
        done = {(each.request.line.plan, each.request.line.key): Progress(1, accepted=1) for each in asked[::3]}
        begin = time.process_time()
        again = planner.schedule(Tally(done), now)
        found.append(time.process_time() - begin)
    return {
        "goals": goals,
        "blocks": len(again.blocks),
        "evening_s": evening_s,
        "again_s": min(found),
        "at_most_s": 0.2,
    }


if __name__ == "__main__":
    for each in GOALS:
        answer(f"a night of {each} goals planned again in the night", figures(each))
