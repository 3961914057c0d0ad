"""When an exposure began: what a header proves, and what the FITS standard supposes where it proves nothing."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from obsy.engine.frames.cards import Cards
from obsy.engine.frames.dialects import dialect_of
from obsy.engine.frames.fact import Fact, amount, comment_says, text
from obsy.engine.frames.kind import combined
from obsy.engine.frames.repair import Repair
from obsy.errors import FrameError

MJD_ZERO = datetime(1858, 11, 17, tzinfo=UTC)
JD_OF_MJD_ZERO = 2400000.5
YEARS = range(1900, 2200)
"""No camera of ours exposed before or after."""
SCALES = {"UTC", "UT", "UT1", "GMT", "UTC APPROXIMATE"}
CLOCKS = ("TIME-OBS", "UT", "UTC-OBS", "UT-TIME", "UTC")
"""Where the time of day is kept apart."""
UTC_CLOCKS = ("UT", "UT-TIME", "UTC-OBS", "UT-OBS", "UTC")
"""Those that are called so are UTC."""
DAYS = ("JD", "JD-OBS", "MJD-OBS", "MJD-BEG")
ALIKE_S = 3.0
"""Source: the coarsest Julian date of 111 headers has four places, 8.6 s; half of that, less what others need."""
A_DAY = r"start of day"
"""A comment of a DATE-OBS that is the first day on which a master may be used."""
NO_START = r"\bend\b|grabbed|created"
"""A comment of a DATE-OBS that is the end of the exposure, or when its file was made."""
MIDDLE = r"\bmid(?!night)"
LOCAL = r"(?<!not )\blocal\b|\bLT\b|\bnot (in )?(UTC?|GMT)\b|\b(UTC?|GMT)\s*[+-]\s*(?!0+\b)\d{1,2}\b(?!-)"
"""A comment of a time of day that is not UTC: 'local time (UTC+2)', ', LT'."""
APART_S = 450.0
"""Half of the least difference of two zones, 15 min: cards that are farther apart are not of one clock."""
LONG_S = 3600.0
"""A Julian date may be the middle or the end of an exposure, but of no longer one."""
DAY_S = 86400.0
UNSET = "00:00:00"
"""What a clock says that nobody set."""


def proven_start(cards: Cards) -> Fact[datetime | None]:
    """Return when the exposure began, UTC, if the header proves it. Raises as `taken_at` for what is no date."""
    written, moment = _written(cards)
    if moment is None:
        day = amount(cards, *DAYS)
        if day is None or not (day[1].startswith("MJD") or comment_says(cards, day[1], "start")):
            return Fact(None, "it has no DATE-OBS")
        return Fact(_of_day(*day), Repair.START_BY_DAY)
    if why := _no_start(cards):
        return Fact(None, why)
    has_zone = re.search(r"T.*(Z|[+-]\d\d:?\d\d)$", written) is not None
    if why := "" if has_zone else _local(cards):
        return Fact(None, why)
    if farthest := max(_apart(cards, moment), default=None):
        return Fact(None, f"its {farthest[1]} is {farthest[0] / 3600:.1f} h from its DATE-OBS")
    is_utc = has_zone or dialect_of(cards).utc or _says_utc(cards, moment)
    return Fact(moment) if is_utc else Fact(None, Repair.NO_ZONE)


def _no_start(cards: Cards) -> str:
    """Return why DATE-OBS is not when the exposure began; empty if nothing speaks against it."""
    dialect = dialect_of(cards)
    if comment_says(cards, "DATE-OBS", A_DAY):
        return "its DATE-OBS is a day"
    if not dialect.stack_start and combined(cards):
        return f"the DATE-OBS of a stack of {dialect.name} is one exposure's"
    if not dialect.utc and comment_says(cards, "DATE-OBS", NO_START):
        return "its DATE-OBS is the end of the exposure, or when the file was made, as its comment says"
    if not dialect.utc and any(comment_says(cards, key, MIDDLE) for key in _told_by(cards)):
        return "its DATE-OBS is the middle of the exposure, as its comment says"
    return ""


def _local(cards: Cards) -> str:
    """Return why DATE-OBS is not UTC; empty if no comment says so."""
    said = not dialect_of(cards).utc and any(comment_says(cards, key, LOCAL) for key in _told_by(cards))
    return "its DATE-OBS is local time, as its comment says" if said else ""


def _apart(cards: Cards, moment: datetime) -> Iterator[tuple[float, str]]:
    """Yield how far, seconds, other cards are from the exposure that is said to begin at a moment, if that is far."""
    length = amount(cards, "EXPTIME", "EXPOSURE", "EXP")
    longest_s = APART_S + (min(max(length[0], 0.0), LONG_S) if length else 0.0)
    for key in (*DAYS, "JD_UTC"):
        day = amount(cards, key)
        if day is None or (at := _day_or_none(*day)) is None:
            continue
        away_s, fine_s = (at - moment).total_seconds(), _fineness_s(*day)
        if not -APART_S - fine_s <= away_s <= longest_s + fine_s:
            yield abs(away_s), key
    for key in UTC_CLOCKS:
        if clock := re.match(r"(\d\d):(\d\d):(\d\d)", text(cards, key)):
            away_s = _since(moment, *map(int, clock.groups()))
            if clock[0] != UNSET and not -APART_S <= away_s <= longest_s:
                yield abs(away_s), key


def _since(moment: datetime, hours: int, minutes: int, seconds: int) -> float:
    """Return the seconds from a moment to the nearest time when a clock says so."""
    clock_s = (hours * 60 + minutes) * 60 + seconds
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return (clock_s - (moment - midnight).total_seconds() + DAY_S / 2) % DAY_S - DAY_S / 2


def _fineness_s(number: float, key: str) -> float:
    """Return what a Julian date's last place is worth, seconds: a whole day if it names only the day."""
    number -= 0.0 if key.startswith("MJD") else JD_OF_MJD_ZERO
    return DAY_S / 10.0 ** len(f"{number:.8f}".partition(".")[2].rstrip("0"))


def _says_utc(cards: Cards, moment: datetime) -> bool:
    days = [day for key in DAYS if (day := amount(cards, key)) is not None]
    return (
        comment_says(cards, "DATE-OBS", r"\b(UTC?|GMT)\b")
        or text(cards, "TIMESYS").upper() in SCALES
        or "DATE-LOC" in cards
        or any(text(cards, key)[:8] == f"{moment:%H:%M:%S}" for key in ("UT", "UT-TIME", "UTC-OBS"))
        or any(_is_alike(*day, moment) for day in days)
        or _middle_agrees(cards)
    )


def taken_at(cards: Cards) -> Fact[datetime]:
    """Return when the exposure began, UTC. A DATE-OBS that names no zone is taken for UTC, and that is told.

    Raises FrameError if no card says it, if it is none of `YEARS`, or if the header keeps another time scale.
    Source: FITS standard 4.0, sections 4.4.2.1 and 9.2.1 (UTC is the default scale of DATE-OBS).
    """
    scale = text(cards, "TIMESYS").upper()
    if scale not in {*SCALES, ""}:
        raise FrameError("not-utc", f"TIMESYS is '{scale}'; only UTC is understood")
    proven, why = proven_start(cards)
    if proven is not None:
        return Fact(proven, why)
    moment = _written(cards)[1]
    if moment is None or why != Repair.NO_ZONE:
        raise FrameError("no-time", f"it is not known when the exposure began: {why}")
    return Fact(moment, Repair.NO_ZONE)


def _told_by(cards: Cards) -> Iterator[str]:
    """Yield the cards that say the start: the date's, and the clock's if the time of day is kept apart."""
    date = next((key for key in ("DATE-OBS", "DATE-BEG") if text(cards, key)), "DATE-OBS")
    yield date
    if "T" not in _iso(text(cards, date), cards, date):
        yield next((key for key in CLOCKS if text(cards, key)), date)


def _written(cards: Cards) -> tuple[str, datetime | None]:
    """Return DATE-OBS as it is written, and as a moment; ("", None) if there is none."""
    for key in ("DATE-OBS", "DATE-BEG"):
        if written := text(cards, key):
            return written, _moment(key, _with_time(_iso(written, cards, key), cards))
    return "", None


def _iso(written: str, cards: Cards, key: str) -> str:
    """Return a date as ISO writes it: '03/12/96' is day, month and year of the 1900s, if its comment says that order.

    Source: FITS standard 4.0, section 4.4.2.1 ('DD/MM/YY', years 1900 to 1999).
    """
    old = re.fullmatch(r"(\d\d)/(\d\d)/(\d\d)", written)
    if old and comment_says(cards, key, "day.*month.*year"):
        return f"19{old[3]}-{old[2]}-{old[1]}"
    return re.sub(r"\s+T?", "T", written, count=1)


def _with_time(written: str, cards: Cards) -> str:
    """Return a date joined with the time of day where an old header keeps it in a card of its own."""
    if "T" in written:
        return written
    clock = next((said for key in CLOCKS if (said := text(cards, key))), None)
    if clock is None:
        raise FrameError("no-time", f"DATE-OBS '{written}' has no time of day")
    return f"{written}T{clock}"


def _moment(key: str, written: str | float) -> datetime:
    try:
        if isinstance(written, str):
            moment = datetime.fromisoformat(written)
            moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        else:
            moment = MJD_ZERO + timedelta(days=written)
    except (ValueError, OverflowError):
        raise FrameError("bad-time", f"{key} '{written}' is not a date and time") from None
    if moment.year not in YEARS:
        raise FrameError("bad-time", f"{key} '{written}' is not between {YEARS[0]} and {YEARS[-1]}")
    return moment


def _of_day(number: float, key: str) -> datetime:
    """Return the moment of a Julian date, to the second, finer than which one number hardly is; of an MJD as it is."""
    if key.startswith("MJD"):
        return _moment(key, number)
    return (_moment(key, number - JD_OF_MJD_ZERO) + timedelta(milliseconds=500)).replace(microsecond=0)


def _middle_agrees(cards: Cards) -> bool:
    """Return whether a Julian date in UTC equals the middle of the exposure, so that its neighbours are UTC too."""
    day, middle = amount(cards, "JD_UTC"), text(cards, "DATE-AVG")
    try:
        return day is not None and middle != "" and _is_alike(*day, _moment("DATE-AVG", middle))
    except FrameError:
        return False


def _is_alike(number: float, key: str, moment: datetime) -> bool:
    at = _day_or_none(number, key)
    return at is not None and abs((at - moment).total_seconds()) < ALIKE_S


def _day_or_none(number: float, key: str) -> datetime | None:
    """Return the moment of a Julian date; None for one that is no date, such as an unset 0, and so no witness."""
    try:
        return _of_day(number, key)
    except FrameError:
        return None
