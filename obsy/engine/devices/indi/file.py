"""What a camera's driver sends as a file, with the cards that obsy knows better."""

from collections.abc import Iterable

from astropy.io import fits

from obsy.engine.identity import Card
from obsy.errors import DeviceError

CARD, BLOCK = 80, 2880
"""Bytes; source: FITS standard 4.0, sections 3.1 and 4.1."""


def with_cards(content: bytes, cards: Iterable[Card]) -> bytes:
    """Return a FITS file with these cards in its first header; its pixels stay byte for byte.

    Raise DeviceError if it is no FITS file, or shorter than its header says.
    """
    begins = _pixels_begin(content)
    header = fits.Header.fromstring(content[:begins].decode("latin-1"))
    pixels, promised = content[begins:], header.data_size
    if len(pixels) < promised:
        raise DeviceError(f"the camera's file was cut short: {len(pixels)} of {promised} bytes of pixels came")
    for keyword, value, comment in cards:
        header[keyword] = value, comment
    said: str = header.tostring()
    return said.encode("ascii", "replace") + pixels.ljust(-(-len(pixels) // BLOCK) * BLOCK, b"\0")


def _pixels_begin(content: bytes) -> int:
    if content.startswith(b"SIMPLE  ="):
        for place in range(0, len(content), CARD):
            if content[place : place + CARD] == b"END".ljust(CARD):
                return -(-(place + CARD) // BLOCK) * BLOCK
    raise DeviceError("the camera sent no FITS file")
