import asyncio

import pytest

from obsy.engine.devices.ekos.bus import open_bus
from obsy.errors import DeviceError


async def opened(address=None):
    async with open_bus(address):
        pass


def test_a_bus_that_is_not_there_is_told(tmp_path):
    with pytest.raises(DeviceError, match="no message bus answers at unix:path="):
        asyncio.run(opened(f"unix:path={tmp_path / 'bus'}"))


def test_without_a_desktop_session_one_is_asked_for(monkeypatch):
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    with pytest.raises(DeviceError, match="start obsy in the desktop session"):
        asyncio.run(opened())
