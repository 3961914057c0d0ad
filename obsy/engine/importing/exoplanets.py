"""Transiting planets become plans: tables of the NASA Exoplanet Archive, and the planets of ExoClock."""

import re
from collections.abc import Iterator

from obsy.engine.importing.format import LINES, reads
from obsy.engine.importing.given import GivenFile
from obsy.engine.importing.planet_columns import CARRIED, COLUMNS, Row
from obsy.engine.importing.planet_table import PlanetInTable, planets_in
from obsy.engine.importing.wish import Leftover, Wish
from obsy.schemas.goal import BASELINE_S
from obsy.units import duration

BASELINE = duration(BASELINE_S)
CURE = "mend its row, or choose another one of it"
_UNSAID = "exposures, which the table does not say: a minute in the first filter is a guess"
_CARRIED = {"default_flag", "tran_flag", *(column for what in CARRIED for column in COLUMNS[what])}


@reads("NASA Exoplanet Archive table", r"(?m)^(?!#).*\bpl_tranmid\b", LINES)
def archive(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish for each planet that transits, of its default row, else its first that has all."""
    read = planets_in(source)
    yield from (_wish(each) if each.planet else _left(each) for each in read)
    if columns := dict.fromkeys(column for each in read if each.planet for column in _others(each.row)):
        yield Leftover(1, f"not carried over: {', '.join(columns)}")


@reads("ExoClock planets", r"\"ephem_mid_time\"", "planets with 'ephem_mid_time'")
def exoclock(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish for each planet of ExoClock's JSON, whose keys are its names."""
    for each in planets_in(source):
        lost = (f"{key} {each.row[key]}" for key in _others(each.row) if not re.search("_units$", key))
        yield _wish(each, *lost) if each.planet else _left(each)


def _others(row: Row) -> Iterator[str]:
    """Yield the columns of which a row says something that no plan has."""
    return (column for column, cell in row.items() if cell.strip() and column not in _CARRIED)


def _left(found: PlanetInTable) -> Leftover:
    return Leftover(found.line, found.why, found.mend or (CURE if found.is_lacking else ""))


def _wish(found: PlanetInTable, *lost: str) -> Wish:
    """Return a wish for a transit of what was found."""
    assert found.planet is not None  # noqa: S101 - for the checker: who calls has seen to it
    cover = {"transit": found.planet.letter, "baseline": BASELINE}
    goal = {"filter": "", "exposure": "60 s", "cover": cover}
    return Wish(found.called, found.line, found.planet.target, (goal,), purpose="exoplanet", lost=(_UNSAID, *lost))
