"""A processing room of its own for each test."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from obsy.engine.library.match import match
from obsy.engine.processing import Craft, Crew, Processing, ProcessingRules, TrainRules
from obsy.engine.reduce.orders import (
    Optics,
)
from obsy.engine.store.store import Store
from obsy.schemas.policy import Retention
from tests.support.bench import CALIBRATION, SHAPE, Bench, Hands, credit


@pytest.fixture
def rules() -> ProcessingRules:
    return ProcessingRules(
        site="home",
        night_of=lambda moment: (moment - timedelta(hours=12)).date(),
        train_of=lambda frame: "main" if frame.telescope != "borrowed" else None,
        credit=credit,
        trains={"main": TrainRules(CALIBRATION, Optics(1.5, 1.0, 1.5, 60000.0), SHAPE, {"Luminance": "L"})},
        retention=Retention(reserve="0 %"),
        patience_s=1.0,
        retry_s=0.1,
    )


@pytest.fixture
def open_room(tmp_path: Path, rules: ProcessingRules) -> Iterator[Callable[..., Bench]]:
    """Opens processing in one and the same place; may be asked again, as a process that starts again would."""
    store = Store(tmp_path / "store.sqlite")
    opened: list[Bench] = []

    def make(start: bool = True, executor: Executor | None = None, **changes: object) -> Bench:
        hands, events = Hands(), []
        craft = Craft(hands.reduce_light, hands.build_master, hands.add_live, hands.combine_stack, match)
        workers = executor or ThreadPoolExecutor(2)
        crew = Crew(store, replace(rules, **changes), craft, workers, events.append)
        bench = Bench(tmp_path, store, hands, crew, Processing(crew), events)
        opened.append(bench)
        if start:
            bench.processing.start()
        return bench

    yield make
    for bench in opened:
        bench.processing.close()
        bench.crew.executor.shutdown()
    store.close()


@pytest.fixture
def room(open_room: Callable[..., Bench]) -> Bench:
    return open_room()
