"""How much more a night is worth as obsy plans it than by the rules of others, as a judge has it that knows none.

  --record FILE   keep each night there as soon as it is scored, and ask none twice: break it off, and go on later
  --only A,B      ask only these besides obsy: ekos, before, slots, astroplan_priority, astroplan_sequential
  --nights N      the first so many nights (60)
  --minutes M     begin no night later than so many minutes from now, and tell what there is

A record speaks of the code that it was made with: begin another one after a change of planning.
"""

import statistics
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from random import Random

from bench._answer import Figures, answer
from bench._peers import Question, astroplan, before, ekos, obsy, slots
from bench._scores import Scores
from obsy.engine.schedule.request import Schedule
from tests.support.judge import Judge, taken_by
from tests.support.problems import draw

LONG = True
NIGHTS, GOALS = 60, 30
FEW = {"astroplan_priority": 12, "astroplan_sequential": 2}
"""Nights of those that take long, where no record is kept: some 5 s and a minute each."""
PEERS: dict[str, Callable[[Question], Schedule]] = {
    "ekos": ekos,
    "before": before,
    "slots": slots,
    "astroplan_priority": partial(astroplan, scheduler="priority"),
    "astroplan_sequential": partial(astroplan, scheduler="sequential"),
}


def score(scores: Scores, peers: tuple[str, ...], nights: int = NIGHTS, until_s: float | None = None) -> None:
    """Have each night planned by obsy and by the peers, and score what is not scored yet, night by night."""
    few = {} if scores.file is not None else FEW
    seed = asked = 0
    while asked < nights:
        if until_s is not None and time.monotonic() > until_s:
            return
        seed += 1
        question = _question(seed)
        if question is None:
            continue
        asked += 1
        names = [name for name in ("obsy", *peers) if asked <= few.get(name, nights)]
        missing = [name for name in names if (seed, name) not in scores.values]
        if not missing:
            continue
        grid, stands = question.timeline.grid, question.problem.observatory
        judge = Judge(stands, question.problem.day, grid.start, grid.end)
        for name in missing:
            begin = time.process_time()
            schedule = PEERS.get(name, obsy)(question)
            seconds = time.process_time() - begin
            scores.keep(seed, name, sum(judge.score(taken_by(schedule, stands)).values()), seconds)


def _question(seed: int) -> Question | None:
    question = Question.of(draw(Random(seed), GOALS))
    return question if question is not None and question.asked else None


def gains(scores: Scores, peer: str) -> list[float]:
    """Return obsy's value over a peer's, of each night that both planned."""
    found = []
    for (seed, name), theirs in scores.values.items():
        ours = scores.values.get((seed, "obsy"))
        if name == peer and ours is not None:
            found.append(ours / theirs if theirs > 0 else 1.0 if ours == 0 else 99.0)
    return found


def told(scores: Scores, peers: tuple[str, ...]) -> Figures:
    """Return the least, the median and the greatest gain over each, in per cent, and the median time of each."""
    found: dict[str, float | int | str] = {"goals": GOALS}
    for name in ("obsy", *peers):
        percent = [100 * (value - 1) for value in gains(scores, name)]
        if not percent:
            continue
        if name != "obsy":
            quarters = statistics.quantiles(percent, n=4, method="inclusive") if len(percent) > 1 else percent * 3
            found |= {f"{name}_nights": len(percent), f"{name}_below": sum(each < -1e-4 for each in percent)}
            found |= {f"{name}_least_%": min(percent), f"{name}_quarter_%": quarters[0]}
            found |= {f"{name}_median_%": quarters[1], f"{name}_three_quarters_%": quarters[2]}
            found[f"{name}_most_%"] = max(percent)
        found[f"{name}_s"] = statistics.median(spent for (_, of), spent in scores.seconds.items() if of == name)
    return found


def options(arguments: list[str]) -> Mapping[str, str]:
    """Read `--NAME VALUE` pairs. Raise SystemExit for any other."""
    said = [each for each in arguments if each != "--json"]
    pairs = dict(zip(said[::2], said[1::2], strict=False))
    if len(said) % 2 or set(pairs) - {"--record", "--only", "--nights", "--minutes"}:
        raise SystemExit(str(__doc__))
    if strange := set(pairs.get("--only", "").split(",")) - {"", *PEERS}:
        raise SystemExit(f"no such scheduler: {', '.join(sorted(strange))}; there are {', '.join(PEERS)}")
    return pairs


def main(arguments: list[str]) -> None:
    """Score what is asked for, and tell."""
    said = options(arguments)
    peers = tuple(name for name in said.get("--only", ",".join(PEERS)).split(",") if name)
    nights = int(said.get("--nights", NIGHTS))
    until_s = time.monotonic() + 60 * float(said["--minutes"]) if "--minutes" in said else None
    scores = Scores(Path(said["--record"]) if "--record" in said else None)
    score(scores, peers, nights, until_s)
    answer(f"{nights} nights of {GOALS} goals: by how much obsy's are worth more, by one judge", told(scores, peers))


if __name__ == "__main__":
    main(sys.argv[1:])
