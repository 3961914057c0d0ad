"""The pixels of one image, from bytes that nobody vouches for."""

import io
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image

from obsy.errors import UserError

LARGEST = 64 * 2**20
"""Bytes of a file; an all-sky camera's largest is a tenth of it."""
MOST_PIXELS = 100_000_000
LEAST_SIDE = 64
"""Pixels; nothing can be seen in a smaller image."""
SIDE = 1000
"""Pixels of the longer side that are looked at; larger images are averaged down to at most that."""
FORMATS = ("JPEG", "PNG", "WEBP", "TIFF")


@dataclass(frozen=True)
class Picture:
    """An image as it is looked at."""

    rgb: NDArray[np.uint8]
    """(rows, columns, 3); three equal planes if the camera is monochrome."""
    exposed_at: datetime | None
    """When its own header says that it was exposed; aware."""


def opened(raw: bytes, zone: tzinfo) -> Picture:
    """Return the image, its longer side at most SIDE pixels.

    zone: of a time in its header that names none. Raise UserError if it is too large, too small, cut short or no image.
    """
    if len(raw) > LARGEST:
        raise UserError(f"it is longer than {LARGEST // 2**20} MB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of EXIF; what counts is checked below
            with Image.open(io.BytesIO(raw), formats=FORMATS) as image:
                return Picture(_reduced(image), _exposed(image, zone))
    except UserError:
        raise
    except Exception as fault:  # Pillow raises OSError, SyntaxError, struct.error and others for spoilt files
        raise UserError(f"it cannot be read as an image: {fault}") from None


def _reduced(image: Image.Image) -> NDArray[np.uint8]:
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise UserError(f"it has {width} x {height} pixels, more than {MOST_PIXELS // 10**6} million")
    if min(width, height) < LEAST_SIDE:
        raise UserError(f"it has {width} x {height} pixels, fewer than {LEAST_SIDE} on a side")
    image.draft("RGB", (SIDE, SIDE * height // width))  # JPEG alone: decoded at half or a quarter of its size
    if image.mode in ("I", "I;16", "I;16B", "I;16L", "F"):
        image = _eight_bits(image)
    if (factor := -(-max(image.size) // SIDE)) > 1:
        image = (image if image.mode in ("L", "RGB") else image.convert("RGB")).reduce(factor)
    return np.asarray(image.convert("RGB"))


def _eight_bits(image: Image.Image) -> Image.Image:
    """Return a deep monochrome image, stretched from 16 bits, which Pillow would clip."""
    return Image.fromarray((np.clip(np.asarray(image, np.float32), 0, 65535) / 257).astype(np.uint8))


def _exposed(image: Image.Image, zone: tzinfo) -> datetime | None:
    exif = image.getexif()
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    said = inner.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
    if str(exif.get(ExifTags.Base.Software)).startswith("indi-allsky"):
        zone = UTC  # it writes UTC there, and local time everywhere else
    offset = inner.get(ExifTags.Base.OffsetTimeOriginal) or ""
    for text, form in ((f"{said}{offset}", "%Y:%m:%d %H:%M:%S%z"), (str(said), "%Y:%m:%d %H:%M:%S")):
        try:
            found = datetime.strptime(text.strip("\0 "), form)
            return found if found.tzinfo else found.replace(tzinfo=zone)
        except ValueError:
            continue
    return None
