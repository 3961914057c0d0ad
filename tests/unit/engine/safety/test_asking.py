"""A call to a device ends in time and in one class of error, whatever the driver does."""

import asyncio
import gc
from typing import Any

import pytest

from obsy.engine.safety.asking import ask, attempt, is_quick, state_of
from obsy.errors import DeviceError, DeviceTimeout
from tests.support.lying import AGES_S
from tests.support.safety import Shed


def asked(call: Any, within_s: float = 10.0) -> tuple[Any, float]:
    """The answer, and how long it took."""
    shed = Shed()
    answer = shed.run(ask("the roof", lambda: call(shed.clock), within_s))
    return answer, shed.elapsed_s


async def answers(clock: Any) -> str:
    await clock.sleep(9.0)
    return "open"


async def sleeps(clock: Any) -> None:
    await clock.sleep(AGES_S)


def test_an_answer_comes_back() -> None:
    assert asked(answers) == ("open", 9.0)


def test_an_answer_after_the_deadline_is_none() -> None:
    with pytest.raises(DeviceTimeout, match="the roof did not answer within 8 s"):
        asked(answers, 8.0)


FAULTS = [
    KeyError("x"),
    OSError("x"),
    ZeroDivisionError(),
    asyncio.CancelledError(),
    SystemExit(3),
    KeyboardInterrupt(),
]


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_of_a_driver_is_a_device_error(fault: BaseException) -> None:
    async def breaks(clock: Any) -> None:
        raise fault

    with pytest.raises(DeviceError, match="the roof"):
        asked(breaks)


def test_what_a_device_refuses_is_said_in_its_own_words() -> None:
    async def refuses(clock: Any) -> None:
        raise DeviceError("the shutter is frozen")

    with pytest.raises(DeviceError, match="^the shutter is frozen$"):
        asked(refuses)


def test_a_call_that_fails_before_it_is_awaited_has_failed_too() -> None:
    def breaks(clock: Any) -> None:
        raise KeyError("x")

    with pytest.raises(DeviceError, match="KeyError"):
        asked(breaks)


@pytest.mark.usefixtures("own_garbage")
def test_a_call_that_does_not_let_go_is_left_behind() -> None:
    shed, let_go, complaints = Shed(), [], []
    shed.loop.set_exception_handler(lambda loop, said: complaints.append(said))

    async def clings() -> None:
        try:
            await shed.clock.sleep(AGES_S)
        except asyncio.CancelledError:
            await shed.clock.sleep(100.0)
            let_go.append(shed.clock.now())
            raise KeyError("nobody hears this") from None

    async def work() -> None:
        with pytest.raises(DeviceTimeout):
            await ask("the roof", clings, 10.0)
        assert shed.elapsed_s == 10.0 + 5.0
        await shed.clock.sleep(200.0)
        gc.collect()

    shed.run(work())
    assert len(let_go) == 1
    assert complaints == [], "what became of it at last is nobody's concern"


def test_whoever_is_cancelled_takes_the_call_along() -> None:
    shed, stopped = Shed(), []

    async def moves() -> None:
        try:
            await shed.clock.sleep(AGES_S)
        finally:
            stopped.append(shed.elapsed_s)

    async def work() -> None:
        task = asyncio.ensure_future(ask("the roof", moves, 100.0))
        await shed.clock.sleep(3.0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    shed.run(work())
    assert stopped == [3.0]


def test_a_question_waits_twenty_seconds_if_nothing_else_is_said() -> None:
    shed = Shed()
    with pytest.raises(DeviceTimeout, match="within 20 s"):
        shed.run(ask("the roof", lambda: sleeps(shed.clock)))
    assert shed.elapsed_s == 20.0


def test_a_fault_that_cannot_be_printed_is_told_by_its_class() -> None:
    class Mute(Exception):
        def __repr__(self) -> str:
            raise ValueError("no words")

    async def breaks(clock: Any) -> None:
        raise Mute

    with pytest.raises(DeviceError, match="^the roof failed: Mute$"):
        asked(breaks)


class Mute(DeviceError):
    """Cannot be told."""

    def __str__(self) -> str:
        raise ValueError("no words")


def test_a_refusal_without_words_is_told_by_its_class() -> None:
    async def refuses(clock: Any) -> None:
        raise Mute

    with pytest.raises(DeviceError) as refused:
        asked(refuses)
    assert str(refused.value) == "the roof failed: Mute()"


class Quick:
    """A device that says at once how it stands, or what is wrong."""

    def __init__(self, says: object) -> None:
        self.says = says

    async def state(self) -> object:
        raise AssertionError("nobody need wait for it")

    def state_now(self) -> object:
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


def test_a_device_that_need_not_be_waited_for_is_not() -> None:
    assert Shed().run(state_of("the roof", Quick("open"), str.upper)) == "OPEN"


@pytest.mark.parametrize(
    ("says", "words"),
    [
        (DeviceError("the shutter is frozen"), "^the shutter is frozen$"),
        (KeyError("x"), "^the roof failed: KeyError"),
        (7, "^the roof failed: TypeError"),
    ],
)
def test_what_is_wrong_with_it_is_a_device_error_too(says: object, words: str) -> None:
    with pytest.raises(DeviceError, match=words):
        Shed().run(state_of("the roof", Quick(says), str.upper))


class Slow:
    """A device that says after a second how it stands."""

    def __init__(self, shed: Shed) -> None:
        self.shed = shed

    async def state(self) -> str:
        await self.shed.clock.sleep(1.0)
        return "open"


def test_a_device_that_must_be_waited_for_is_and_its_answer_is_understood() -> None:
    shed = Shed()
    assert [is_quick(Slow(shed)), is_quick(Quick("open"))] == [False, True]
    assert shed.run(state_of("the roof", Slow(shed), str.upper)) == "OPEN"
    assert shed.elapsed_s == 1.0


def test_a_call_is_said_to_have_begun_once_it_has() -> None:
    shed = Shed()
    told: list[str] = []

    async def call() -> None:
        told.append("called")
        await shed.clock.sleep(1.0)

    shed.run(ask("the roof", call, 10.0, lambda: told.append("begun")))
    assert told == ["called", "begun"]


def test_an_attempt_returns_what_went_wrong() -> None:
    fault, done = DeviceError("the shutter is frozen"), []

    async def work(error: DeviceError | None) -> None:
        done.append(error)
        if error:
            raise error

    assert [Shed().run(attempt(work(each))) for each in (fault, None)] == [fault, None]
    assert done == [fault, None]
