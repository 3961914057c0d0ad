"""The cards of a FITS header, as astropy reads them: a camera's file is only asked for what it says."""

import warnings
from collections.abc import Mapping
from typing import BinaryIO

from astropy.io import fits

Value = str | int | float | bool
Cards = Mapping[str, Value]

BLOCK = 2880
"""Source: FITS standard 4.0, section 3.1."""


def read_header(stream: BinaryIO) -> Cards | None:
    """The header at the stream's place, which is left at the first byte behind it; None if it has no END yet.

    Of a keyword that stands twice the first is kept; a value that is none by the standard counts as unsaid.
    """
    found: dict[str, Value] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            header = fits.Header.fromfile(stream)
        except (OSError, EOFError, ValueError):  # no END yet, or not a whole block
            return None
        for card in header.cards:
            try:
                value = card.value
            except (fits.VerifyError, ValueError):
                continue
            if isinstance(value, (str, int, float, bool)) and card.keyword:
                found.setdefault(card.keyword, value)
    return found
