"""What a header says of the telescope and the camera that took a frame, whichever program wrote it."""

import re
from math import hypot
from typing import NamedTuple

from obsy.engine.frames.cards import Cards
from obsy.engine.frames.dialects import dialect_of
from obsy.engine.frames.fact import amount, named, text
from obsy.engine.frames.header import binning

SCALES = "PIXSCALE", "SECPIX", "IM_SCALE", "SCALE"
"""Arcseconds a pixel, as different programs call it."""
CONVERSIONS = "EGAIN", "CVF", "E-GAIN", "EPERADU"
"""Electrons per ADU. GAIN may be that or a setting, and is not asked. Source: headers of some thirty programs."""
BAYER = "BAYERPAT", "COLORTYP"
MATRIX = re.compile("RGGB|BGGR|GRBG|GBRG")
LEAST_E_PER_ADU, MOST_E_PER_ADU = 0.001, 100.0
COLDEST_C, WARMEST_C = -120.0, 50.0
"""What coolers are set to."""
FINEST_UM, COARSEST_UM = 0.5, 100.0
"""Edges of pixels between which there are sensors for astronomy."""


class TakenWith(NamedTuple):
    """The instrument of one frame; None is what the header does not say, or leaves at 0."""

    camera: str
    """Empty if it is not named."""
    size: tuple[int, int]
    """Columns x rows of unbinned pixels."""
    binning: int
    pixel_um: float | None
    """Edge of an unbinned pixel."""
    focal_mm: float | None
    aperture_mm: float | None
    scale_arcsec: float | None
    """A pixel of the frame, binned as it is; as a solution says it, else by a card of its own."""
    conversion: float | None
    """Electrons per ADU."""
    set_c: float | None
    """What its cooler was set to, degrees Celsius."""
    bayer: str | None
    """The colours of the first four pixels, in the order of the file."""


def taken_with(cards: Cards) -> TakenWith:
    """Return what the cards of a frame that `describe` takes say of its instrument."""
    across = binning(cards)
    side = across[0] if across else 1
    focal, aperture = _positive(cards, "FOCALLEN"), _positive(cards, "APTDIA")
    if aperture is None and focal is not None and (ratio := _positive(cards, "FOCRATIO")):
        aperture = focal / ratio
    cooled, electrons = amount(cards, "SET-TEMP"), _positive(cards, *CONVERSIONS) or 0.0
    return TakenWith(
        camera=named(cards, "INSTRUME"),
        size=(int(cards["NAXIS1"]) * side, int(cards["NAXIS2"]) * side),
        binning=side,
        pixel_um=_pixel(cards, side),
        focal_mm=focal,
        aperture_mm=aperture,
        scale_arcsec=_solved(cards) or _positive(cards, *SCALES),
        conversion=electrons if LEAST_E_PER_ADU <= electrons <= MOST_E_PER_ADU else None,
        set_c=cooled[0] if cooled and COLDEST_C <= cooled[0] <= WARMEST_C else None,
        bayer=_bayer(cards),
    )


def _pixel(cards: Cards, side: int) -> float | None:
    """XPIXSZ is of the pixels as they were binned, the others of the sensor's, CCDXPIXE in metres.

    Source: XPIXSZ by the SBIGFITSEXT conventions; the others by headers of PRISM, INDI and Las Cumbres.
    """
    own, metres, binned = (_positive(cards, *keys) for keys in (("XPIXELSZ", "PIXSIZE1"), ("CCDXPIXE",), ("XPIXSZ",)))
    edges = (own, metres and round(metres * 1e6, 4), binned and binned / side)
    return next((edge for edge in edges if edge is not None and FINEST_UM <= edge <= COARSEST_UM), None)


def _solved(cards: Cards) -> float | None:
    """Return the scale of a solution, arcsec a pixel along columns: of its CD matrix, or CDELT."""
    if not text(cards, "CTYPE1").startswith("RA--"):
        return None
    if (first := amount(cards, "CD1_1")) is not None:
        return 3600.0 * hypot(first[0], (amount(cards, "CD2_1") or (0.0, ""))[0]) or None
    step = amount(cards, "CDELT1")
    return 3600.0 * abs(step[0]) or None if step else None


def _bayer(cards: Cards) -> str | None:
    """Return the matrix as the file's first rows have it: XBAYROFF and YBAYROFF move it by a column or a row."""
    for key in (*BAYER, *(["FILTER"] if dialect_of(cards).field else [])):
        if match := MATRIX.fullmatch(text(cards, key).upper()):
            colours = match[0]
            for offset, order in (("XBAYROFF", (1, 0, 3, 2)), ("YBAYROFF", (2, 3, 0, 1))):
                if int((amount(cards, offset) or (0.0, ""))[0]) % 2:
                    colours = "".join(colours[place] for place in order)
            return colours
    return None


def _positive(cards: Cards, *keys: str) -> float | None:
    """Return the first of these that is above zero: 0 and less are how programs say that nobody set it."""
    return next((value[0] for key in keys if (value := amount(cards, key)) and value[0] > 0), None)
