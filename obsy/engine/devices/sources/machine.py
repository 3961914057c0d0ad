"""What this machine says of itself: the free space of a disk, and the error of its clock."""

import os
import shutil
import socket
import struct
import time

from obsy.engine.devices.ports import Clock, Reading
from obsy.engine.devices.sources.apart import Apart
from obsy.errors import DeviceError

GIGABYTE = 1e9
NTP_PORT = 123
ANSWER_S = 4.0
PACKET = struct.Struct("!BBBb11I")
"""RFC 5905, figure 8: flags, stratum, poll, precision, root delay and dispersion, id, and four times of two words."""
ASK = 0x23
"""Version 4, client."""
SERVER, UNKNOWN_LEAP, WORST_STRATUM = 4, 3, 15
NTP_ZERO = 2_208_988_800
"""Seconds from 1900 to 1970."""
ERA = 2**32


class DiskSource:
    """The free space of the disk that holds a folder, GB."""

    def __init__(self, clock: Clock, folder: str) -> None:
        self._clock, self._folder, self._apart = clock, os.path.expanduser(folder), Apart(f"the disk of '{folder}'")

    async def read(self) -> Reading:
        """Return it. Raise DeviceError if the folder is not there, or its disk hangs."""
        usage = await self._apart.run(lambda: shutil.disk_usage(self._folder))
        return Reading({"disk": usage.free / GIGABYTE}, self._clock.now())


class ClockSource:
    """How far the clock may be from a time server's: the difference, either way, and half the way there and back."""

    def __init__(self, clock: Clock, server: str, port: int = NTP_PORT) -> None:
        self._clock, self._server, self._port = clock, server, port
        self._apart = Apart(f"the time server '{server}'")

    async def read(self) -> Reading:
        """Return it, s. Raise DeviceError if the server does not answer or is not synchronised itself."""
        return Reading({"clock": await self._apart.run(self._error_s)}, self._clock.now())

    def _error_s(self) -> float:
        cookie = struct.unpack("!II", os.urandom(8))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.settimeout(ANSWER_S)
            line.connect((self._server, self._port))
            sent_s, began = self._clock.now().timestamp(), time.monotonic()
            line.send(PACKET.pack(ASK, 0, 0, 0, *[0] * 9, *cookie))
            while time.monotonic() - began < ANSWER_S:
                answer = line.recv(512)
                if len(answer) >= PACKET.size and PACKET.unpack_from(answer)[9:11] == cookie:
                    return error_s(answer, sent_s, sent_s + time.monotonic() - began)
        raise DeviceError("it answered another question")


def error_s(answer: bytes, sent_s: float, received_s: float) -> float:
    """Return the largest error that agrees with an answer. Raise DeviceError if its server knows no time.

    sent_s, received_s: the own clock when it was asked and when it answered, seconds since 1970.
    """
    flags, stratum, *words = PACKET.unpack_from(answer)
    if flags >> 6 == UNKNOWN_LEAP or flags & 7 != SERVER or not 1 <= stratum <= WORST_STRATUM:
        raise DeviceError("it is not synchronised itself")
    reached_s, left_s = (_seconds(*words[place : place + 2], near_s=sent_s) for place in (9, 11))
    offset_s = ((reached_s - sent_s) + (left_s - received_s)) / 2
    way_s = (received_s - sent_s) - (left_s - reached_s)
    return abs(offset_s) + max(way_s, 0.0) / 2


def _seconds(whole: int, fraction: int, *, near_s: float) -> float:
    """Seconds since 1970, in the era of NTP that is nearest; a word of 32 bits overflows in 2036."""
    since = whole + fraction / ERA - NTP_ZERO
    return since + ERA * round((near_s - since) / ERA)
