"""An INDI server whose devices say whether they are connected, and what else they are made to say, or nothing at all.

Run by the name of indiserver, `-p PORT …`, it is a program that answers until it is stopped or killed.
"""

import asyncio
import re
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Self
from xml.etree.ElementTree import fromstring
from xml.sax.saxutils import quoteattr

CONNECTED = """\
<defSwitchVector device={0} name="CONNECTION" label="" group="" state="Ok" perm="rw" rule="OneOfMany">
<defSwitch name="CONNECT" label="">On</defSwitch><defSwitch name="DISCONNECT" label="">Off</defSwitch></defSwitchVector>
"""
QUESTION = re.compile(rb"""(<getProperties(?:"[^"]*"|'[^']*'|[^'">])*/>)""")
LET_IN = 8
"""Turns of the event loop in which who has just come in is served; a server that closes before drops it unclosed."""


class IndiServer:
    """A server in the running event loop."""

    def __init__(self, devices: Iterable[str] = (), port: int = 0) -> None:
        self.devices, self.port = list(devices), port
        self.silent = set[str]()
        """Devices whose drivers hang."""
        self.lines: list[asyncio.StreamWriter] = []
        self.told = b""
        """All that it was sent."""
        self.left = 0
        """How many have hung up."""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        for _ in range(LET_IN):
            await asyncio.sleep(0)
        self._server.close()
        self.hang_up()

    def hang_up(self) -> None:
        """Close every connection, as a server that is killed."""
        for each in self.lines:
            each.close()
        self.lines.clear()

    def say(self, words: str) -> None:
        """Send it to everybody."""
        for each in self.lines:
            each.write(words.encode())

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.lines.append(writer)
        rest = b""
        with suppress(asyncio.CancelledError, ConnectionError):  # the end of the test
            while chunk := await reader.read(8192):
                self.told += chunk
                *questions, rest = QUESTION.split(rest + chunk)
                for asked in (fromstring(words).get("device") for words in questions[1::2]):
                    for each in [asked] if asked is not None else self.devices:
                        if each not in self.silent:
                            writer.write(CONNECTED.format(quoteattr(each)).encode())
            self.left += 1
        writer.close()


async def _for_ever() -> None:
    async with IndiServer(port=int(sys.argv[sys.argv.index("-p") + 1])):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_for_ever())
