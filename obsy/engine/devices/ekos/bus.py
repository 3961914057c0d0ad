"""The one door to D-Bus.

jeepney, since it is pure Python without dependencies, maintained, and speaks asyncio: a call that KStars leaves
unanswered waits in the loop and blocks nothing. dbus-fast does as much, but compiles and wants introspection first.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from jeepney import DBusAddress, MessageType, Properties, message_bus, new_method_call
from jeepney.io.asyncio import DBusRouter, open_dbus_router
from jeepney.io.common import RouterClosed
from jeepney.low_level import Message

from obsy.errors import DeviceError, DeviceTimeout

SERVICE = "org.kde.kstars"
ANSWER_S = 10.0
"""KStars answers in milliseconds, but not while it draws, loads or saves."""


class Bus:
    """A session bus on which KStars answers."""

    def __init__(self, router: DBusRouter) -> None:
        self._router = router

    async def call(self, path: str, interface: str, method: str, *words: str) -> object:
        """What a method answers, None when it answers nothing.

        Raises DeviceError if KStars refuses or is not there, DeviceTimeout if it is silent.
        """
        address = DBusAddress(path, SERVICE, interface)
        return await self._ask(new_method_call(address, method, "s" * len(words) or None, words), method)

    async def read(self, path: str, interface: str, name: str) -> object:
        """The value of a property."""
        answer = await self._ask(Properties(DBusAddress(path, SERVICE, interface)).get(name), name)
        return answer[1] if isinstance(answer, tuple) else answer  # a variant: its signature, its value

    async def names(self) -> list[str]:
        """Everybody on the bus: each connection's own name (':1.7'), and those that programs have taken."""
        found = await self._ask(message_bus.ListNames(), "who is there")
        return [str(each) for each in found] if isinstance(found, list) else []

    async def owner(self) -> str:
        """The connection of the KStars that answers; '' if none does."""
        if SERVICE not in await self.names():
            return ""
        return str(await self._ask(message_bus.GetNameOwner(SERVICE), "who answers"))

    async def process(self, name: str) -> int:
        """The process of a name. Raises DeviceError if it has gone."""
        asked = new_method_call(message_bus, "GetConnectionUnixProcessID", "s", (name,))
        return whole("which process it is", await self._ask(asked, "which process it is"))

    async def _ask(self, message: Message, what: str) -> object:
        try:
            async with asyncio.timeout(ANSWER_S):
                reply = await self._router.send_and_get_reply(message)
        except TimeoutError:
            raise DeviceTimeout(f"KStars did not answer '{what}' within {ANSWER_S:g} s") from None
        except (RouterClosed, OSError, EOFError) as fault:
            raise DeviceError(f"KStars was asked '{what}', but its message bus has gone: {fault}") from fault
        if reply.header.message_type is MessageType.error:
            raise DeviceError(f"KStars refused '{what}': {' '.join(map(str, reply.body))}")
        return reply.body[0] if reply.body else None


def whole(what: str, answer: object) -> int:
    """Return an answer that is to be a whole number. Raise DeviceError for any other: unknown is not zero."""
    if isinstance(answer, bool) or not isinstance(answer, int):
        raise DeviceError(f"KStars was asked '{what}' and answered {answer!r}, which is no whole number")
    return answer


def session_bus() -> str:
    """Where this person's own session bus is; raises DeviceError if there is none."""
    if address := os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return address
    raise DeviceError("there is no D-Bus session; start obsy in the desktop session in which KStars runs")


@asynccontextmanager
async def open_bus(address: str | None = None) -> AsyncIterator[Bus]:
    """The bus at an address, or this person's own session bus."""
    address = address or session_bus()
    async with AsyncExitStack() as stack:
        try:
            router = await stack.enter_async_context(open_dbus_router(address))
        except (OSError, EOFError, RuntimeError) as fault:
            raise DeviceError(f"no message bus answers at {address}: {fault}") from fault
        yield Bus(router)
