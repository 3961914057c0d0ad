"""A server of devices that somebody else keeps at work: obsy connects to it, and never starts or ends it."""

import re
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from obsy.diagnostics import unfit
from obsy.schemas.address import ServerAddress
from obsy.schemas.device import LAST_PORT
from obsy.schemas.model import Model, Text

INDI_PORT, ALPACA_PORT = 7624, 11111
"""Where servers listen, unless they say otherwise. Sources: INDI's indiserver(1); Alpaca API Reference."""
HOST, URL = r"^[^\s/:.]{1,63}(\.[^\s/:.]{1,63})*\.?(:\d{1,5})?$", r"^https?://[^/\s]+"
"""A label of a host's name has 1 to 63 letters. Source: RFC 1035, 2.3.4."""


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
        if self.alpaca is not None and not (re.match(URL, self.alpaca) and _has_port(self.alpaca)):
            words = ("an address of http", "write for example 'http://192.168.1.20:11111'")
            raise unfit("not-understood", at=("alpaca",), expected=words[0], mend=words[1])
        if self.indi is not None and not re.fullmatch(HOST, self.indi):
            host = re.sub(r"\.{2,}", ".", re.sub(r"^[a-z]+://|/.*$", "", self.indi))
            mend = f"write '{host}'" if re.fullmatch(HOST, host) else "write for example 'raspberrypi.local'"
            expected = "a name or an IPv4 address" if host.count(":") > 1 else "a host, or 'host:port'"
            raise unfit("not-understood", at=("indi",), expected=expected, mend=mend)
        if self.indi is not None and not 0 < self.address.port <= LAST_PORT:
            words = (f"a port from 1 to {LAST_PORT}", f"write '{self.address.host}:{INDI_PORT}'")
            raise unfit("out-of-range", at=("indi",), expected=words[0], mend=words[1])
        return self


def _has_port(url: str) -> bool:
    """Return whether the port of an address, if it says one, may be one."""
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False
