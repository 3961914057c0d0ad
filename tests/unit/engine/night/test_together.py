"""Several things at once: each comes to its end, the first fault is heard, and a cancellation reaches all."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from obsy.engine.night.together import to_its_end, together
from obsy.errors import DeviceError


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


def test_one_that_fails_stops_no_other_and_is_heard_when_all_have_ended() -> None:
    ended = []

    async def works(name: str, turns: int) -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
        ended.append(name)

    async def fails() -> None:
        raise DeviceError("no")

    with pytest.raises(DeviceError, match="no"):
        run(together(works("short", 1), fails(), works("long", 5)))
    assert ended == ["short", "long"]
    run(together(works("alone", 1)))
    assert ended == ["short", "long", "alone"]


def test_of_several_faults_the_first_in_order_is_heard() -> None:
    async def fails(words: str, turns: int) -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
        raise DeviceError(words)

    with pytest.raises(DeviceError, match="first"):
        run(together(fails("first", 5), fails("second", 0)))


def test_a_cancellation_reaches_all_and_waits_for_their_ends() -> None:
    ended = []

    async def closes(name: str) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            ended.append(name)

    async def stopped() -> None:
        task = asyncio.create_task(together(closes("shed"), closes("dome")))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(stopped())
    assert sorted(ended) == ["dome", "shed"]


def test_nothing_to_do_is_done() -> None:
    run(together())


def test_what_must_come_to_its_end_does_however_often_it_is_cancelled() -> None:
    ended = []

    async def closes() -> None:
        for _ in range(5):
            await asyncio.sleep(0)
        ended.append("closed")

    async def impatient() -> None:
        task = asyncio.create_task(to_its_end(closes()))
        while not task.done():
            await asyncio.sleep(0)
            task.cancel()
        await task

    run(impatient())
    assert ended == ["closed"]


def test_how_it_failed_is_heard_when_it_comes_to_its_end() -> None:
    async def fails() -> None:
        await asyncio.sleep(0)
        raise DeviceError("no")

    with pytest.raises(DeviceError, match="no"):
        run(to_its_end(fails()))
