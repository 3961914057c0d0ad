"""How time and memory grow with what is asked: the season's windows, tonight's schedule, and the network's.

Each point is a process of its own: seconds of its processor, and the most memory that it held, what it imports
included. It draws bars, and with `--svg FILE` a picture with both axes logarithmic.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bench._answer import answer
from bench._growth_chart import Point, svg, text

ROOT = Path(__file__).resolve().parents[1]


def season(targets: int, nights: int) -> Callable[[], object]:
    """Windows of targets over nights."""
    from bench.season import ours, stars  # noqa: PLC0415 - each point loads only what it measures

    return lambda: ours(stars(targets), nights)


def tonight(requests: int, trains: int) -> Callable[[], object]:
    """A night of requests that any of some trains could take, each train on a mount of its own, its sky included."""
    from bench.forecast import FIRST, crowded  # noqa: PLC0415
    from obsy.engine.night.tally import Tally  # noqa: PLC0415
    from obsy.engine.runtime.planner import prepare  # noqa: PLC0415
    from obsy.engine.schedule.better import better  # noqa: PLC0415
    from obsy.engine.schedule.fit import Timeline  # noqa: PLC0415
    from obsy.engine.schedule.tonight import tonight as plan  # noqa: PLC0415

    observatory = crowded(requests)

    def work() -> object:
        planner = prepare(observatory, FIRST)
        begin, grid, (cost, *_) = planner.night.start, planner.conditions.grid, planner.costs.values()
        names = [f"train {number}" for number in range(trains)]
        asked = [
            replace(each, request=replace(each.request, train=name))
            for each in planner.asked(Tally(), begin)
            for name in names
        ]
        timelines = [Timeline(grid, {name: cost}, grid.start) for name in names]
        return better(plan(asked, timelines, observatory.value), asked, timelines, observatory.value)

    return work


def network(requests: int, telescopes: int, days: int) -> Callable[[], object]:
    """Requests on telescopes over days, with an effort of 1."""
    from bench.network import network as problem  # noqa: PLC0415
    from obsy.engine.solver.solve import solve  # noqa: PLC0415

    return lambda: solve(problem(requests, telescopes, days), 1.0)


WAYS: dict[str, Callable[..., Callable[[], object]]] = {"season": season, "tonight": tonight, "network": network}
GROWING = (
    ("season", "targets", [(each, 90) for each in (10, 100, 1000)]),
    ("season", "nights", [(100, each) for each in (30, 100, 365)]),
    ("tonight", "requests", [(each, 1) for each in (10, 100, 1000)]),
    ("tonight", "trains", [(100, each) for each in (1, 2, 4)]),
    ("network", "requests", [(each, 1, 2) for each in (50, 200, 500)]),
    ("network", "telescopes", [(200, each, 2) for each in (1, 2, 4)]),
    ("network", "days", [(200, 1, each) for each in (1, 3, 7)]),
)
PLACES = {"targets": 0, "nights": 1, "requests": 0, "trains": 1, "telescopes": 1, "days": 2}
"""Which of a point's numbers grows."""


def measured(way: str, sizes: tuple[int, ...]) -> tuple[float, float]:
    """Return the seconds and the megabytes of one point, in a process of its own."""
    command = [sys.executable, "-m", "bench.growth", "--one", way, *map(str, sizes)]
    told = json.loads(subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout)
    return told["cpu_s"], told["peak_mb"]


def _one(way: str, sizes: list[int]) -> None:
    work = WAYS[way](*sizes)
    begun = time.process_time()
    work()
    spent = time.process_time() - begun
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"cpu_s": spent, "peak_mb": peak_mb}) + "\n")


def main(arguments: list[str]) -> None:
    """Measure each point, tell, and draw."""
    if arguments[:1] == ["--one"]:
        _one(arguments[1], [int(each) for each in arguments[2:]])
        return
    charts: dict[str, list[Point]] = {}
    for way, grows, points in GROWING:
        name = f"{way}: {grows}"
        charts[name] = [Point(sizes[PLACES[grows]], *measured(way, sizes)) for sizes in points]
        figures = {f"{each.size}_{unit}": value for each in charts[name] for unit, value in each.costs()}
        sys.stderr.write(text(name, charts[name]) + "\n")
        if "--json" in arguments:
            answer(name, figures)
    if "--svg" in arguments:
        Path(arguments[arguments.index("--svg") + 1]).write_text(svg(charts), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
