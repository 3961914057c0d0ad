"""Whether the drivers of an INDI server answer: one that hangs is of no more use than one that has ended."""

import asyncio
import re
import socket
from collections.abc import Collection
from contextlib import closing
from errno import EMFILE, ENFILE, ENOBUFS, ENOMEM
from xml.sax.saxutils import quoteattr, unescape

from obsy.schemas.address import ServerAddress

_SAID_BY = re.compile(r"""<\w+\s[^>]*?\bdevice=(["'])(.*?)\1""")
_CHUNK = 8192
_OWN_LACK = {EMFILE, ENFILE, ENOMEM, ENOBUFS}
"""This process cannot ask; every other fault, an unplugged cable's or a missing name's, is silence."""
LOOK_S, ANSWERS_S = 5.0, 5.0
"""Between two questions whether the drivers answer, and how long they may take."""
LOOKS, DRIVER_LOOKS, BEGINS_LOOKS = 3, 6, 6
"""After so many looks at which no device answers, their server hangs; one driver alone may be busy for longer, and what
has just been started is given so many more."""


class Pulse:
    """For how long the devices of a server have been silent."""

    def __init__(self, address: ServerAddress, devices: Collection[str]) -> None:
        """The server has just been started, or connected to."""
        self._address, self.devices, self.heard = address, set(devices), set[str]()
        self.begin()

    def begin(self) -> None:
        """Give every device time: its server has just been started."""
        self._silent = dict.fromkeys(self.devices, -BEGINS_LOOKS)

    async def hanging(self) -> set[str]:
        """Look once more and return the devices that hang, which get time then; all of them if the server does.

        Silence is counted in looks: after this process itself has stood still, it is but one of them. That this process
        cannot ask is none.
        """
        await asyncio.sleep(LOOK_S)
        try:
            self.heard = await answering(self._address, self.devices, ANSWERS_S)
        except Exception:  # too many files are open, say
            return set()
        self._silent = {each: 0 if each in self.heard else looks + 1 for each, looks in self._silent.items()}
        enough = LOOKS if min(self._silent.values()) >= LOOKS else DRIVER_LOOKS
        hanging = {each for each, looks in self._silent.items() if looks >= enough}
        self._silent |= dict.fromkeys(hanging, -BEGINS_LOOKS)
        return hanging


async def answering(address: ServerAddress, devices: Collection[str], within_s: float) -> set[str]:
    """Return which of these devices say in time whether they are connected; a server that hangs answers for none.

    They are asked over a connection of its own, for one property. Raise OSError if this process cannot ask.
    """
    heard = set[str]()
    socket.socket().close()  # where none can be had, a name seems to be missing
    try:
        async with asyncio.timeout(within_s):
            await _hear(address, devices, heard)
    except OSError as fault:
        if fault.errno in _OWN_LACK:
            raise
    except UnicodeError:  # what is no name of a host
        pass
    return heard & set(devices)


async def _hear(address: ServerAddress, devices: Collection[str], heard: set[str]) -> None:
    """Ask, and add who says something until all have, or the server hangs up."""
    rest, (reader, writer) = "", await asyncio.open_connection(*address)
    with closing(writer):
        for each in devices:
            writer.write(f'<getProperties version="1.7" device={quoteattr(each)} name="CONNECTION"/>\n'.encode())
        while not heard.issuperset(devices) and (chunk := await reader.read(_CHUNK)):
            rest = rest[-_CHUNK:] + chunk.decode(errors="replace")
            heard |= {unescape(name, {"&quot;": '"'}) for _, name in _SAID_BY.findall(rest)}
