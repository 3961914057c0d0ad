"""The files of a film of the Sun: each picture as FITS with all its numbers, and as PNG to look at."""

import io
from pathlib import Path

import numpy as np
from astropy.io import fits
from PIL import Image

from obsy.engine.disk import write_whole
from obsy.engine.identity import plain
from obsy.engine.science.sun.ser import SerVideo
from obsy.engine.science.sun.solar_line import Floats
from obsy.engine.science.sun.sun_pictures import SunPictures
from obsy.errors import UserError

DARKEST, BRIGHTEST = 0.5, 99.9
"""Percentiles of a picture that become black and white."""
WHITE = 65_535


def write_sun(folder: Path, found: SunPictures, video: SerVideo) -> list[Path]:
    """Write a film's pictures, each file whole or not at all, and return them. Raises UserError if the disk refuses."""
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, picture in found.pictures.items():
            for end, content in ((".fits", _fits(name, picture, found, video)), (".png", _png(name, picture))):
                path = folder / f"{video.path.stem}-{name}{end}"
                write_whole(path, content)
                written.append(path)
    except OSError as fault:
        raise UserError(f"'{folder}' cannot be written into: {fault.strerror or fault}") from None
    return written


def _fits(name: str, picture: Floats, found: SunPictures, video: SerVideo) -> bytes:
    hdu = fits.PrimaryHDU(picture.astype(np.float32))
    cards: list[tuple[str, object, str]] = [
        ("OBJECT", "Sun", "what it shows"),
        ("SUNIMAGE", name, "in which light"),
        ("CRPIX1", found.middle[0] + 1, "the Sun's middle, from 1"),
        ("CRPIX2", found.middle[1] + 1, "the Sun's middle, from 1"),
        ("SUNRAD", round(found.disc.radius, 3), "[px] the Sun's radius"),
        ("LINEFWHM", round(found.line.fwhm, 2), "[px] width of the line, rows of the film"),
        ("LINESHFT", found.shift, "[px] of the picture in the line, rows"),
        ("LINEWING", round(found.wing, 2), "[px] of the wings, rows"),
        ("LINECONT", found.line.continuum, "[px] of the continuum, rows"),
        ("STRETCH", round(found.disc.stretch, 5), "frames were drawn apart by"),
        ("SHEAR", round(found.disc.shear, 5), "[px] along the slit a frame"),
        ("INSTRUME", video.instrument, ""),
        ("TELESCOP", video.telescope, ""),
        ("OBSERVER", video.observer, ""),
    ]
    for key, when in (("DATE-OBS", video.began), ("DATE-END", video.ended)):
        if when is not None:
            cards.append((key, when.replace(tzinfo=None).isoformat(timespec="milliseconds"), "UTC"))
    for key, value, comment in cards:
        if value != "":
            hdu.header[key] = plain(value) if isinstance(value, str) else value, comment
    content = io.BytesIO()
    hdu.writeto(content)
    return content.getvalue()


def _png(name: str, picture: Floats) -> bytes:
    """Return a picture of 16 bits, its first row at the bottom as in FITS; of a Doppler picture 0 is grey."""
    if name == "doppler":
        high = max(float(np.percentile(np.abs(picture), BRIGHTEST)), 1e-9)
        low = -high
    else:
        low, high = (float(each) for each in np.percentile(picture, (DARKEST, BRIGHTEST)))
    shown = np.clip((picture - low) / max(high - low, 1e-9), 0, 1) * WHITE
    content = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(shown[::-1]).round().astype(np.uint16)).save(content, "PNG")
    return content.getvalue()
