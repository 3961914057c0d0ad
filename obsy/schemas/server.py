"""A server of devices that somebody else keeps at work: obsy connects to it, and never starts or ends it."""

import re
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from obsy.diagnostics import unfit
from obsy.schemas.address import HOST, LAST_PORT, NAME, ServerAddress
from obsy.schemas.model import Model, Text

INDI_PORT, ALPACA_PORT = 7624, 11111
"""Where servers listen, unless they say otherwise. Sources: INDI's indiserver(1); Alpaca API Reference."""
URL = rf"^https?://({NAME}|\[[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\])(:[0-9]{{0,5}})?(/[^\s?#]*)?$"
"""A host, or an IPv6 address in brackets; obsy adds the path of Alpaca's API to what the address has."""
BEGINS = r"(?i)^(?:https?:?/+)*(https?)(?::/+|//+)(?=[^/])"
"""How addresses of http begin, and slips of them: `http:/`, `http//`, `http://http://`."""
EXAMPLE = "write for example 'http://192.168.1.20:11111'"


class DeviceServer(Model):
    """Exactly one address: of an INDI server, or of an Alpaca server."""

    name: Text
    """What devices and messages call it."""
    indi: Annotated[Text | None, Field(json_schema_extra={"pattern": HOST})] = None
    """The host of an INDI server, with `:port` unless it is 7624."""
    alpaca: Annotated[Text | None, Field(json_schema_extra={"pattern": URL})] = None
    """The address of an Alpaca server, such as `http://192.168.1.20:11111`."""

    @property
    def way(self) -> str:
        """Return what it speaks: `indi` or `alpaca`."""
        return "indi" if self.indi is not None else "alpaca"

    @property
    def kind(self) -> str:
        """Return what it speaks, as people write it."""
        return "INDI" if self.indi is not None else "Alpaca"

    @property
    def address(self) -> ServerAddress:
        """Return host and port."""
        if self.alpaca is not None:
            place = urlsplit(self.alpaca)
            usual = 443 if place.scheme == "https" else ALPACA_PORT
            return ServerAddress(place.hostname or "", place.port or usual)
        return ServerAddress.of(self.indi or "", INDI_PORT)

    @property
    def at(self) -> str:
        """Return its address in words."""
        return self.alpaca or str(self.address)

    @model_validator(mode="after")
    def _is_an_address(self) -> Self:
        if (self.indi is None) == (self.alpaca is None):
            found = "neither indi nor alpaca" if self.indi is None else "both indi and alpaca"
            words = ("one server", f"write '{{name: {self.name}, indi: localhost}}'")
            raise unfit("one-driver", found=found, expected=words[0], mend=words[1])
        if self.alpaca is not None and (meant := _expected(self.alpaca)) is not None:
            private = "an address with a user" if "@" in self.alpaca else ""  # its password is not repeated
            raise unfit("not-understood", at=("alpaca",), found=private, expected=meant[0], mend=meant[1])
        if self.indi is not None and not re.fullmatch(HOST, self.indi):
            host = re.sub(r"\.{2,}", ".", re.sub(r"^[a-z]+://|/.*$", "", self.indi))
            mend = f"write '{host}'" if re.fullmatch(HOST, host) else "write for example 'raspberrypi.local'"
            expected = "a name or an IPv4 address" if host.count(":") > 1 else "a host, or 'host:port'"
            raise unfit("not-understood", at=("indi",), expected=expected, mend=mend)
        host, _, port = (self.indi or "").partition(":")
        if port and not 0 < int(port) <= LAST_PORT:
            words = (f"a port from 1 to {LAST_PORT}", f"write '{host}:{INDI_PORT}'")
            raise unfit("out-of-range", at=("indi",), expected=words[0], mend=words[1])
        return self


def _expected(url: str) -> tuple[str, str] | None:
    """Return what should stand in the place of an Alpaca server's address, and the cure; None if it is one."""
    if (once := re.sub(BEGINS, r"\1://", url)) != url:
        return "an address of http", f"write '{once}'" if re.fullmatch(URL, once) else EXAMPLE
    try:
        place = urlsplit(url)
        has_port = place.port != 0
    except ValueError:
        return "an address of http", EXAMPLE
    host, path = place.netloc.rpartition("@")[2], re.sub(r"(?i)/(api|setup)(/.*)?$", "", place.path)
    meant = f"{place.scheme}://{re.sub(r'[.]{2,}', '.', host)}{path}"
    mend = f"write '{meant}'" if has_port and re.fullmatch(URL, meant) else EXAMPLE
    if "@" in place.netloc:
        return "an address without user and password", mend
    if "?" in url or "#" in url:
        return "an address without '?' and '#'", mend
    if path != place.path:
        return "the address of the server alone, to which obsy adds '/api/v1'", mend
    return None if has_port and re.fullmatch(URL, url) else ("an address of http", mend)
