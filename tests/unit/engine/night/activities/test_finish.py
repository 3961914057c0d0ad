"""At the end: the last verdicts, then the stacks, then the cooler."""

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from obsy.engine.night.activities import finish
from tests.support import fakes
from tests.support.stage import START, TRAIN, Stage
from tests.support.telescope import Telescope

M31 = SimpleNamespace(sha256="31", train="newton", picture="M31", about={"filter": "L", "frames": 9, "seconds": 540})
M33 = SimpleNamespace(sha256="33", train="newton", picture="M33", about={"filter": "R", "frames": 4, "seconds": 240})


class Stacking(fakes.FakeProcessing):
    def finish(self, night: date) -> Future[Any]:
        return fakes.done((M31, M33))


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    telescope = Telescope(made.clock, TRAIN)
    made.context.ports = replace(made.context.ports, devices={"newton": telescope.devices()})
    made.context.processing = Stacking()
    yield made
    made.close()


def stacks(stage: Stage) -> list[tuple[Any, ...]]:
    told = [entry for entry in stage.journal.entries if entry["event"] == "stack-built"]
    return [tuple(entry[name] for name in ("picture", "filter", "frames", "train")) for entry in told]


def test_the_stacks_are_journaled_when_they_are_due_and_the_camera_is_warmed(stage: Stage) -> None:
    stage.runner.run(finish.run(stage.context))
    assert stacks(stage) == [("M31", "L", 9, "newton"), ("M33", "R", 4, "newton")]
    assert {entry["time"] for entry in stage.journal.entries} == {START + timedelta(minutes=10)}
    assert stage.context.ports.devices["newton"].camera.deeds == ["warm"]  # type: ignore[attr-defined]


def test_a_stack_that_another_roof_has_told_of_is_not_told_of_again(stage: Stage) -> None:
    stage.context.tally.stacked.add("31")
    stage.runner.run(finish.run(stage.context))
    assert stacks(stage) == [("M33", "R", 4, "newton")]
    assert stage.context.tally.stacked == {"31", "33"}


def test_the_last_verdicts_come_before_the_stacks(stage: Stage) -> None:
    async def late() -> None:
        await stage.clock.sleep(300.0)
        stage.context.tally.stacked.add("31")

    async def end() -> None:
        stage.context.send(late())
        await finish.run(stage.context)

    stage.runner.run(end())
    assert stacks(stage) == [("M33", "R", 4, "newton")]
    assert stage.journal.entries[-1]["time"] == START + timedelta(minutes=15)
