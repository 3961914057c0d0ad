"""Tables of planets that a person downloaded: CSV with heads, or JSON."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

from obsy.engine.choice.planet_columns import COLUMNS, KNOWN, NEEDED, Row, said_in
from obsy.engine.choice.planet_row import planet_of_row
from obsy.engine.choice.transiting import PlanetTable, TransitingPlanet
from obsy.engine.importing.given import given
from obsy.errors import UserError


def planets_of(path: Path) -> PlanetTable:
    """Return the planets of a table, each by its default row, else by its first that has all.

    Raise UserError if the file cannot be read, or is none of the tables that are known.
    """
    source = given(path)
    if source.refused:
        raise UserError(source.refused)
    table = list(_json(source.text, path) if source.text.lstrip()[:1] in {"{", "["} else _csv(source.text))
    _refuse_others(path, table[0][1] if table else {})
    found: dict[str, TransitingPlanet] = {}
    left: dict[str, tuple[int, str]] = {}
    transiting = [(line, row) for line, row in table if row.get("tran_flag", "1").strip() != "0"]
    for line, row in sorted(transiting, key=lambda each: each[1].get("default_flag", "1") != "1"):
        called = said_in(row, "name") or "?"
        try:
            found.setdefault(called, planet_of_row(row))
        except ValueError as error:
            left.setdefault(called, (line, f"'{called}': {error}"))
    told = sorted(each for called, each in left.items() if called not in found)
    return PlanetTable(list(found.values()), [f"{path}:{line}: {why}" for line, why in told])


def _csv(text: str) -> Iterator[tuple[int, Row]]:
    """Yield the rows of a table with the line of each; '#' begins a comment, and the head parts it."""
    lines = [(at, line) for at, line in enumerate(text.splitlines(), 1) if line.strip() and not line.startswith("#")]
    if not lines:
        return
    delimiter = max(",\t|;", key=lines[0][1].count)
    head = [cell.strip().lower() for cell in _cells(lines[0][1], delimiter)]
    for at, line in lines[1:]:
        yield at, dict(zip(head, _cells(line, delimiter), strict=False))


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter))
    except csv.Error:  # a cell of more than 131,072 signs
        return []


def _json(text: str, path: Path) -> Iterator[tuple[int, Row]]:
    """Yield the objects of a list, or of an object by name, as rows; the line is that of the name."""
    try:
        every = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path}: it is no JSON that can be read ({error}): download it again") from None
    line, at = 1, 0
    for key, each in every.items() if isinstance(every, dict) else enumerate(every):
        if isinstance(each, dict):
            row = {"name": str(key)} | {str(word).lower(): _cell(cell) for word, cell in each.items()}
            found = max(text.find(f'"{key if isinstance(every, dict) else said_in(row, "name")}"', at), at)
            line, at = line + text.count("\n", at, found), found
            yield line, row


def _cell(value: object) -> str:
    return str(value) if isinstance(value, (str, int, float)) and value is not False else ""


def _refuse_others(path: Path, row: Row) -> None:
    lacks = [what for what in NEEDED if not any(column in row for column in COLUMNS[what])]
    if lacks:
        has = f"its columns are {', '.join(list(row)[:8])}" if row else "it has no rows"
        columns = ", ".join(f"'{COLUMNS[what][0]}'" for what in lacks)
        raise UserError(f"{path}:1: no table of planets that obsy knows, for {has}: it lacks {columns}; give {KNOWN}")
