"""Tables of planets that a person downloaded: CSV with heads, or JSON."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from obsy.engine.importing.given import GivenFile, given
from obsy.engine.importing.planet_columns import COLUMNS, KNOWN, NEEDED, Lacking, Row, said_in
from obsy.engine.importing.planet_row import LONGEST_NAME, planet_of_row
from obsy.engine.importing.transiting_planet import PlanetTable, TransitingPlanet
from obsy.engine.importing.trees import tree_of_json
from obsy.errors import UserError


class PlanetInTable(NamedTuple):
    """A row of a table: the planet that it is taken for, or why it is taken for none."""

    line: int
    why: str
    mend: str
    """What can be done about it besides; often empty."""
    called: str
    row: Row
    planet: TransitingPlanet | None = None
    is_lacking: bool = False
    """Whether it would be one if it said more, or other things."""


def planets_of(path: Path) -> PlanetTable:
    """Return the planets of a table, and why not others; those that cross no star are not told.

    Raise UserError if the file cannot be read, or is none of the tables that are known.
    """
    source = given(path)
    if source.refused:
        raise UserError(source.refused)
    rows = planets_in(source)
    told = [f"{path}:{each.line}: {each.why}{each.mend and f': {each.mend}'}" for each in rows if each.is_lacking]
    return PlanetTable([each.planet for each in rows if each.planet], told)


def planets_in(source: GivenFile) -> list[PlanetInTable]:
    """Return the rows of a table in order, each planet with its default row, else with its first that has all.

    Of a planet that lacks something the first of these rows says what. Raise UserError if it is no table that is known.
    """
    text = source.text.lstrip()
    table = list(_json(source) if text[:1] in {"{", "["} else _csv(source.text))
    _refuse_others(source.path, table[0][1] if table else {})
    by_name: dict[str, list[PlanetInTable]] = {}
    for line, row in sorted(table, key=lambda each: each[1].get("default_flag", "1").strip() != "1"):
        one = _row(line, row)
        by_name.setdefault(one.called, []).append(one)
    return sorted((each for rows in by_name.values() for each in _one_of(rows)), key=lambda each: each.line)


def _one_of(rows: list[PlanetInTable]) -> Iterator[PlanetInTable]:
    """Yield the rows of a planet, of which one is taken, or tells why none is."""
    taken = next((each for each in rows if each.planet), rows[0])
    for each in rows:
        why = f"not carried over: another row of '{each.called}'"
        yield each if each is taken else PlanetInTable(each.line, why, "", each.called, each.row)


def _row(line: int, row: Row) -> PlanetInTable:
    called = " ".join(said_in(row, "name").split()) or "?"
    if row.get("tran_flag", "1").strip() == "0":
        return PlanetInTable(line, f"not carried over: '{called}', which crosses no star", "", called, row)
    try:
        return PlanetInTable(line, "", "", called, row, planet_of_row(row))
    except Lacking as error:
        return PlanetInTable(line, f"'{called[:LONGEST_NAME]}': {error.why}", error.mend, called, row, is_lacking=True)


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


def _json(source: GivenFile) -> Iterator[tuple[int, Row]]:
    """Yield the objects of a list, or of an object by name, as rows; the line is that of the name."""
    every, text = tree_of_json(source.text, source.path).value, source.text
    line, at = 1, 0
    for key, each in every.items() if isinstance(every, dict) else enumerate(every if isinstance(every, list) else ()):
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
