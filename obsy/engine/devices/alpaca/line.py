"""One Alpaca server: each question in a thread of its own, with a limit, so that none that hangs keeps another.

Source of the protocol: ASCOM Alpaca API Reference and Alpaca Device API v1; facts only.
"""

import asyncio
import secrets
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import closing, nullcontext
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from itertools import count
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from obsy.engine.devices.alpaca.errand import AlpacaErrand
from obsy.engine.devices.hung_up import hung_up_after
from obsy.errors import DeviceError, DeviceTimeout

ANSWERS_WITHIN_S = 5.0
"""An answer is some bytes; a driver that takes longer to say what it knows hangs."""
HANGING = 32
"""So many questions may wait for one server; of those that nobody waits for any more, each ends a second later."""
CLIENT = 1976
"""Any number that is not 0; the server notes it with each question."""
FIRST_BELOW = 2**30
"""Each line counts from a number of its own, so that no two ask the same: an answer that is kept is known as old."""
PORT = 11111
ALWAYS = {"User-Agent": "obsy", "Connection": "close", "Cache-Control": "no-cache, no-store"}
OK = 200
SAID = 200
"""So much of what a server says is shown."""


class AlpacaSilence(DeviceTimeout):
    """A server did not answer; what it was asked may still be done. `words` is it without its cure."""

    def __init__(self, words: str, cure: str = "") -> None:
        super().__init__(f"{words}: {cure}" if cure else words)
        self.words = words


@dataclass(frozen=True, slots=True)
class AlpacaPage:
    """What a server answered; `kind` is its media type, `number` that of the question."""

    content: bytes
    kind: str
    number: int


class _Request(NamedTuple):
    """A question or a command, as HTTP has it."""

    number: int
    method: str
    path: str
    body: str | None
    headers: dict[str, str]
    errand: AlpacaErrand | None = None
    """Of a command: a question that comes late does nothing."""


class AlpacaLine:
    """A server by its address. Nothing is kept open: a server that begins anew is met as it is."""

    def __init__(self, address: str) -> None:
        """address: `http://host:port`."""
        self.address, place = address.rstrip("/"), urlsplit(address)
        self._secure, self._host = place.scheme == "https", place.hostname or ""
        self._port = place.port or (443 if self._secure else PORT)
        self._under = place.path.rstrip("/")
        self._numbers, self._hanging = count(1 + secrets.randbelow(FIRST_BELOW)), 0
        self._errands: list[AlpacaErrand] = []

    async def get(
        self, path: str, said: Mapping[str, str], within_s: float = ANSWERS_WITHIN_S, accept: str = "application/json"
    ) -> AlpacaPage:
        """Return the answer to a question. Raise DeviceError if there is none in time, or it is a refusal of HTTP's."""
        number = next(self._numbers)
        query = urlencode({**said, **_signed(number)})
        request = _Request(number, "GET", f"{self._under}{path}?{query}", None, {"Accept": accept})
        return await self._apart(request, within_s)

    async def put(self, path: str, said: Mapping[str, str], within_s: float = ANSWERS_WITHIN_S) -> AlpacaPage:
        """Return the answer to a command. Raise as `get` does.

        Who stops waiting has it not sent any more; none overtakes an earlier one to the same device.
        """
        number = next(self._numbers)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        body = urlencode({**said, **_signed(number)})
        errand = self._errand(path.rpartition("/")[0])
        try:
            return await self._apart(_Request(number, "PUT", f"{self._under}{path}", body, headers, errand), within_s)
        finally:
            errand.give_up()

    def _errand(self, device: str) -> AlpacaErrand:
        self._errands = [each for each in self._errands if not each.is_over]
        errand = AlpacaErrand(device, [each for each in self._errands if each.device == device])
        self._errands.append(errand)
        return errand

    async def _apart(self, request: "_Request", within_s: float) -> AlpacaPage:
        if self._hanging >= HANGING:
            raise AlpacaSilence(f"the Alpaca server at {self.address} hangs: {HANGING} questions wait for it")
        answer: Future[AlpacaPage] = Future()
        answer.set_running_or_notify_cancel()  # from here on nobody can cancel it but its thread
        self._hanging += 1
        name = f"alpaca {request.path}"
        try:
            threading.Thread(target=self._settle, args=(answer, request, within_s), name=name, daemon=True).start()
        except RuntimeError as fault:  # the system has no thread to give
            self._hanging -= 1
            raise self._unasked(fault, request.path) from fault
        try:
            async with asyncio.timeout(within_s):
                return await asyncio.wrap_future(answer)
        except TimeoutError:
            what = f"the Alpaca server at {self.address} did not answer '{_asked(request.path)}' within {within_s:g} s"
            raise AlpacaSilence(what) from None

    def _settle(self, answer: "Future[AlpacaPage]", request: "_Request", within_s: float) -> None:
        try:
            page = self._fetched(request, within_s)
        except BaseException as fault:  # whatever it is, somebody waits for it
            answer.set_exception(fault if isinstance(fault, DeviceError) else self._fault(fault, request.path))
        else:
            answer.set_result(page)
        finally:
            self._hanging -= 1

    def _fetched(self, request: "_Request", within_s: float) -> AlpacaPage:
        number, method, path, body, headers, errand = request
        make = HTTPSConnection if self._secure else HTTPConnection
        limit_s = within_s + 1.0
        connection = make(self._host, self._port, timeout=limit_s)
        under_way = closing(errand) if errand is not None else nullcontext()
        with under_way, closing(connection), hung_up_after(limit_s, connection):
            if errand is not None and not errand.may_go(connection.sock):
                raise AlpacaSilence(f"the Alpaca server at {self.address} took too long to be sent '{_asked(path)}'")
            connection.request(method, path, body, {**ALWAYS, **headers})
            with connection.getresponse() as response:
                content = response.read()
        if response.status != OK:
            words = _plain(content)
            refusal = f"refused '{_asked(path)}': {response.status} {response.reason}{': ' * bool(words)}{words}"
            raise DeviceError(f"the Alpaca server at {self.address} {refusal}")
        return AlpacaPage(content, response.headers.get_content_type(), number)

    def _unasked(self, fault: RuntimeError, path: str) -> AlpacaSilence:
        cure = "see what else runs on this computer"
        return AlpacaSilence(f"the Alpaca server at {self.address} was not asked '{_asked(path)}' ({fault})", cure)

    def _fault(self, fault: BaseException, path: str) -> DeviceError:
        cause = getattr(fault, "strerror", None) or str(fault) or type(fault).__name__
        cure = "begin it there, or mend its address"
        return AlpacaSilence(f"no Alpaca server answers '{_asked(path)}' at {self.address} ({cause})", cure)


def _plain(content: bytes) -> str:
    """The beginning of what a server says, on one line; nothing of a page that is made for a browser."""
    words = " ".join(content.decode(errors="replace").split())
    return "" if words.startswith("<") else "".join(each for each in words if each.isprintable())[:SAID]


def _asked(path: str) -> str:
    """The question without what every question carries."""
    plain = path.partition("?")[0]
    return plain.partition("/api/v1/")[2] or plain


def _signed(number: int) -> dict[str, str]:
    return {"ClientID": str(CLIENT), "ClientTransactionID": str(number)}
