"""A processing room of its own for each test."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from obsy.engine.processing.rules import ProcessingRules, TrainRules
from obsy.engine.reduce.orders import Optics
from obsy.schemas.policy import Retention
from tests.support.bench import CALIBRATION, SHAPE, Bench, credit, rooms


@pytest.fixture(scope="session")
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
    with rooms(tmp_path, rules) as make:
        yield make


@pytest.fixture
def room(open_room: Callable[..., Bench]) -> Bench:
    return open_room()
