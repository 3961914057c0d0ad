"""A page that holds the readings."""

import base64
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

from obsy.engine.devices.hung_up import hung_up_after
from obsy.engine.devices.ports import Clock, Reading
from obsy.engine.devices.sources.apart import ANSWER_S, Apart, login
from obsy.engine.devices.sources.file import Understand
from obsy.engine.devices.sources.text import LARGEST
from obsy.errors import DeviceError

CONNECT_S = 5.0
OK = 200


class HttpSource:
    """A weather input behind an address; what has no time of its own is as old as the server or a cache says."""

    def __init__(self, clock: Clock, address: str, secret: str | None, understand: Understand) -> None:
        self._clock, self._address, self._secret, self._understand = clock, address, secret, understand
        self._apart = Apart(address)

    async def read(self) -> Reading:
        """Return what the page says. Raise DeviceError unless it comes whole, in time, and makes sense."""
        return await self._apart.run(self._read)

    def _read(self) -> Reading:
        page = fetched(self._clock, self._address, self._secret, LARGEST)
        said = self._understand(page.raw, page.is_whole)
        return Reading(said.values, min(page.made_at, said.taken_at or page.made_at))


@dataclass(frozen=True)
class Page:
    """What an address answered, when that was made, and whether it is known that all of it is there."""

    raw: bytes
    made_at: datetime
    is_whole: bool


def fetched(clock: Clock, address: str, secret: str | None, most: int) -> Page:
    """Return what an address answers, one byte more than `most` at the longest. Raise DeviceError if it refuses."""
    place = urlsplit(address)
    kind = HTTPSConnection if place.scheme == "https" else HTTPConnection
    connection = kind(place.hostname or "", place.port, timeout=CONNECT_S)
    with closing(connection), hung_up_after(ANSWER_S, connection):
        query = f"?{place.query}" if place.query else ""
        connection.request("GET", f"{place.path or '/'}{query}", headers=_headers(secret))
        with connection.getresponse() as response:
            return _answer(response, clock.now(), most)


def _headers(secret: str | None) -> dict[str, str]:
    headers = {"Accept-Encoding": "identity", "Cache-Control": "no-cache", "User-Agent": "obsy"}
    if secret is not None:
        pair = base64.b64encode(":".join(login(secret)).encode()).decode()
        headers["Authorization"] = f"Basic {pair}"
    return headers


def _answer(response: HTTPResponse, arrived: datetime, most: int) -> Page:
    if response.status != OK:
        raise DeviceError(f"it answered {response.status} {response.reason}")
    length = response.length
    raw = response.read(most + 1)
    if length is not None and len(raw) < min(length, most):
        raise DeviceError(f"it sent {len(raw)} bytes of {length}")
    return Page(raw, _as_old(response, arrived), length is not None or bool(response.chunked))


def _as_old(response: HTTPResponse, arrived: datetime) -> datetime:
    """When the page was made, as far as its headers tell; else when it arrived."""
    kept_s = response.getheader("Age", "0")
    made = arrived - timedelta(seconds=min(int(kept_s), 10**8) if kept_s.isascii() and kept_s.isdigit() else 0)
    with suppress(ValueError, TypeError, OverflowError):  # no date, or none that can be read
        changed = parsedate_to_datetime(response.getheader("Last-Modified", ""))
        made = min(made, changed if changed.tzinfo else changed.replace(tzinfo=UTC))
    return made
