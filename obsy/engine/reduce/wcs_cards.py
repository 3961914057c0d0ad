"""The cards that say where a picture's pixels lie on the sky: a plane's own, and nobody else's beside them."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS

from obsy.engine.identity import Card
from obsy.engine.reduce.plane import tangent
from obsy.engine.reduce.product import dress

_SAID = re.compile(
    r"(?:WCSAXES|WCSNAME|(?:CTYPE|CUNIT|CRVAL|CRPIX|CDELT|CROTA|CNAME|CRDER|CSYER|CZPHS|CPERI)\d{1,2}"
    r"|(?:PC|CD|PV|PS)\d{1,2}_\d{1,3}|LONPOLE|LATPOLE|RADESYS|EQUINOX)[A-Z]?"
    r"|(?:PC|CD)\d{6}|PROJP\d|RADECSYS|EPOCH"  # as drafts of the standard and older programs have it
    r"|(?:A|B|AP|BP)_(?:ORDER|DMAX|\d+_\d+)"  # SIP
    r"|(?:(?:CPDIS|CQDIS|CPERR|CQERR|DVERR|D2IMDIS|D2IMERR|D2IMARR)\d*|AXISCORR|D[PQ]\d+)[A-Z]?(?:\..*)?"
    r"|WCSDIM|WAT\d_\d{3}|AMD[XY]\d+|PPO\d|CNPIX\d"  # IRAF's TNX and ZPX, and plates of the Digitized Sky Survey
)
"""Keywords of a celestial WCS.

Source: FITS standard 4.0, table 22 and section 8; Shupe et al. 2005, ASP Conf. 347, 491 (SIP); what wcslib reads.
"""


def cards(plane: WCS) -> tuple[Card, ...]:
    """Return the header cards that say the same as a tangent plane."""
    w = plane.wcs
    texts = {"CTYPE": w.ctype, "CUNIT": [str(unit) for unit in w.cunit]}
    numbers = {"CRVAL": w.crval, "CRPIX": w.crpix}
    return (
        *((f"{key}{axis}", str(value), "") for key, pair in texts.items() for axis, value in enumerate(pair, 1)),
        ("RADESYS", w.radesys, ""),
        *((f"{key}{axis}", float(value), "") for key, pair in numbers.items() for axis, value in enumerate(pair, 1)),
        *((f"CD{row}_{column}", float(w.cd[row - 1, column - 1]), "") for row in (1, 2) for column in (1, 2)),
    )


def placed(header: fits.Header, plane: WCS | None) -> fits.Header:
    """Return the header saying of pixels on the sky what the plane says, and nothing else; without one nothing at all.

    A matrix, pole, distortion or equinox of the camera's beside ours would win over it, or bend it.
    """
    bare = header.copy()
    for index in reversed(range(len(bare))):
        if _SAID.fullmatch(bare.cards[index].keyword):
            del bare[index]
    return dress(bare, cards(plane)) if plane is not None else bare


def plane_said(header: Mapping[str, Any]) -> WCS | None:
    """Return the tangent plane whose cards obsy wrote into a header, whatever else stands there; None without them."""
    keys = [f"{key}{axis}" for key in ("CRVAL", "CRPIX") for axis in (1, 2)]
    keys += [f"CD{row}_{column}" for row in (1, 2) for column in (1, 2)]
    numbers = [float(each) for key in keys if isinstance(each := header.get(key), int | float)]
    if header.get("CTYPE1") != "RA---TAN" or len(numbers) < len(keys):
        return None
    ra, dec, x, y, *matrix = numbers
    return tangent(ra, dec, (x - 1.0, y - 1.0), np.array(matrix).reshape(2, 2))
