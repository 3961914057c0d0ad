"""A table in a text file: columns with names, and what its head says; a cell that is no number is told by its line."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from astropy.table import Column, Table

from obsy.engine.science.transit.model import Floats
from obsy.errors import UserError

NOTHING = {"", "na", "n/a", "nan", "null", "none", "--", "-", "masked"}
"""Cells, in small letters, that say that there is no number."""
_BETWEEN = "\t", ";", ","
"""What may stand between columns, the first that the line of names has; else blanks."""
_WORDS = {"tab": "\t", "comma": ",", "semicolon": ";", "space": " ", "pipe": "|"}
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"


@dataclass(frozen=True, slots=True, eq=False)
class TextTable:
    """A table as it stands in a file."""

    path: Path
    names: tuple[str, ...]
    """As they are spelled."""
    cells: Sequence[Sequence[str] | Column]
    """By column."""
    lines: tuple[int, ...]
    """Of each row, from 1."""
    head: Mapping[str, object]
    """What stands above the names: `#KEY=VALUE`, or the meta of an ECSV file."""

    def column(self, called: Sequence[str]) -> Floats | None:
        """Return the first column that bears one of the names (small letters), (rows,); None if there is none.

        Raises UserError if it holds anything but numbers and empty cells.
        """
        lower = [name.lower() for name in self.names]
        found = next((lower.index(name) for name in called if name in lower), None)
        if found is None:
            return None
        cells = self.cells[found]
        if isinstance(cells, Column):
            return self._plain(self.names[found], cells)
        pairs = zip(self.lines, cells, strict=True)
        return np.array([self._number(self.names[found], line, cell.strip()) for line, cell in pairs])

    def _plain(self, name: str, cells: Column) -> Floats:
        if cells.dtype.kind not in "fiu" or cells.ndim != 1:
            raise UserError(f"{self.path}: its column '{name}' holds no plain numbers")
        return np.asarray(np.ma.filled(np.ma.asarray(cells, dtype=np.float64), np.nan), dtype=np.float64)

    def _number(self, name: str, line: int, cell: str) -> float:
        if cell.lower() in NOTHING:
            return np.nan
        if not re.fullmatch(_NUMBER, cell):
            mend = f": write {dot}" if re.fullmatch(_NUMBER, dot := cell.replace(",", ".")) else ""
            raise UserError(f"{self.path}:{line}: '{cell}' in its column '{name}' is no number{mend}")
        return float(cell)


def text_table(path: Path) -> TextTable:
    """Return the table in a file: ECSV, or columns between tabs, commas, semicolons or blanks below a line of names.

    Raises UserError if it is none.
    """
    text = _text(path)
    if text.startswith("# %ECSV"):
        return _ecsv(path, text)
    try:
        return _plain_text(path, text.splitlines())
    except csv.Error as fault:
        raise UserError(f"{path} is no table: {fault}") from None


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise UserError(f"{path} cannot be read: {fault.strerror or fault}") from None
    if not content.strip():
        raise UserError(f"{path} is empty")
    if content.startswith(b"SIMPLE  ="):
        raise UserError(f"{path} is a FITS file: name the folder that its frames lie in, or a light curve as text")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise UserError(f"{path} is no text: byte {fault.start} is no UTF-8; save it as UTF-8") from None


def _ecsv(path: Path, text: str) -> TextTable:
    try:
        told = Table.read(text.splitlines(), format="ascii.ecsv")
    except Exception as fault:  # astropy raises a dozen kinds
        raise UserError(f"{path} is no ECSV table: {str(fault).strip().splitlines()[0]}") from None
    cells = [each if isinstance(each := told[name], Column) else Column([""] * len(told)) for name in told.colnames]
    return TextTable(path, tuple(told.colnames), cells, tuple(range(len(told))), dict(told.meta))


def _plain_text(path: Path, lines: list[str]) -> TextTable:
    """Return plain columns: their names are in the last line above the first row of numbers, a comment or not."""
    first = next((n for n, line in enumerate(lines) if _is_row(line)), len(lines))
    above = [n for n, line in enumerate(lines[:first]) if line.strip()]
    if first == len(lines):
        raise UserError(f"{path} has no row of numbers below a line of names, such as 'bjd_tdb,flux,error'")
    if not above:
        names = next((each for each in _BETWEEN if each in lines[first]), " ").join(("bjd_tdb", "flux", "error"))
        raise UserError(f"{path} begins with numbers: write above them what they are, as {names!r} of dates in BJD_TDB")
    head = dict(re.findall(r"(?m)^#([^=\n]+)=(.*?)\s*$", "\n".join(lines[: above[-1]])))
    names = lines[above[-1]].lstrip("# ").rstrip("\r\n")
    said = head.get("DELIM", "").strip(" ")
    between = _WORDS.get(said.lower(), said) if said.lower() in _WORDS or len(said) == 1 else ""
    between = next((each for each in (between, *_BETWEEN) if each and each in names), " ")
    spelled = _split(names, between)
    rows = [(n + 1, _split(lines[n], between)) for n in range(first, len(lines)) if _counts(lines[n])]
    for line, row in rows:
        if not len(spelled) <= len(row) <= len(spelled) + row[len(spelled) :].count(""):
            raise UserError(f"{path}:{line}: {len(row)} columns, where the line of names has {len(spelled)}")
    cells = [[row[n] for _, row in rows] for n in range(len(spelled))]
    return TextTable(path, tuple(spelled), cells, tuple(line for line, _ in rows), head)


def _counts(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _is_row(line: str) -> bool:
    """Return whether it is a row: it begins with a number or has two, and is no comment."""
    if not _counts(line):
        return False
    numbers = [bool(re.fullmatch(_NUMBER, each)) for each in re.split(r"[\s,;|]+", line.strip())]
    return numbers[0] or sum(numbers) > 1


def _split(line: str, between: str) -> list[str]:
    if between == " ":
        return line.split()
    return [each.strip() for each in next(csv.reader([line.rstrip("\r\n")], delimiter=between))]
