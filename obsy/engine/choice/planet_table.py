"""Tables of planets that a person downloaded: CSV with heads, or JSON."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

from obsy.engine.choice.planet_row import COLUMNS, NEEDED, Row, planet_of_row, said_in
from obsy.engine.choice.transiting import PlanetTable, TransitingPlanet
from obsy.engine.importing.given import given
from obsy.errors import UserError

KNOWN = "the NASA Exoplanet Archive (ps, pscomppars, toi), ExoClock's planets, or ExoFOP's TOI"


def planets_of(path: Path) -> PlanetTable:
    """Return the planets of a table, each by its default row, else its first.

    Raise UserError if the file cannot be read, or is none of the tables that are known.
    """
    source = given(path)
    if source.refused:
        raise UserError(source.refused)
    found: dict[str, TransitingPlanet] = {}
    left = []
    table = list(_json(source.text, path) if source.text.lstrip()[:1] in {"{", "["} else _csv(source.text))
    _refuse_others(path, table[0][1] if table else {})
    for line, row in sorted(table, key=lambda each: each[1].get("default_flag", "1") != "1"):
        if row.get("tran_flag", "1").strip() == "0":
            continue
        try:
            planet = planet_of_row(row)
        except ValueError as error:
            left.append((line, f"'{said_in(row, 'name') or '?'}': {error}"))
            continue
        found.setdefault(planet.name, planet)
    return PlanetTable(list(found.values()), [f"{path}:{line}: {why}" for line, why in sorted(left)])


def _csv(text: str) -> Iterator[tuple[int, Row]]:
    """Yield the rows of a table with the line of each; '#' begins a comment, and the head parts it."""
    lines = [(at, line) for at, line in enumerate(text.splitlines(), 1) if line.strip() and not line.startswith("#")]
    if not lines:
        return
    delimiter = max(",\t|;", key=lines[0][1].count)
    head = [cell.strip().lower() for cell in next(csv.reader([lines[0][1]], delimiter=delimiter))]
    for at, line in lines[1:]:
        yield at, dict(zip(head, next(csv.reader([line], delimiter=delimiter)), strict=False))


def _json(text: str, path: Path) -> Iterator[tuple[int, Row]]:
    """Yield the objects of a list, or of an object by name, as rows; the line is that of the name."""
    try:
        every = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path}: it is no JSON that can be read ({error}): download it again") from None
    for key, each in every.items() if isinstance(every, dict) else enumerate(every):
        if isinstance(each, dict):
            row = {str(word).lower(): "" if cell is None else str(cell) for word, cell in each.items()}
            yield text.count("\n", 0, max(text.find(f'"{key}"'), 0)) + 1, {"name": str(key), **row}


def _refuse_others(path: Path, row: Row) -> None:
    lacks = [what for what in NEEDED if not any(column in row for column in COLUMNS[what])]
    if lacks:
        has = f"its columns are {', '.join(list(row)[:8])}" if row else "it has no rows"
        columns = ", ".join(f"'{COLUMNS[what][0]}'" for what in lacks)
        raise UserError(f"{path}:1: no table of planets that obsy knows, for {has}: it lacks {columns}; give {KNOWN}")
