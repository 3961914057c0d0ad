"""Orbits: lines of the Minor Planet Center for asteroids (MPCORB) and comets, and two-line elements of satellites."""

import re
from collections.abc import Iterator
from typing import Any

from obsy.engine.importing.given import GivenFile
from obsy.engine.importing.wish import Leftover, Wish, number, plain, words

_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUV"
_CENTURIES = {"I": 18, "J": 19, "K": 20}
MONTHS, DAYS = 12, 31


def asteroids(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish for each line of MPCORB. Source: "Export format for minor-planet orbits", Minor Planet Center."""
    for line, text in _lines(source):
        angles = [number(text[begin:end]) for begin, end in ((26, 35), (37, 46), (48, 57), (59, 68))]
        eccentricity, axis, epoch = number(text[70:79]), number(text[92:103]), _packed(text[20:25])
        if None in (*angles, eccentricity, axis) or not epoch:
            if re.match(r"\S{5,7} +[\d.]", text):
                yield Leftover(line, "a line that is cut, or no orbit", "copy the whole line, with its blanks")
            continue
        name = words(text[166:194]) or words(text[:7])
        anomaly, argument, node, inclination = (f"{plain(each or 0)} deg" for each in angles)
        elements: dict[str, Any] = {"epoch": f"{epoch} TT", "semi_major_axis": f"{plain(axis or 0)} au"}
        elements |= {"eccentricity": eccentricity, "inclination": inclination, "node": node}
        elements |= {"argument": argument, "mean_anomaly": anomaly}
        yield Wish(name, line, elements, purpose="photometry", lost=("magnitudes H and G",))


def comets(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish for each line. Source: "Ephemerides and orbital elements format", Minor Planet Center."""
    for line, text in _lines(source):
        values = [number(text[begin:end]) for begin, end in ((30, 39), (41, 49), (51, 59), (61, 69), (71, 79))]
        date = [number(text[begin:end]) for begin, end in ((14, 18), (19, 21), (22, 29))]
        if None in (*values, *date) or not (1 <= (date[1] or 0) <= MONTHS and 1 <= (date[2] or 0) < DAYS + 1):
            yield Leftover(line, "a line that is cut, or no comet", "copy the whole line, with its blanks")
            continue
        distance, eccentricity, argument, node, inclination = values
        year, month, day = (each or 0 for each in date)
        part = f"{day % 1:.4f}"[1:]
        elements: dict[str, Any] = {"perihelion": f"{int(year):04}-{int(month):02}-{int(day):02}{part} TT"}
        elements |= {"distance": f"{plain(distance or 0)} au", "eccentricity": eccentricity}
        degrees = {"inclination": inclination, "node": node, "argument": argument}
        elements |= {key: f"{plain(value or 0)} deg" for key, value in degrees.items()}
        name = words(text[102:158]) or words(text[:12])
        yield Wish(
            name, line, elements, purpose="photometry", lost=("its magnitude and slope", "the epoch of its elements")
        )


def satellites(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish for each pair of lines; the line above a pair names the satellite."""
    lines = _lines(source)
    for number_, (line, text) in enumerate(lines):
        if not text.startswith("1 "):
            continue
        second = lines[number_ + 1][1] if number_ + 1 < len(lines) else ""
        above = lines[number_ - 1][1] if number_ and not re.match(r"[12] ", lines[number_ - 1][1]) else ""
        if not second.startswith("2 "):
            yield Leftover(line, "a first line without its second", "copy both lines")
            continue
        name = words(re.sub(r"^0 ", "", above)) or f"satellite {text[2:7].strip()}"
        yield Wish(
            name, line, {"tle": [text, second]}, lost=("that obsy follows satellites: 'tle' is not carried out yet",)
        )


def _lines(source: GivenFile) -> list[tuple[int, str]]:
    return [(line, each.rstrip()) for line, each in enumerate(source.text.splitlines(), 1) if each.strip()]


def _packed(text: str) -> str:
    """Return a date that the Minor Planet Center packed, such as K25BL; '' if it is none."""
    if not re.fullmatch(r"[IJK]\d\d[1-9A-C][1-9A-V]", text):
        return ""
    return f"{_CENTURIES[text[0]]}{text[1:3]}-{_LETTERS.index(text[3]):02}-{_LETTERS.index(text[4]):02}"
