"""A block whose length was planned with learned times has all its frames, and a focus run where one is due."""

import asyncio
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from obsy.engine.devices.ports import Exposure, Job, Pointing
from obsy.engine.devices.simulated.clock import VirtualClock, VirtualLoop
from obsy.engine.events import Event
from obsy.engine.events.observing import ExposureStarted, Focused, FocusFailed
from obsy.engine.identity import Identity
from obsy.engine.sequencer.centring import Aimed
from obsy.engine.sequencer.devices import ImagingDevices
from obsy.engine.sequencer.sequencer import Sequencer
from obsy.engine.sequencer.setting_up import FOCUS_EXPOSURE_S, FOCUS_MEASURED_S, FOCUS_SAMPLES
from obsy.schemas.guider import Guider
from obsy.schemas.train import Train
from tests.support.safety import NERPIO, a_mount
from tests.support.stage import TRAIN

DUSK = datetime(2026, 11, 21, 18, tzinfo=UTC)
DECLARED_S = TRAIN.camera.download
TRUE_S = DECLARED_S / 10
RUN_S = FOCUS_SAMPLES * (FOCUS_EXPOSURE_S + TRUE_S + FOCUS_MEASURED_S)


class Fast:
    """A train whose camera is ten times as fast as it declares, and whose mount slews for as long as it is told."""

    def __init__(self, slew_s: float = 0.0, train: Train = TRAIN) -> None:
        self.loop = VirtualLoop()
        self.clock = VirtualClock(DUSK, self.loop)
        self.told: list[Event] = []
        self.cold_at: list[int] = []
        self.selected: list[str] = []
        self.slew_s = slew_s
        settled = SimpleNamespace(submit=lambda *_: self.settled())
        thing: Any = self
        devices = ImagingDevices(train, thing, thing, thing, None, lambda path: 2.0, lambda *_: "", settled)  # type: ignore[arg-type]
        self.sequencer = Sequencer(
            self.clock,
            thing,
            (a_mount().model_copy(update={"meridian": None}), NERPIO),
            {TRAIN.name: devices},
            self.told.append,
        )

    def settled(self) -> Any:
        done: Future[float] = Future()
        done.set_result(2.0)
        return done

    async def slew(self, pointing: Pointing) -> None:  # noqa: ARG002
        await self.clock.sleep(self.slew_s)

    async def select(self, role: str) -> None:
        self.selected.append(role)

    async def move(self, place: float) -> None: ...

    async def stay_cool(self) -> None:
        self.cold_at.append(len(self.told))

    async def temperature(self) -> float:
        return 10.0

    async def expose(self, exposure: Exposure) -> Path:
        await self.clock.sleep(exposure.seconds + TRUE_S)
        return Path("none.fits")

    def run(self, count: int, length_s: float, **learned: Any) -> tuple[int, int]:
        """Return how many frames were taken and how many focus runs were tried."""
        exposure = Exposure("light", 60.0, TRAIN.slots[0].role, 0, 0, 1, "x", Identity(block="b"))
        end = DUSK + timedelta(seconds=length_s + 1)
        job = Job(TRAIN.name, "x", Pointing(1.0, 2.0), exposure, count, end, **learned)

        async def taken() -> None:
            async for _ in self.sequencer.run(job):
                pass

        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            runner.run(taken())
        kinds = [type(each) for each in self.told]
        return kinds.count(ExposureStarted), kinds.count(Focused) + kinds.count(FocusFailed)


LEARNED = {"each_s": 60.0 + TRUE_S, "focus_s": RUN_S}


def test_a_camera_faster_than_declared_takes_every_frame_after_its_focus_run() -> None:
    assert Fast().run(55, RUN_S + 55 * (60.0 + TRUE_S), **LEARNED) == (55, 1)


def test_it_knows_when_each_train_was_focused_last() -> None:
    telescope = Fast()
    assert telescope.sequencer.focused == {}
    telescope.run(55, RUN_S + 55 * (60.0 + TRUE_S), **LEARNED)
    (when,) = telescope.sequencer.focused.values()
    assert [*telescope.sequencer.focused] == [TRAIN.name]
    assert timedelta(seconds=RUN_S) <= when - DUSK < timedelta(seconds=RUN_S + 60.0)


def test_after_a_slew_longer_than_most_a_focus_run_costs_frames_if_it_may() -> None:
    length_s = RUN_S + 20 * (60.0 + TRUE_S)
    assert Fast(slew_s=30.0).run(20, length_s, **LEARNED, for_focus=10) == (19, 1)
    assert Fast(slew_s=30.0).run(20, length_s, **LEARNED) == (20, 0)


@pytest.mark.parametrize("late_s", [0.0, 30.0])
def test_where_the_declared_counts_the_frames_come_first(late_s: float) -> None:
    run_s = FOCUS_SAMPLES * (FOCUS_EXPOSURE_S + DECLARED_S + FOCUS_MEASURED_S)
    taken = Fast(slew_s=late_s).run(20, run_s + 20 * (60.0 + DECLARED_S))
    assert taken == (20, 0 if late_s else 1)


def test_a_block_begins_when_the_sensor_is_cold() -> None:
    train = Fast()
    train.run(2, 200.0)
    assert train.cold_at == [0]


def test_it_looks_through_the_filter_that_is_asked_for() -> None:
    telescope = Fast()
    telescope.run(1, 1000.0)
    assert telescope.selected == [TRAIN.slots[0].role]


def test_focusing_and_centring_end_in_time_for_what_follows_them() -> None:
    train = TRAIN.model_copy(update={"guider": Guider.model_validate({"settle": "lasting 12 s"})})
    telescope, ends = Fast(train=train), list[datetime]()

    async def refresh(role: str, deadline: datetime, takes_s: float) -> None:  # noqa: ARG001
        ends.append(deadline)

    async def centre(devices: Any, pointing: Any, role: str, until: datetime, which: Any) -> Aimed:  # noqa: ARG001
        ends.append(until)
        return Aimed(pointing, until)

    sequencer: Any = telescope.sequencer
    sequencer._focus[TRAIN.name] = SimpleNamespace(refresh=refresh)
    sequencer._centring = SimpleNamespace(centre=centre, aim=lambda pointing, train: pointing)  # noqa: ARG005
    telescope.run(3, 1000.0, each_s=70.0, for_focus=1)
    frames_s, guiding_s = 2 * 70.0, 12.0 + 5.0
    assert ends == [DUSK + timedelta(seconds=1001.0 - early_s) for early_s in (frames_s + guiding_s, 70.0)]
