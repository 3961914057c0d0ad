"""Whatever a device of a train does wrong, it is a DeviceError, and it comes in time."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from obsy.engine.devices.ports import Exposure, Guiding
from obsy.engine.devices.simulated.clock import VirtualClock, VirtualLoop
from obsy.engine.sequencer.bounded import CAPS_WITHIN_S, COOLS_WITHIN_S, MOVES_WITHIN_S, BoundedGuider, bounded
from obsy.engine.sequencer.devices import ImagingDevices
from obsy.errors import DeviceError, DeviceTimeout
from obsy.schemas.guider import Guider
from obsy.schemas.train import Panel, Train
from tests.support.lying import LIES, Lies
from tests.support.stage import TRAIN

EXPOSURE = Exposure("light", 60.0, "V", 0, 0, 1, "x")
CALLS: dict[str, Callable[[ImagingDevices], Awaitable[Any]]] = {
    "cool": lambda devices: devices.camera.cool(-15.0),
    "stay_cool": lambda devices: devices.camera.stay_cool(),
    "warm": lambda devices: devices.camera.warm(),
    "expose": lambda devices: devices.camera.expose(EXPOSURE),
    "select": lambda devices: devices.wheel.select("V"),  # type: ignore[union-attr]
    "move": lambda devices: devices.focuser.move(1.0),  # type: ignore[union-attr]
    "position": lambda devices: devices.focuser.position(),  # type: ignore[union-attr]
    "temperature": lambda devices: devices.focuser.temperature(),  # type: ignore[union-attr]
    "light": lambda devices: devices.panel.light(),  # type: ignore[union-attr]
    "dark": lambda devices: devices.panel.dark(),  # type: ignore[union-attr]
    "open": lambda devices: devices.panel.open(),  # type: ignore[union-attr]
    "start": lambda devices: devices.guider.start(),  # type: ignore[union-attr]
    "dither": lambda devices: devices.guider.dither(3.0),  # type: ignore[union-attr]
    "stop": lambda devices: devices.guider.stop(),  # type: ignore[union-attr]
    "state": lambda devices: devices.guider.state(),  # type: ignore[union-attr]
}
ANSWERS = {
    "expose": Path("a.fits"),
    "position": 25000.0,
    "temperature": 10.0,
    "start": True,
    "dither": False,
    "state": Guiding.GUIDING,
}


class Bench:
    """The devices of a train, which all answer well until they lie."""

    def __init__(self, answers: dict[str, Any] | None = None, train: Train = TRAIN) -> None:
        self.loop = VirtualLoop()
        self.clock = VirtualClock(datetime(2026, 11, 21, tzinfo=UTC), self.loop)
        self.lies, given = Lies(self.clock), {**ANSWERS, **(answers or {})}

        def device(call: str) -> Callable[..., Awaitable[Any]]:
            async def answer() -> Any:
                return given.get(call)

            return lambda *_: self.lies.through(call, answer)

        thing: Any = SimpleNamespace(**{call: device(call) for call in CALLS})
        self.devices = bounded(
            ImagingDevices(train, thing, thing, thing, thing, lambda path: 2.0, lambda *_: "", thing, thing)
        )

    def call(self, name: str) -> Any:
        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            return runner.run(CALLS[name](self.devices))


@pytest.mark.parametrize("call", CALLS)
def test_what_is_well_is_passed_on(call: str) -> None:
    assert Bench().call(call) == ANSWERS.get(call)


@pytest.mark.parametrize("lie", sorted(set(LIES) - {"nothing"}))
@pytest.mark.parametrize("call", CALLS)
def test_what_is_not_is_a_device_error_in_time(call: str, lie: str) -> None:
    bench = Bench()
    bench.lies.tell(call, lie)
    with pytest.raises(DeviceError):
        bench.call(call)
    assert bench.loop.time() <= COOLS_WITHIN_S + 40.0


@pytest.mark.parametrize(
    ("call", "within_s"),
    [("cool", COOLS_WITHIN_S), ("select", MOVES_WITHIN_S), ("move", MOVES_WITHIN_S), ("dark", CAPS_WITHIN_S),
     ("open", CAPS_WITHIN_S), ("light", CAPS_WITHIN_S + TRAIN.panel.settle if TRAIN.panel else 0.0)],
)  # fmt: skip
def test_a_driver_that_gives_up_in_its_own_time_is_quoted(call: str, within_s: float) -> None:
    async def gives_up(*_: object) -> None:
        await asyncio.sleep(within_s + 1.0)
        raise DeviceError("the cap was not seen to move")

    bench = Bench()
    bench.lies.through = lambda *_: gives_up()  # type: ignore[method-assign, assignment]
    with pytest.raises(DeviceError, match="the cap was not seen to move"):
        bench.call(call)


def silent_s(call: str, train: Train = TRAIN) -> float:
    """How long a driver that never answers is waited for."""
    bench = Bench(train=train)
    bench.lies.tell(call, "silent")
    with pytest.raises(DeviceTimeout):
        bench.call(call)
    return bench.loop.time()


def test_what_only_answers_is_waited_for_briefly_and_what_moves_for_as_long_as_its_driver_and_30_s_more() -> None:
    waits = dict.fromkeys(("cool", "stay_cool", "warm"), 2730.0) | dict.fromkeys(("select", "move"), 330.0)
    waits |= dict.fromkeys(("dark", "open"), 150.0) | dict.fromkeys(("stop", "state", "position", "temperature"), 20.0)
    assert {call: silent_s(call) for call in waits} == waits


def test_a_lamp_and_a_guider_are_waited_for_as_long_as_they_may_settle_besides() -> None:
    bare = TRAIN.model_copy(update={"panel": None, "guider": None})
    assert [silent_s(call, bare) for call in ("light", "start", "dither")] == [150.0, 480.0, 480.0]
    panel, guider = Panel.model_construct(settle=7.0), Guider.model_validate({"settle": "within 90 s"})
    train = TRAIN.model_copy(update={"panel": panel, "guider": guider})
    assert [silent_s(call, train) for call in ("light", "start", "dither")] == [157.0, 570.0, 570.0]


def test_a_guider_is_told_to_halt() -> None:
    told: list[str] = []
    thing: Any = SimpleNamespace(halt=lambda: told.append("halt"))
    BoundedGuider(TRAIN, thing).halt()
    assert told == ["halt"]


def test_an_exposure_ends_in_its_own_time() -> None:
    bench = Bench()
    bench.lies.tell("expose", "silent")
    with pytest.raises(DeviceTimeout):
        bench.call("expose")
    assert bench.loop.time() == 60.0 + TRAIN.camera.download + TRAIN.camera.timeout + 30.0


@pytest.mark.parametrize("answer", [float("nan"), float("inf"), None, "10 degC", True])
@pytest.mark.parametrize("call", ["position", "temperature"])
def test_a_reading_that_is_no_number_is_no_reading(call: str, answer: object) -> None:
    with pytest.raises(DeviceError, match="which is no number"):
        Bench({call: answer}).call(call)


def test_a_camera_that_gives_no_file_has_failed() -> None:
    with pytest.raises(DeviceError, match="which is no file"):
        Bench({"expose": "a.fits"}).call("expose")


@pytest.mark.parametrize("answer", [None, "guiding", 1])
def test_a_state_that_no_guider_has_is_none(answer: object) -> None:
    with pytest.raises(DeviceError, match="which is no state of a guider"):
        Bench({"state": answer}).call("state")
