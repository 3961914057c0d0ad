"""For how long a frame was exposed, and when it began: products say it plainly, whatever the camera's program wrote.

What is known of a frame was read once, when it came; its own file stays as it was.
"""

import re
from datetime import UTC, datetime

from astropy.io import fits

from obsy.engine.frames.fits import cards_of
from obsy.engine.frames.header import exposed_of
from obsy.engine.identity import ASKED_S, Card

PLAIN_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?")
"""Source: FITS standard 4.0, section 9.1.1, which has no zone."""


def said_s(header: fits.Header) -> float:
    """For how long the camera says that it exposed, seconds, by the rules for its program; 0 if it does not say it."""
    found = exposed_of(cards_of(header))
    return 0.0 if found is None else found.value


def exposed_s(header: fits.Header, known_s: float) -> float:
    """For how long was exposed, seconds: what the camera says where that differs from what was asked, else known_s.

    known_s: the exposure that the frame, or the master, is known by.
    """
    return (said_s(header) or known_s) if ASKED_S in header else known_s


def plain_exposure(header: fits.Header, seconds: float) -> tuple[Card, ...]:
    """The exposure's card; none if the header has it as it is."""
    said = cards_of(header).get("EXPTIME")
    return () if isinstance(said, int | float) and said == seconds else (("EXPTIME", seconds, "[s] exposure"),)


def plain_start(header: fits.Header, began: datetime) -> tuple[Card, ...]:
    """The card of the exposure's start, UTC; none if the header has it as it is."""
    said = str(cards_of(header).get("DATE-OBS", ""))
    if PLAIN_TIME.fullmatch(said) and datetime.fromisoformat(said).replace(tzinfo=UTC) == began:
        return ()
    written = began.astimezone(UTC).replace(tzinfo=None).isoformat()
    return (("DATE-OBS", written, "start of the exposure, UTC"),)
