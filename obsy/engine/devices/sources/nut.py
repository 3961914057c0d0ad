"""A UPS behind the server of the Network UPS Tools.

Source: RFC 9271, "Uninterruptible Power Supply (UPS) Management Protocol", section 4.2.4 (GET VAR) and 5 (status).
"""

import asyncio
import re

from obsy.engine.devices.ports import Clock, Reading
from obsy.engine.devices.sources.apart import ANSWER_S, device_errors
from obsy.engine.devices.sources.text import number
from obsy.errors import DeviceError

PORT = 3493
NAME = re.compile(r"([\w.-]+)(?:@([\w.:-]*?)(?::(\d+))?)?", re.ASCII)
ANSWER = re.compile(r'VAR \S+ ([\w.]+) "(.*)"', re.ASCII)
FED, ON_BATTERY, LAST_WORDS = "OL", "OB", {"LB", "FSD"}


class UpsSource:
    """Whether the UPS is fed (100 % or 0 %), and the charge of its battery, which is 0 % once the UPS calls it low."""

    def __init__(self, clock: Clock, name: str) -> None:
        """name: `ups@host:port`; host and port are this machine's and 3493 if they are not said."""
        self._clock, self._name = clock, name

    async def read(self) -> Reading:
        """Return the newest. Raise DeviceError if the server or the UPS does not answer, or its data are stale."""
        match = NAME.fullmatch(self._name)
        with device_errors(f"the UPS '{self._name}'"):
            if match is None:
                raise DeviceError("it is no name such as 'ups@localhost'")
            ups, host, port = match.groups()
            async with asyncio.timeout(ANSWER_S):
                status, charge = await _asked(host or "localhost", int(port or PORT), ups)
        return Reading(measured(status, charge), self._clock.now())


def measured(status: str, charge: str) -> dict[str, float]:
    """Return what status words and a charge say; a UPS that is neither fed nor on its battery is left out."""
    words, values = set(status.split()), {}
    if (FED in words) != (ON_BATTERY in words):
        values["mains"] = 100.0 if FED in words else 0.0
    left = 0.0 if words & LAST_WORDS else number("battery", charge, "%")
    if left is not None:
        values["battery"] = left
    return values


async def _asked(host: str, port: int, ups: str) -> tuple[str, str]:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        return await _variable(reader, writer, ups, "ups.status"), await _variable(
            reader, writer, ups, "battery.charge", may_lack=True
        )
    finally:
        writer.close()


async def _variable(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, ups: str, name: str, *, may_lack: bool = False
) -> str:
    writer.write(f"GET VAR {ups} {name}\n".encode())
    await writer.drain()
    line = (await reader.readline()).decode("latin-1").rstrip("\r\n")
    match = ANSWER.fullmatch(line)
    if match is not None and match.group(1) == name:
        return match.group(2)
    if may_lack and line == "ERR VAR-NOT-SUPPORTED":
        return ""
    raise DeviceError(f"it answered '{line[:60]}'")
