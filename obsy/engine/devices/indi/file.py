"""What a camera's driver sends as a file, with the cards that obsy knows better."""

from collections.abc import Iterable
from contextlib import suppress

from astropy.io import fits

from obsy.engine.identity import Card, plain
from obsy.errors import DeviceError

CARD, BLOCK, KEYWORD = 80, 2880, 8
"""Bytes; source: FITS standard 4.0, sections 3.1 and 4.1."""
_VALUE_ENDS = 30
"""Bytes; a short value is filled up to there, section 4.2."""


def with_cards(content: bytes, cards: Iterable[Card]) -> bytes:
    """Return a FITS file with these cards in its first header; its other cards and its pixels stay byte for byte.

    What no FITS card can hold becomes '?'. Raise DeviceError if it is no FITS file, or shorter than its header says.
    """
    header, pixels = _header(content), content[_pixels_begin(content) :]
    promised = header.data_size
    if len(pixels) < promised:
        raise DeviceError(f"the camera's file was cut short: {len(pixels)} of {promised} bytes of pixels came")
    kept = _kept(content)
    for keyword, value, comment in cards:
        _put(kept, keyword, _images(keyword, value, comment))
    said = b"".join([*kept, b"END".ljust(CARD)])
    return _filled(said, b" ") + _filled(pixels, b"\0")


def said_by_driver(content: bytes, keyword: str) -> str | float | None:
    """Return the value of a card of the driver's, None if it has none or one that cannot be read."""
    with suppress(fits.VerifyError, ValueError):
        value = _header(content).get(keyword)
        return value.strip() if isinstance(value, str) else float(value) if isinstance(value, int | float) else None
    return None


def _header(content: bytes) -> fits.Header:
    return fits.Header.fromstring(content[: _pixels_begin(content)].decode("latin-1"))


def _kept(content: bytes) -> list[bytes]:
    """The cards before END."""
    cards = [content[place : place + CARD] for place in range(0, _pixels_begin(content), CARD)]
    return cards[: cards.index(b"END".ljust(CARD))]


def _images(keyword: str, value: str | float, comment: str) -> list[bytes]:
    """A card, and those that go on with it; a comment that finds no place is left out."""
    shown = plain(value) if isinstance(value, str) else value
    ends = KEYWORD + 2 + len(str(shown).replace("'", "''")) + 2
    room = CARD - max(_VALUE_ENDS, ends) - len(" / ")
    image = str(fits.Card(keyword, shown, comment if len(comment) <= room else "").image).encode("ascii")
    return [image[place : place + CARD] for place in range(0, len(image), CARD)]


def _put(kept: list[bytes], keyword: str, images: list[bytes]) -> None:
    """Have a keyword once, where the driver wrote it first."""
    name, rest, written_over = keyword.encode().ljust(KEYWORD), list[bytes](), False
    place = next((number for number, card in enumerate(kept) if card[:KEYWORD] == name), len(kept))
    for card in kept:
        written_over = card[:KEYWORD] == name or (written_over and card[:KEYWORD] == b"CONTINUE")
        if not written_over:
            rest.append(card)
    kept[:] = [*rest[:place], *images, *rest[place:]]


def _filled(part: bytes, filling: bytes) -> bytes:
    return part.ljust(-(-len(part) // BLOCK) * BLOCK, filling)


def _pixels_begin(content: bytes) -> int:
    if content.startswith(b"SIMPLE  ="):
        for place in range(0, len(content), CARD):
            if content[place : place + CARD] == b"END".ljust(CARD):
                return -(-(place + CARD) // BLOCK) * BLOCK
    raise DeviceError("the camera sent no FITS file")
