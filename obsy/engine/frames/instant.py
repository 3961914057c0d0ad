"""When an exposure began, from the several ways in which headers say so."""

from datetime import UTC, datetime, timedelta

from obsy.engine.frames.cards import Cards
from obsy.errors import FrameError

MJD_ZERO = datetime(1858, 11, 17, tzinfo=UTC)
YEARS = range(1900, 2200)
"""No camera of ours exposed before or after."""


def taken_at(cards: Cards) -> datetime:
    """The start of the exposure, UTC. DATE-OBS counts as UTC unless it carries its own offset.

    Raises FrameError if no card says it or it is none of `YEARS`, or if the header keeps another time scale.
    Source: FITS standard 4.0, sections 4.4.2.1 and 9.2.1 (UTC is the default scale of DATE-OBS).
    """
    scale = str(cards.get("TIMESYS", "UTC")).upper().strip()
    if scale not in {"UTC", "UT", "UT1", "GMT", ""}:
        raise FrameError("not-utc", f"TIMESYS is '{scale}'; only UTC is understood")
    for key in ("DATE-OBS", "DATE-BEG"):
        if written := str(cards.get(key, "")).strip():
            return _moment(key, _with_time(written, cards))
    mjd = cards.get("MJD-OBS", cards.get("MJD-BEG"))
    if isinstance(mjd, (int, float)):
        return _moment("MJD-OBS", mjd)
    raise FrameError("no-time", "the header has no DATE-OBS, so it is not known when it was taken")


def _with_time(written: str, cards: Cards) -> str:
    """The date joined with the time of day where an old header keeps it in a card of its own."""
    if "T" in written or " " in written:
        return written
    clock = cards.get("TIME-OBS") or cards.get("UT") or cards.get("UTC-OBS")
    if clock is None:
        raise FrameError("no-time", f"DATE-OBS '{written}' has no time of day")
    return f"{written}T{clock}"


def _moment(key: str, written: str | float) -> datetime:
    try:
        if isinstance(written, str):
            moment = datetime.fromisoformat(written.replace(" ", "T", 1))
            moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        else:
            moment = MJD_ZERO + timedelta(days=written)
    except (ValueError, OverflowError):
        raise FrameError("bad-time", f"{key} '{written}' is not a date and time") from None
    if moment.year not in YEARS:
        raise FrameError("bad-time", f"{key} '{written}' is not between {YEARS[0]} and {YEARS[-1]}")
    return moment
