"""What the devices of an INDI server say to whoever comes: nothing is connected, moved or kept."""

import socket
import time
from collections import defaultdict
from collections.abc import Mapping
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from obsy.errors import DeviceError

PORT = 7624
CONNECT_S, QUIET_S, LONGEST_S = 5.0, 1.0, 10.0
"""A server tells all that it has at once; when it has defined nothing for so long, it has no more."""
Properties = Mapping[str, Mapping[str, str]]
"""The elements of each property, by name."""


def glance(host: str, port: int = PORT) -> dict[str, Properties]:
    """Return what each device has defined, by its name.

    Raise DeviceError if no server answers there, or what answers is none of INDI's.
    """
    try:
        with socket.create_connection((host, port), CONNECT_S) as line:
            line.sendall(b'<getProperties version="1.7"/>\n')
            line.settimeout(QUIET_S / 5)
            return _heard(line)
    except ParseError:
        raise DeviceError(f"what answers at {host}:{port} does not speak INDI") from None
    except UnicodeError:
        raise DeviceError(f"no INDI server answers at {host}:{port} (that is no name of a host)") from None
    except OSError as refusal:
        raise DeviceError(f"no INDI server answers at {host}:{port} ({refusal.strerror or refusal})") from None


def _heard(line: socket.socket) -> dict[str, Properties]:
    found: dict[str, dict[str, Mapping[str, str]]] = defaultdict(dict)
    parser: XMLPullParser[Element] = XMLPullParser(["end"])
    parser.feed("<indi>")  # what follows has no root of its own
    began = defined = time.monotonic()
    while time.monotonic() < min(defined + QUIET_S, began + LONGEST_S) and (chunk := _chunk(line)) is not None:
        parser.feed(chunk)
        if (flush := getattr(parser, "flush", None)) is not None:  # Python 3.13's keeps back what comes in pieces
            flush()
        for event in parser.read_events():
            element = event[-1]
            if isinstance(element, Element) and element.tag.startswith("def") and element.tag.endswith("Vector"):
                said = {part.get("name", ""): (part.text or "").strip() for part in element}
                found[element.get("device", "")][element.get("name", "")] = said
                defined = time.monotonic()
    return dict(found)


def _chunk(line: socket.socket) -> bytes | None:
    """What has come by now; None when the server has hung up."""
    try:
        return line.recv(65536) or None
    except TimeoutError:
        return b""
