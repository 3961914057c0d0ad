"""Transiting planets: tables of the NASA Exoplanet Archive, and the planets of ExoClock."""

import re
from collections.abc import Iterator
from dataclasses import replace

from obsy.engine.importing.format import LINES, reads
from obsy.engine.importing.given import GivenFile
from obsy.engine.importing.places import declination, place, right_ascension
from obsy.engine.importing.plain_text import digits
from obsy.engine.importing.table import table
from obsy.engine.importing.trees import Part
from obsy.engine.importing.wish import Leftover, Wish

BASELINE = "45 min"
LETTER = r"\s*(?<=[\s\d])([b-i])"
"""How a planet's letter stands at the end of its name: after a blank, or a digit."""
IN_DAYS = "pl_hostname"
"""The table that has it, the Archive's of planets until 2021, gives `pl_trandur` in days; the others in hours."""
_UNSAID = "exposures, which the table does not say: a minute in the first filter is a guess"


@reads("NASA Exoplanet Archive table", r"(?m)^(?!#).*\bpl_tranmid\b", LINES)
def archive(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish for each planet that transits, of its default row, else its first: BJD, days, hours and degrees."""
    rows = [(line, Part(row)) for line, row in table(source).rows]
    taken: dict[str, int] = {}
    for line, part in sorted(rows, key=lambda each: each[1]["default_flag"].text != "1"):
        taken.setdefault(part["pl_name"].text, line)
    columns: dict[str, None] = {}
    for line, part in rows:
        if taken[part["pl_name"].text] != line:
            yield Leftover(line, f"not carried over: another row of '{part['pl_name'].text}'")
            continue
        scale = scale_said(part["pl_tranmid_systemref"].text or part["pl_tsystemref"].text)
        here = place(part["ra"].number, part["dec"].number)
        lasts = part["pl_trandur"].number
        hours = None if lasts is None else lasts * (24 if part[IN_DAYS].text else 1)
        times = (part["pl_tranmid"].number, part["pl_orbper"].number, hours)
        yield _planet(Wish(part["pl_name"].text, line, here), times, scale)
        columns |= {names[0]: None for names, _ in part.unasked(())}
    if columns:
        yield Leftover(1, f"not carried over: {', '.join(columns)}")


@reads("ExoClock planets", r"\"ephem_mid_time\"", "planets with 'ephem_mid_time'", r"(star|\w+_units) .*")
def exoclock(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish for each planet of ExoClock's JSON, whose keys are its names."""
    root = source.json()
    for name in root.keys:
        part = root[name]
        here = place(right_ascension(part["ra_j2000"].text, 1.0), declination(part["dec_j2000"].text))
        times = (part["ephem_mid_time"].number, part["ephem_period"].number, part["duration_hours"].number)
        scale = scale_said(part["ephem_mid_time_format"].text or "BJD_TDB")
        found = Wish(part["name"].text or name, source.line_of(f'"{name}"'), here, parts=(part,))
        yield _planet(found, times, scale)


def scale_said(said: str) -> str:
    """Return the scale of an epoch as the language spells it, whether it is one or not; '' if nobody says which."""
    return re.sub(r"[^A-Z]+", "_", said.upper()).strip("_")


def _planet(found: Wish, times: tuple[float | None, ...], scale: str) -> Wish | Leftover:
    """Return a wish for a transit of what was found; times: epoch (JD), period (d) and duration (h)."""
    why, mend = "", ""
    if not found.target or None in times:
        why, mend = "no place, or no epoch, period and duration", "choose a row with all of them"
    elif not scale:
        why, mend = "nobody says in which scale its epoch is", "ask for the column 'pl_tranmid_systemref'"
    elif not re.fullmatch(r"(HJD|JD)(_UTC|_TT)?|BJD(_UTC|_TT|_TDB)?", scale):
        why, mend = f"its epoch is in {scale}", "write it in BJD_TDB"
    if why:
        return Leftover(found.line, f"'{found.name}': {why}", mend, found.parts)
    letter = (re.findall(rf"{LETTER}$", found.name) or ["b"])[0]
    epoch, period, duration = (digits(each or 0) for each in times)
    transits = {"epoch": f"{epoch} {scale}", "period": f"{period} d", "duration": f"{duration} h"}
    goal = {"filter": "", "exposure": "60 s", "cover": {"transit": letter, "baseline": BASELINE}}
    target = {**found.target, "planets": {letter: transits}}
    return replace(found, target=target, want=(goal,), purpose="exoplanet", lost=(_UNSAID,))
