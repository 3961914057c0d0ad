"""One function done several ways: the same work on every side, repeated in turn, and how far the answers differ."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bench._answer import Figures

TIMES = 5


@dataclass(frozen=True)
class Case:
    """A piece of work. The first way is obsy's own; `apart` measures how far another answer lies from it."""

    name: str
    ways: Mapping[str, Callable[[], Any]]
    apart: Callable[[Any, Any], float]
    unit: str
    """Of `apart`."""
    times: int = TIMES


def figures(case: Case) -> Figures:
    """Return the shortest time of each way, its ratio to the first way's, and how far its answer lies from that."""
    spans: dict[str, list[float]] = {name: [] for name in case.ways}
    answers = {}
    for _ in range(case.times):
        for name, work in case.ways.items():
            begun = time.perf_counter()
            answers[name] = work()
            spans[name].append(time.perf_counter() - begun)
    first, *others = case.ways
    found: dict[str, float | int | str] = {f"{first}_ms": 1000 * min(spans[first])}
    for name in others:
        found[f"{name}_ms"] = 1000 * min(spans[name])
        found[f"{name}_over_{first}"] = min(spans[name]) / min(spans[first])
        found[f"{name}_differs"] = f"{case.apart(answers[first], answers[name]):.2g} {case.unit}"
    return found
