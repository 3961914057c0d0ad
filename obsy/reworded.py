"""What people write in the place of a quantity, a date or a phrase, in the words that obsy reads.

Every function proposes; whoever asks keeps what can be read.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Protocol

from pydantic_core import PydanticCustomError

from obsy.diagnostics import unfit

KEYS = {
    "exp": "exposure", "time": "exposure", "seconds": "exposure", "number": "count", "n": "count", "frames": "count",
    "goals": "want", "goal": "want", "sequence": "want", "object": "target name", "elevation": "altitude",
    "alt": "altitude", "min": "above", "minimum": "above", "max": "below", "maximum": "below", "moon_distance": "moon",
    "start": "after", "end": "before", "constraints": "when", "comment": "notes", "description": "notes",
    "prio": "priority", "for": "owner lasts", "observer": "owner", "user": "owner",
    "host": "phd2 server indi",
}  # fmt: skip
"""What people call some keys, where letters do not tell; of several, the first that is free is meant."""
DEVICES = dict.fromkeys(("dome", "shutter", "enclosure", "roll-off"), "roof") | {
    "telescope": "mount", "scope": "mount", "computer": "obsy", "filters": "wheel",
}  # fmt: skip
"""What people call some of what a scenario may break."""
_WORDS = {
    "s": "sec secs second seconds sek sekunden",
    "min": "m mins minute minutes minuten",
    "h": "hr hrs hour hours std stunden",
    "d": "day days night nights tage",
    "deg": "degree degrees degs grad º",
    "arcmin": "arcminute arcminutes '",
    "arcsec": 'arcsecond arcseconds "',
    "%": "percent pct",
    "degC": "celsius",
    "km/h": "kmh kph km/hr",
    "mm": "millimeter millimeters millimetres",
    "um": "micron microns micrometer",
    "px": "pixel pixels",
}
UNITS = {word: unit for unit, words in _WORDS.items() for word in words.split()}
"""A unit by the words that people have for it."""
_ELSEWHERE = {
    "ms": (1e-3, "s"), "msec": (1e-3, "s"), "us": (1e-6, "s"), "µs": (1e-6, "s"), "week": (7, "d"), "weeks": (7, "d"),
    "ft": (0.3048, "m"), "feet": (0.3048, "m"), "in": (25.4, "mm"), "inch": (25.4, "mm"), "inches": (25.4, "mm"),
    "nm": (1e-3, "um"), "mas": (1e-3, "arcsec"), "rad": (57.29578, "deg"), "ft/s": (0.3048, "m/s"),
}  # fmt: skip
"""Units that obsy does not read, as so many of one that it does."""
_SIGNS = str.maketrans({"–": "-", "−": "-", "—": "-", **dict.fromkeys("“”„‘’‚«»\"'", "")})
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(?!\d)")
_CLOCK = re.compile(r"(\d+):(\d\d)(?::(\d\d))?")
_THREE = re.compile(r"([+-]?\d+) (\d+) (\d+(?:\.\d+)?)")
_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))\s*(\S*)")


class Readable(Protocol):
    """A quantity, as `units` has it."""

    @property
    def what(self) -> str:
        """What it is."""

    @property
    def units(self) -> Mapping[str, float]:
        """What may stand behind its number."""

    @property
    def example(self) -> str:
        """One that is well."""

    def number(self, value: object) -> tuple[float, str] | None:
        """Return what it says; None if it is no such quantity."""


def no_quantity(said: object, wanted: Readable) -> PydanticCustomError:
    """Return the complaint about what is no such quantity; the cure has the person's own number, if there is one."""
    text = str(said).strip() if isinstance(said, (str, int, float)) and not isinstance(said, bool) else ""
    unit = wanted.example.rpartition(" ")[2]
    known = dict.fromkeys(_quantities(text, unit if unit in wanted.units else next(iter(wanted.units))))
    if wanted.what == "an hour angle" and (match := re.fullmatch(r"([+-]?[\d.]+) *(?:deg|°)", text)):
        known[f"{float(match[1]) / 15:.5g} h"] = None
    meant = [each for each in known if wanted.number(each) is not None][:2] if text else []
    bare, has_unit = re.fullmatch(r"[+-]?[\d.]+", text), re.match(r"[+-]?[\d.,]+\s*\D", text)
    proposed = " or ".join(f"'{each}'" for each in meant) or f"'{wanted.example}'"
    mend = f"write {'' if meant and not bare else 'for example '}{proposed}"
    only = (meant or [wanted.example])[0] if len(meant) <= 1 else ""
    if has_unit and not bare:
        return unfit("unknown-unit", expected=f"{wanted.what} in {', '.join(wanted.units)}", mend=mend, meant=only)
    expected = f"{wanted.what} with its unit"
    return unfit("no-unit" if bare else "not-a-quantity", expected=expected, mend=mend, meant=only)


def _quantities(text: str, unit: str) -> Iterator[str]:
    plain = text.translate(_SIGNS).strip()
    yield plain
    if plain.lower() in UNITS:
        yield f"1 {UNITS[plain.lower()]}"
    if _THOUSANDS.match(plain):
        yield plain.replace(",", "")
    plain = plain.replace(",", ".")
    yield plain
    if match := _CLOCK.fullmatch(plain):
        first, second, third = (int(part or 0) for part in match.groups())
        yield from (_span(h=first, min=second, s=third), _span(min=first, s=second))
    if match := _THREE.fullmatch(plain):
        yield from ("{}h{}m{}s".format(*match.groups()), "{}d{}m{}s".format(*match.groups()))
    match = _NUMBER.match(plain)
    if match is not None and not re.search(r"\d", plain[match.end(1) :]):
        number, word = match.groups()
        yield from _bare(number, unit) if not word else ()
        meant = UNITS.get(word.lower().rstrip(".;,"), word.lower())
        yield from (f"{number} {each}" for each in (meant, word) if word)
        if word.lower() in _ELSEWHERE:
            factor, known = _ELSEWHERE[word.lower()]
            yield f"{float(number) * factor:.5g} {known}"


def _bare(number: str, unit: str) -> Iterator[str]:
    """Yield what a number without a unit may mean: of a share, parts of one too, as programs keep it."""
    if unit == "%" and 0.0 < float(number) <= 1.0:
        yield f"{100 * float(number):.5g} %"
    if unit != "%" or not 0.0 < float(number) < 1.0:
        yield f"{number} {unit}"


def _span(**parts: int) -> str:
    return " ".join(f"{number} {unit}" for unit, number in parts.items() if number)


_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_ZONES = {"CET": "+01:00", "CEST": "+02:00", "GMT": "UTC", "EST": "-05:00", "EDT": "-04:00", "PST": "-08:00"}
_DAY = re.compile(
    r"(\d{1,4})\s*[-./ ]\s*(\w+)\.?\s*[-./ ,]\s*(\d{1,4})(?:[ T]+(\d{1,2}):(\d\d)\s*([ap]m)?\s*(\S*))?", re.I
)


def no_moment(said: object, day: str) -> PydanticCustomError:
    """Return the complaint about what is no moment; the cure has the person's own date, if it is one of some country.

    day: an example of a day alone, where that would do.
    """
    meant = " or ".join(f"'{each}'" for each in _days(said) if each != str(said).strip() and (day or ":" in each))
    if re.fullmatch(r"\d{4}-\d\d-\d\d\.\d+", str(said).strip()):
        meant = f"'{str(said).strip()} UTC' or '{str(said).strip()} TT'"
    examples = " or ".join(f"'{each}'" for each in (day, "2026-11-21 20:30 UTC") if each)
    expected = f"{'a day, or ' * bool(day)}a date and time with its zone"
    return unfit("not-a-moment", expected=expected, mend=f"write {meant or examples}")


def no_day(said: object) -> PydanticCustomError:
    """Return the complaint about what is no day; the cure has the person's own, without its hour."""
    meant = [each for each in dict.fromkeys(each[:10] for each in (str(said).strip(), *_days(said))) if _is_day(each)]
    mend = " or ".join(f"'{each}'" for each in meant) or "'2026-11-21'"
    return unfit("not-a-moment", expected="a day", mend=f"write {mend}")


def _is_day(words: str) -> bool:
    try:
        return bool(date.fromisoformat(words)) and "-" in words
    except ValueError:
        return False


def _days(said: object) -> list[str]:
    """Return the days, or moments, that a date in another country's order may mean; none if it is no date."""
    match = _DAY.match(str(said).strip())
    if match is None:
        return []
    first, middle, last = match.group(1), match.group(2).lower(), match.group(3)
    month = str(_MONTHS.index(middle[:3]) + 1) if middle[:3] in _MONTHS else middle
    orders = [(first, month, last)] if len(first) > 2 else [(last, month, first), (last, first, month)]  # noqa: PLR2004
    orders = orders[:1] if month != middle else orders
    orders += [(first, month, last)] if len(first) == len(last) == 2 else []  # noqa: PLR2004
    days = [each.isoformat() for order in orders if (each := _date(*order)) is not None]
    return [f"{each}{_clock(match)}" for each in dict.fromkeys(days)]


def _date(year: str, month: str, number: str) -> date | None:
    with suppress(ValueError):
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(number))  # noqa: PLR2004
    return None


def _clock(match: re.Match[str]) -> str:
    hour, minute, half, zone = match.group(4, 5, 6, 7)
    if hour is None:
        return ""
    later = 12 * ((half or "").lower() == "pm" and int(hour) < 12)  # noqa: PLR2004
    return f" {int(hour) + later:02}:{minute} {_ZONES.get(zone.upper(), zone or 'UTC')}"


_BEGINNINGS = {
    "above": "> >= ≥ over at least more than higher than greater than min from",
    "below": "< <= ≤ under at most less than lower than max up to",
    "after": "from since",
    "before": "until till to",
    "farther than": "further than away distance at least above more than",
    "fainter than": "at most below less than illumination",
    "at least": "above more than minimum",
    "at most": "below less than maximum",
    "until": "to till before",
    "every": "each after",
}


def phrase(said: str, words: Collection[str]) -> str:
    """Return a part of a phrase with the words that obsy has for its beginning; '' if they are not recognised.

    words: that may begin it.
    """
    text = said.strip().rstrip(",;")
    for word in words:
        for each in sorted([word, *_spoken(word)], key=len, reverse=True):
            if text.lower().startswith(each) and (rest := text[len(each) :].strip()):
                return f"{word} {rest}"
    return ""


def _spoken(word: str) -> list[str]:
    """The words, of one or two parts, that people have for one of ours."""
    text = _BEGINNINGS.get(word, "")
    pairs = re.findall(r"(?:at|up) \w+|\w+ than", text)
    return [*pairs, *(each for each in text.split() if each not in " ".join(pairs).split())]


def clauses(said: str, words: Collection[str]) -> dict[str, str]:
    """Return what a sentence says of each word, as 'seeing below 2 arcsec, and moon below 0 deg' does; {} if nothing.

    words: with which its parts may begin; elsewhere 'and' belongs to a part.
    """
    any_of = "|".join(words)
    begun = re.sub(r"(?:when|if|while|once|as soon as)\b:?\s+", "", said.strip(), count=1, flags=re.IGNORECASE)
    parts = re.split(rf"\s*(?:,\s*and|,|\band)\s+(?=(?:the )?(?:{any_of})\b)", begun)
    found = [re.fullmatch(rf"(?:the )?({any_of}):?(?:\s+(?:is|stays))?\s+(.+)", part.strip(" ,;")) for part in parts]
    pairs = [(match[1], match[2]) for match in found if match is not None]
    return dict(pairs) if len(dict(pairs)) == len(parts) else {}
