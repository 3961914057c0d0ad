"""Virtual time costs nothing, keeps its order, and waits for work without passing."""

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.devices.simulated.clock import VirtualClock, VirtualLoop

START = datetime(2026, 11, 21, 18, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def live(story: Callable[[VirtualClock], Awaitable[None]]) -> datetime:
    """Play a story on virtual time; when it is over there."""
    loop = VirtualLoop()
    clock = VirtualClock(START, loop)

    async def told() -> None:
        await story(clock)

    try:
        loop.run_until_complete(told())
        return clock.now()
    finally:
        loop.close()


@pytest.fixture
def worker() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def test_ten_hours_of_sleep_are_over_at_once() -> None:
    async def story(clock: VirtualClock) -> None:
        await clock.sleep(36_000)

    assert live(story) == START + timedelta(hours=10)


def test_a_clock_begins_where_it_was_set() -> None:
    async def story(clock: VirtualClock) -> None:
        assert clock.now() == START

    live(story)


def test_a_sleep_below_zero_is_none() -> None:
    async def story(clock: VirtualClock) -> None:
        await clock.sleep(-5)

    assert live(story) == START


def test_work_between_sleeps_takes_no_virtual_time() -> None:
    async def story(clock: VirtualClock) -> None:
        await clock.sleep(1)
        time.sleep(0.02)
        await asyncio.sleep(0)

    assert live(story) == START + SECOND


@given(st.lists(st.integers(0, 100_000), min_size=1, max_size=8))
def test_sleepers_wake_in_the_order_of_their_times(milliseconds: list[int]) -> None:
    woken: list[tuple[datetime, int]] = []

    async def story(clock: VirtualClock) -> None:
        async def sleeper(length: int) -> None:
            await clock.sleep(length / 1000)
            woken.append((clock.now(), length))

        await asyncio.gather(*(sleeper(length) for length in milliseconds))

    assert live(story) == START + timedelta(milliseconds=max(milliseconds))
    assert [length for _, length in woken] == sorted(milliseconds)
    assert [when for when, _ in woken] == [START + timedelta(milliseconds=n) for n in sorted(milliseconds)]


@given(st.lists(st.floats(0, 5000), max_size=20))
def test_time_never_goes_back(naps: list[float]) -> None:
    seen: list[datetime] = []

    async def story(clock: VirtualClock) -> None:
        for nap in naps:
            seen.append(clock.now())
            await clock.sleep(nap)
        seen.append(clock.now())

    live(story)
    assert seen == sorted(seen)
    assert (seen[-1] - seen[0]).total_seconds() == pytest.approx(sum(naps), abs=0.001 * (len(naps) + 1))


@given(st.lists(st.floats(0, 100), max_size=5))
def test_now_is_to_the_millisecond_that_the_journal_keeps(naps: list[float]) -> None:
    async def story(clock: VirtualClock) -> None:
        for nap in naps:
            await clock.sleep(nap)

    assert live(story).microsecond % 1000 == 0


def test_slow_work_is_waited_for_and_delivered_when_it_is_due(worker: ThreadPoolExecutor) -> None:
    async def story(clock: VirtualClock) -> None:
        work = worker.submit(lambda: time.sleep(0.05) or "done")
        assert await clock.settle(work, START + 90 * SECOND) == "done"
        assert work.done()

    assert live(story) == START + 90 * SECOND


def test_quick_work_is_not_delivered_before_it_is_due() -> None:
    async def story(clock: VirtualClock) -> None:
        work: Future[int] = Future()
        work.set_result(7)
        assert await clock.settle(work, START + 90 * SECOND) == 7

    assert live(story) == START + 90 * SECOND


def test_work_that_was_due_already_is_delivered_at_once() -> None:
    async def story(clock: VirtualClock) -> None:
        work: Future[int] = Future()
        work.set_result(7)
        await clock.sleep(10)
        assert await clock.settle(work, START) == 7

    assert live(story) == START + 10 * SECOND


def test_nobody_moves_on_while_slow_work_is_waited_for(worker: ThreadPoolExecutor) -> None:
    told: list[tuple[str, datetime]] = []

    async def story(clock: VirtualClock) -> None:
        async def settler() -> None:
            await clock.settle(worker.submit(time.sleep, 0.05), START + 5 * SECOND)
            told.append(("settled", clock.now()))

        async def other() -> None:
            await clock.sleep(5.001)
            told.append(("slept", clock.now()))

        await asyncio.gather(settler(), other())

    live(story)
    assert told == [("settled", START + 5 * SECOND), ("slept", START + 5.001 * SECOND)]


def test_work_that_fails_fails_where_it_is_waited_for() -> None:
    async def story(clock: VirtualClock) -> None:
        work: Future[int] = Future()
        work.set_exception(OSError("no star in the picture"))
        with pytest.raises(OSError, match="no star"):
            await clock.settle(work, START + SECOND)

    assert live(story) == START + SECOND


def test_what_comes_from_outside_is_heard_while_work_goes_on_without_a_pause() -> None:
    heard: list[bytes] = []

    async def busy(_: VirtualClock) -> None:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            asyncio.get_running_loop().add_reader(ours, lambda: heard.append(ours.recv(1)))
            theirs.send(b"x")
            for _ in range(20):
                await asyncio.sleep(0)
            asyncio.get_running_loop().remove_reader(ours)

    live(busy)
    assert heard == [b"x"]


def test_a_clock_that_is_set_says_so_in_the_same_moment() -> None:
    async def setting(clock: VirtualClock) -> None:
        before = clock.now()
        clock.set_by(-60.0)
        assert clock.now() == before - 60 * SECOND

    live(setting)
