"""A frame of an Alpaca camera as a FITS file, with the cards that INDI's drivers write."""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO

from astropy.io import fits

from obsy.engine.devices.alpaca.image import Pixels
from obsy.engine.devices.capture import FRAMES
from obsy.engine.devices.ports import Exposure
from obsy.engine.identity import Card
from obsy.schemas.train import Train


def fits_file(pixels: Pixels, cards: Iterable[Card]) -> bytes:
    """Return the file; counts of 16 bits are written with BZERO, as FITS has no others without a sign."""
    header = fits.Header()
    for keyword, value, comment in cards:
        header[keyword] = (value, comment)
    unit = fits.PrimaryHDU(pixels, header)
    stream = BytesIO()
    unit.writeto(stream)
    return stream.getvalue()


def camera_cards(
    train: Train, exposure: Exposure, seconds: float, began: datetime, celsius: float | None
) -> list[Card]:
    """Return what a driver of INDI's says of a frame.

    seconds: for which it was exposed. began: UTC. celsius: the sensor's, None if it does not say.
    """
    frame, pixel, binning = FRAMES[exposure.kind], train.camera.pixel, exposure.binning
    cards: list[Card] = [
        ("ROWORDER", "TOP-DOWN", "Row Order"),
        ("INSTRUME", train.camera.model, "Camera Name"),
        ("EXPTIME", seconds, "Total Exposure Time (s)"),
        ("PIXSIZE1", pixel, "Pixel Size 1 (microns)"),
        ("PIXSIZE2", pixel, "Pixel Size 2 (microns)"),
        ("XBINNING", binning, "Binning factor in width"),
        ("YBINNING", binning, "Binning factor in height"),
        ("XPIXSZ", pixel * binning, "X binned pixel size in microns"),
        ("YPIXSZ", pixel * binning, "Y binned pixel size in microns"),
        ("FRAME", frame, "Frame Type"),
        ("IMAGETYP", f"{frame} Frame", "Frame Type"),
        ("DATE-OBS", began.replace(tzinfo=None).isoformat(timespec="milliseconds"), "UTC start date of observation"),
    ]
    if frame == "Dark":
        cards.append(("DARKTIME", seconds, "Total Dark Exposure Time (s)"))
    if celsius is not None:
        cards.append(("CCD-TEMP", round(celsius, 3), "CCD Temperature (Celsius)"))
    if train.camera.bayer is not None:
        cards += [("XBAYROFF", 0, "X offset of Bayer array"), ("YBAYROFF", 0, "Y offset of Bayer array")]
        cards.append(("BAYERPAT", train.camera.bayer, "Bayer color pattern"))
    return cards
