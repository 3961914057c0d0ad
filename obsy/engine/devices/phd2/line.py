"""One connection to PHD2: a request is answered or given up; what PHD2 tells by itself is kept in its order.

Requests, answers and events share one stream of JSON texts, one a line: shared facts of PHD2 2.6.13, as observed.
"""

import asyncio
import json
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self

from obsy.errors import DeviceError, DeviceTimeout

ANSWERS_WITHIN_S = 10.0
"""PHD2 answered within 0.2 s; a busy machine may take longer."""
LONGEST_LINE = 1 << 20
TOLD = {"SettleDone", "CalibrationFailed"}
"""The events that are kept; those of every frame are many, and say nothing that is asked here."""
KEPT = 200
Message = dict[str, Any]


class Phd2Line:
    """A line to one PHD2; once it is gone it stays so, and a new one is needed."""

    def __init__(self, address: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.address, self._reader, self._writer = address, reader, writer
        self._waiting: dict[int, asyncio.Future[tuple[Message, int]]] = {}
        self._events: deque[Message] = deque(maxlen=KEPT)
        self._number, self.told = 0, 0
        """Requests, and events, so far."""
        self.lost = 0
        """Frames in which the guide star was not found."""
        self._news = asyncio.Event()
        self.gone = ""
        """Why there will be no more words; empty as long as there may be."""
        self._listens = asyncio.ensure_future(self._listen())

    @classmethod
    async def dial(cls, address: str) -> Self:
        """Return a line. Raise DeviceError where nothing listens."""
        host, _, port = address.rpartition(":")
        try:
            opening = asyncio.open_connection(host, int(port), limit=LONGEST_LINE)
            reader, writer = await asyncio.wait_for(opening, ANSWERS_WITHIN_S)
        except (OSError, TimeoutError) as fault:
            cure = "start it, and enable its server (Tools, Enable Server)"
            raise DeviceError(f"no PHD2 listens at {address}: {cure}") from fault
        return cls(address, reader, writer)

    def say(self, method: str, params: object = None) -> int:
        """Send a request and wait for nothing; return its number. Raise DeviceError if the line is gone."""
        if self.gone:
            raise DeviceError(self.gone)
        self._number += 1
        request = {"method": method, "id": self._number} | ({} if params is None else {"params": params})
        self._writer.write(json.dumps(request).encode() + b"\r\n")
        return self._number

    async def ask(self, method: str, params: object = None) -> tuple[Any, int]:
        """Return the result, and how many events had been told by then. Raise DeviceError if it is refused or late."""
        number = self.say(method, params)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            message, told = await asyncio.wait_for(answer, ANSWERS_WITHIN_S)
        except TimeoutError:
            cure = "see whether it shows a dialog, or hangs"
            late = f"PHD2 at {self.address} did not answer '{method}' within {ANSWERS_WITHIN_S:g} s: {cure}"
            raise DeviceTimeout(late) from None
        finally:
            self._waiting.pop(number, None)
        if (error := message.get("error")) is not None:
            said = error.get("message", error) if isinstance(error, dict) else error
            raise DeviceError(f"PHD2 at {self.address} refused '{method}': {said}")
        if "result" not in message:
            raise DeviceError(f"PHD2 at {self.address} answered '{method}' with neither a result nor an error")
        return message["result"], told

    async def until(self, since: int, found: Callable[[Message], bool]) -> Message:
        """Return the first event after the first `since` that is `found`. Raise DeviceError if the line goes."""
        while True:
            self._news.clear()
            first = max(since - (self.told - len(self._events)), 0)
            for event in list(self._events)[first:]:
                if found(event):
                    return event
            since = self.told
            if self.gone:
                raise DeviceError(self.gone)
            await self._news.wait()

    def close(self) -> None:
        """Leave; what was said last is carried out."""
        self._listens.cancel()
        with suppress(Exception):
            self._writer.close()

    async def _listen(self) -> None:
        why = "has gone: start it again"
        try:
            while line := await self._reader.readline():
                if line.strip():
                    self._hear(json.loads(line))
        except (ValueError, RecursionError, TypeError, AttributeError):
            why = "says what is no JSON-RPC: see which program listens there"
        except OSError:
            pass
        finally:
            self._end(f"PHD2 at {self.address} {why}")

    def _hear(self, message: Message) -> None:
        if "Event" in message:
            self.lost += message["Event"] == "StarLost"
            if message["Event"] in TOLD:
                self._events.append(message)
                self.told += 1
                self._news.set()
        elif (answer := self._waiting.get(message.get("id") or 0)) is not None and not answer.done():
            answer.set_result((message, self.told))

    def _end(self, why: str) -> None:
        self.gone = why
        self._news.set()
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(DeviceError(why))
        with suppress(Exception):
            self._writer.close()
