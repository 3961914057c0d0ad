"""An Alpaca server of ours, and a clock that both sides read."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from obsy.engine.devices.alpaca.device import AlpacaDevice
from obsy.engine.devices.alpaca.line import AlpacaLine
from tests.support.alpaca import AlpacaPeer

START = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)


class SharedClock:
    """A Clock that moves only when someone sleeps."""

    def __init__(self) -> None:
        self.time = START

    def monotonic(self) -> float:
        return (self.time - START).total_seconds()

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)
        await asyncio.sleep(0)


@pytest.fixture
def clock() -> SharedClock:
    return SharedClock()


@pytest.fixture
def peer(clock):
    with AlpacaPeer(clock.monotonic).listening() as listening:
        yield listening


@pytest.fixture
def device(clock, peer):
    return lambda name, timeout_s=30.0: AlpacaDevice(clock, AlpacaLine(peer.address), name, timeout_s)
