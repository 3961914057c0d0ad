"""How programs differ where their headers do not say so themselves: one row each, with what proves it."""

from dataclasses import dataclass

from obsy.engine.frames.cards import Cards
from obsy.engine.frames.fact import text


@dataclass(frozen=True, slots=True)
class HeaderDialect:
    """A program, known by the beginning of a card, and what its cards mean."""

    name: str
    card: str
    begins: str
    utc: bool = False
    """Its DATE-OBS is the start, UTC, though no header says so, and whatever a comment says."""
    stack_start: bool = True
    """A stack's DATE-OBS is that of its first exposure."""
    field: bool = False
    """FIELD holds the object's name, and of a calibration frame its kind."""


DIALECTS = (
    # Its file names' local clock is DATE-OBS + 10 s at a whole zone; of a stack it is the last exposure's.
    HeaderDialect("Seestar", "CREATOR", "ZWO Seestar", utc=True, stack_start=False),
    # The clock in its file names, less the exposure, is DATE-OBS at a whole zone.
    HeaderDialect("ASIAIR", "CREATOR", "ZWO ASIAIR", utc=True),
    # Local sidereal time in the header fits UTC.
    HeaderDialect("CCDSoft", "SWCREATE", "CCDSoft", utc=True),
    # RA-MNT + HA-MNT is the sidereal time of DATE-OBS as UTC.
    HeaderDialect("POCS", "ORIGIN", "Project PANOPTES", utc=True, field=True),
    HeaderDialect("POCS", "CREATOR", "POCS", utc=True, field=True),
    # Source: ESO Data Interface Control Document, GEN-SPE-ESO-19400-0794.
    HeaderDialect("ESO", "ORIGIN", "ESO", utc=True),
)
PLAIN = HeaderDialect("", "", "")


def dialect_of(cards: Cards) -> HeaderDialect:
    """Return the row of the program that wrote a header; `PLAIN` if it needs none."""
    if all(key in cards for key in ("FIELD", "RA-MNT", "HA-MNT")):  # POCS, also where it leaves its names empty
        return next(each for each in DIALECTS if each.field)
    return next((each for each in DIALECTS if text(cards, each.card).startswith(each.begins)), PLAIN)
