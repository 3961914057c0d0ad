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
MOST_PIXELS = 1 << 30
"""More than ten times those of the largest sensor; a damaged header may promise any number."""
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
                part, header = picture_of(hdus, path)
                counts = part.data
                sound = counts.astype(counts.dtype.newbyteorder("="), copy=False)
    except FrameError:
        raise
    except Exception as fault:  # what is damaged within a compressed picture raises whatever the decoder stumbles over
        raise FrameError("not-an-image", f"{path.name} cannot be read as FITS: {fault}") from fault
    return sound, header


def header_of(path: Path) -> fits.Header:
    """Return the header that `read` does, without the pixels. Raises FrameError as it does."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with path.open("rb") as stream, fits.open(stream, memmap=False) as hdus:
                return picture_of(hdus, path)[1]
    except (OSError, ValueError, TypeError, KeyError, fits.VerifyError) as fault:
        raise FrameError("not-an-image", f"{path.name} cannot be read as FITS: {fault}") from fault


def section(part: Any, band: slice, path: Path) -> NDArray[Any]:
    """Return some rows of a picture. Raises FrameError if they cannot be unpacked."""
    try:
        rows: NDArray[Any] = part.section[band]
    except Exception as fault:  # see `read`
        raise FrameError("not-an-image", f"{path.name} cannot be read as FITS: {fault}") from fault
    return rows


def picture_of(hdus: fits.HDUList, path: Path) -> tuple[Any, fits.Header]:
    """Return the part that holds the picture, and its cards before those of an empty first part.

    Raises FrameError with code 'not-an-image' if none of rows and columns is there, several are, or it is endless.
    """
    part, header = hdus[0], hdus[0].header.copy()
    if not header.get("NAXIS"):
        behind = [each for each in hdus[1:] if each.is_image and each.header.get("NAXIS")]
        if len(behind) == 1:
            part, header = behind[0], behind[0].header.copy()
            header.extend(hdus[0].header.copy(strip=True), unique=True)
    rows, columns = (int(header.get(key, 0)) for key in ("NAXIS2", "NAXIS1"))
    if header.get("NAXIS") != 2 or not 0 < rows * columns <= MOST_PIXELS:  # noqa: PLR2004
        raise FrameError("not-an-image", f"{path.name} holds no picture of rows and columns")
    return part, header


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
