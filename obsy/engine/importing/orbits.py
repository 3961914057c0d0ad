"""Orbits: lines of the Minor Planet Center for asteroids (MPCORB) and comets, and two-line elements of satellites."""

import re
from collections.abc import Iterator

from obsy.engine.importing.format import LINES, reads
from obsy.engine.importing.given import GivenFile
from obsy.engine.importing.plain_text import digits, number, words
from obsy.engine.importing.wish import Leftover, Wish

_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUV"
_CENTURIES = {"I": 18, "J": 19, "K": 20}
MONTHS, DAYS = 12, 31


@reads("asteroid orbits", r"(?m)^\w{5,7} .{12,14}[IJK]\d\d[1-9A-C][1-9A-V] ", LINES)
def asteroids(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish for each line of MPCORB. Source: "Export format for minor-planet orbits", Minor Planet Center."""
    for line, text in _lines(source):
        angles = _angles(text, mean_anomaly=(26, 35), argument=(37, 46), node=(48, 57), inclination=(59, 68))
        eccentricity, axis, epoch = number(text[70:79]), number(text[92:103]), unpacked_day(text[20:25])
        if angles is None or eccentricity is None or axis is None or not epoch:
            if re.match(r"\S{5,7} +[\d.]", text):
                yield Leftover(line, "a line that is cut, or no orbit", "copy the whole line, with its blanks")
            continue
        shape = {"epoch": f"{epoch} TT", "semi_major_axis": f"{digits(axis)} au", "eccentricity": eccentricity}
        name = words(text[166:194]) or words(text[:7])
        yield Wish(name, line, {**shape, **angles}, purpose="photometry", lost=("magnitudes H and G",))


@reads("comet orbits", r"(?m)^[ \d]{4}[CPDXAI][ \w]{7}  \d{4} \d\d ", LINES)
def comets(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish for each line. Source: "Ephemerides and orbital elements format", Minor Planet Center."""
    for line, text in _lines(source):
        angles = _angles(text, argument=(51, 59), node=(61, 69), inclination=(71, 79))
        distance, eccentricity = number(text[30:39]), number(text[41:49])
        year, month, day = (number(text[begin:end]) for begin, end in ((14, 18), (19, 21), (22, 29)))
        is_date = year is not None and 1 <= (month or 0) <= MONTHS and 1 <= (day or 0) < DAYS + 1
        if angles is None or distance is None or eccentricity is None or not is_date:
            yield Leftover(line, "a line that is cut, or no comet", "copy the whole line, with its blanks")
            continue
        passed = f"{year:04.0f}-{month:02.0f}-{day or 0:07.4f} TT"
        shape = {"perihelion": passed, "distance": f"{digits(distance)} au", "eccentricity": eccentricity}
        name, lost = words(text[102:158]) or words(text[:12]), ["its magnitude and slope"]
        if holds := re.fullmatch(r"(\d{4})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])", text[81:89]):
            shape["epoch"] = f"{'-'.join(holds.groups())} TT"
        else:
            lost.append("the epoch of its elements, which the line does not say")
        yield Wish(name, line, {**shape, **angles}, purpose="photometry", lost=tuple(lost))


@reads("two-line elements", r"(?m)^1 [ \d]{5}\w.*\n2 [ \d]{5} ", LINES)
def satellites(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish for each pair of lines; the line above a pair names the satellite."""
    lines = [(0, ""), *_lines(source), (0, "")]
    for (_, above), (line, text), (_, second) in zip(lines, lines[1:], lines[2:], strict=False):
        if not text.startswith("1 "):
            continue
        if not second.startswith("2 "):
            yield Leftover(line, "a first line without its second", "copy both lines")
            continue
        title = "" if re.match(r"[12] ", above) else words(re.sub(r"^0 ", "", above))
        lost = ("that obsy follows satellites: 'tle' is not carried out yet",)
        yield Wish(title or f"satellite {text[2:7].strip()}", line, {"tle": [text, second]}, lost=lost)


def _angles(text: str, **columns: tuple[int, int]) -> dict[str, str] | None:
    """Return the angles that stand in these columns, inclination, node, argument and anomaly; None if one is none."""
    found = {key: number(text[begin:end]) for key, (begin, end) in reversed(columns.items())}
    return {key: f"{digits(value or 0)} deg" for key, value in found.items()} if None not in found.values() else None


def _lines(source: GivenFile) -> list[tuple[int, str]]:
    return [(line, each.rstrip()) for line, each in enumerate(source.text.splitlines(), 1) if each.strip()]


def unpacked_day(text: str) -> str:
    """Return a date that the Minor Planet Center packed, such as K25BL; '' if it is none."""
    if not re.fullmatch(r"[IJK]\d\d[1-9A-C][1-9A-V]", text):
        return ""
    return f"{_CENTURIES[text[0]]}{text[1:3]}-{_LETTERS.index(text[3]):02}-{_LETTERS.index(text[4]):02}"
