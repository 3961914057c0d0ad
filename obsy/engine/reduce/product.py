"""FITS files that workers read and write: whole or not at all, and never with a warning."""

import hashlib
import io
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from obsy import __version__
from obsy.engine.disk import write_whole
from obsy.engine.identity import Card
from obsy.errors import FrameError

Image = NDArray[np.float32]
NUMBERS = ("BZERO", "BSCALE", "BLANK", "CHECKSUM", "DATASUM")
"""Cards of a file's own number format."""
SENSOR = ("BAYERPAT", "XBAYROFF", "YBAYROFF", "BAYOFFX", "BAYOFFY", "COLORTYP", "ROWORDER")
"""Cards of the colours before a sensor's pixels, and of the order of its rows."""


def read(path: Path) -> tuple[NDArray[Any], fits.Header]:
    """The picture, (rows, columns), in the machine's byte order, and its header.

    It is the first part; where that is empty, the only picture among the others, compressed or not.
    Raises FrameError with code 'not-an-image' when there is none to be had.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with path.open("rb") as stream, fits.open(stream, memmap=False) as hdus:
                part = _part(hdus)
                counts, header = part.data, part.header.copy()
                if part is not hdus[0]:
                    header.extend(hdus[0].header.copy(strip=True), unique=True)
    except (OSError, ValueError, TypeError, KeyError, fits.VerifyError) as fault:
        raise FrameError("not-an-image", f"{path.name} cannot be read as FITS: {fault}") from fault
    if counts is None or counts.ndim != 2 or not counts.size:  # noqa: PLR2004
        raise FrameError("not-an-image", f"{path.name} holds no picture of rows and columns")
    return counts.astype(counts.dtype.newbyteorder("="), copy=False), header


def _part(hdus: fits.HDUList) -> Any:
    """Return the part that holds the picture; the first if there is none, or several behind it."""
    is_bare = not hdus[0].header.get("NAXIS")
    pictures = [each for each in hdus[1:] if each.is_image and each.header.get("NAXIS")] if is_bare else []
    return pictures[0] if len(pictures) == 1 else hdus[0]


def dress(header: fits.Header, cards: Iterable[Card]) -> fits.Header:
    """The header with obsy's cards set; one that FITS cannot hold is cut or left out, never warned of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for keyword, value, comment in (*cards, ("OBSY", __version__, "version of obsy that wrote this")):
            if isinstance(value, float) and not np.isfinite(value):
                continue
            header[keyword] = (value, comment)
    return header


def filled(counts: Image) -> Image:
    """The counts, with the frame's median where there is no value."""
    holes = ~np.isfinite(counts)
    return np.where(holes, np.float32(np.nanmedian(counts[::4, ::4])), counts) if holes.any() else counts


def image(counts: NDArray[Any], header: fits.Header, *, on_grid: bool = False) -> fits.HDUList:
    """A file of one float32 picture; cards of the raw file's own number format are dropped.

    on_grid: its pixels are no longer the sensor's, so that what the header says of those is dropped as well.
    """
    bare = header.copy(strip=True)
    for keyword in (*NUMBERS, *(SENSOR if on_grid else ())):
        bare.remove(keyword, ignore_missing=True, remove_all=True)
    if on_grid:
        bare["ROWORDER"] = ("BOTTOM-UP", "the first row is the lowest")
    return fits.HDUList([fits.PrimaryHDU(np.asarray(counts, dtype=np.float32), bare)])


def write(path: Path, hdus: fits.HDUList) -> str:
    """Write a FITS file whole or not at all, the same bytes for the same content; return their SHA-256."""
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        hdus.writeto(buffer, output_verify="silentfix")
    write_whole(path, buffer.getvalue())
    return hashlib.sha256(buffer.getbuffer()).hexdigest()
