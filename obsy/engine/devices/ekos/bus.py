"""The one door to D-Bus.

jeepney, since it is pure Python without dependencies, maintained, and speaks asyncio: a call that KStars leaves
unanswered waits in the loop and blocks nothing. dbus-fast does as much, but compiles and wants introspection first.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from jeepney import DBusAddress, MessageType, Properties, new_method_call
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


@asynccontextmanager
async def open_bus(address: str | None = None) -> AsyncIterator[Bus]:
    """The bus at an address, or this person's own session bus."""
    address = address or os.environ.get("DBUS_SESSION_BUS_ADDRESS")
    if not address:
        raise DeviceError("there is no D-Bus session; start obsy in the desktop session in which KStars runs")
    async with AsyncExitStack() as stack:
        try:
            router = await stack.enter_async_context(open_dbus_router(address))
        except (OSError, EOFError, RuntimeError) as fault:
            raise DeviceError(f"no message bus answers at {address}: {fault}") from fault
        yield Bus(router)
