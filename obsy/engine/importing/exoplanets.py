"""Transiting planets: tables of the NASA Exoplanet Archive, and the planets of ExoClock."""

import re
from collections.abc import Iterator
from typing import Any

from obsy.engine.importing.given import GivenFile, Part, tree_of_json
from obsy.engine.importing.places import declination, place, right_ascension
from obsy.engine.importing.table import table
from obsy.engine.importing.wish import Leftover, Wish, plain

BASELINE = "45 min"
_UNSAID = "exposures, which the table does not say: a minute in the first filter is a guess"


def archive(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish for each planet that transits, of its default row, else its first: BJD, days, hours and degrees."""
    rows = [(line, Part(row)) for line, row in table(source).rows]
    taken: dict[str, int] = {}
    for line, part in sorted(rows, key=lambda each: each[1]["default_flag"].text != "1"):
        taken.setdefault(part["pl_name"].text, line)
    for line, part in rows:
        if taken[part["pl_name"].text] != line:
            yield Leftover(line, f"not carried over: another row of '{part['pl_name'].text}'")
            continue
        scale = _scale(part["pl_tranmid_systemref"].text or part["pl_tsystemref"].text)
        here = place(part["ra"].number, part["dec"].number)
        times = (part["pl_tranmid"].number, part["pl_orbper"].number, part["pl_trandur"].number)
        yield _planet(part["pl_name"].text, line, here, times, scale)


def exoclock(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish for each planet of ExoClock's JSON, whose keys are its names."""
    root = tree_of_json(source)
    for name in root.value if isinstance(root.value, dict) else ():
        part = root[name]
        here = place(right_ascension(part["ra_j2000"].text, 1.0), declination(part["dec_j2000"].text))
        times = (part["ephem_mid_time"].number, part["ephem_period"].number, part["duration_hours"].number)
        scale = _scale(part["ephem_mid_time_format"].text or "BJD_TDB")
        yield _planet(part["name"].text or name, source.line_of(f'"{name}"'), here, times, scale)


def _scale(said: str) -> str:
    """Return the scale of an epoch as the language spells it, whether it is one or not; '' if nobody says which."""
    return re.sub(r"[^A-Z]+", "_", said.upper()).strip("_")


def _planet(
    name: str, line: int, here: dict[str, str] | None, times: tuple[float | None, ...], scale: str
) -> Wish | Leftover:
    """times: epoch (JD), period (d) and duration (h)."""
    letter = (re.findall(r"[\s\d]([b-i])$", name) or ["b"])[0]
    if here is None or None in times:
        return Leftover(line, f"'{name}': no place, or no epoch, period and duration", "choose a row with all of them")
    if not scale:
        return Leftover(
            line, f"'{name}': nobody says in which scale its epoch is", "ask for the column 'pl_tranmid_systemref'"
        )
    if not re.fullmatch(r"(HJD|JD)(_UTC|_TT)?|BJD(_UTC|_TT|_TDB)?", scale):
        return Leftover(line, f"'{name}': its epoch is in {scale}", "write it in BJD_TDB")
    epoch, period, duration = (plain(each or 0) for each in times)
    transits = {"epoch": f"{epoch} {scale}", "period": f"{period} d", "duration": f"{duration} h"}
    target: dict[str, Any] = {**here, "planets": {letter: transits}}
    goal = {"filter": "", "exposure": "60 s", "cover": {"transit": letter, "baseline": BASELINE}}
    return Wish(name, line, target, (goal,), purpose="exoplanet", lost=(_UNSAID,))
